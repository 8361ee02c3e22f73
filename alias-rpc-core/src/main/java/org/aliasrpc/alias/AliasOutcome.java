package org.aliasrpc.alias;

import org.aliasrpc.rpc.CallStep;

/** How a registration ended. */
public sealed interface AliasOutcome {
    /**
     * The server did it.
     *
     * @param updated false when the alias already stood for the key
     */
    record Registered(boolean updated) implements AliasOutcome {}

    /** The DHT knows no route to the server's key. */
    record PeerNotFound() implements AliasOutcome {}

    /**
     * No connection came about.
     *
     * @param reason for people
     */
    record ConnectionFailed(String reason) implements AliasOutcome {}

    /** The peer does not speak the alias protocol. */
    record ChannelRejected() implements AliasOutcome {}

    /**
     * The connection went away while the request ran: it may have been performed or not. Registering again is harmless.
     *
     * @param reason for people
     */
    record ConnectionLost(String reason) implements AliasOutcome {}

    /**
     * The deadline passed. The server may still perform a request that was sent.
     *
     * @param step what took too long
     */
    record TimedOut(CallStep step) implements AliasOutcome {}

    /**
     * One side did not understand the other's message.
     *
     * @param reason for people
     */
    record IncompatibleVersion(String reason) implements AliasOutcome {}

    /**
     * The server refused.
     *
     * @param reason the server's text: for people
     */
    record Refused(String reason) implements AliasOutcome {}

    /**
     * The registration does not fit a frame, or the server broke the protocol.
     *
     * @param reason for people
     */
    record ProtocolViolation(String reason) implements AliasOutcome {}

    /** The client was closed. A registration that was under way may have been performed. */
    record Closed() implements AliasOutcome {}
}
