package org.aliasrpc.hyperdht;

import java.nio.ByteBuffer;

/** What happened to a {@link Connection}; taken with {@link Connection#pollEvent}. */
public sealed interface ConnectionEvent {
    /**
     * One message, as the peer wrote it. Empty ones are keep-alives and never come.
     *
     * @param body from position to limit; belongs to whoever polled the event
     */
    record Message(ByteBuffer body) implements ConnectionEvent {}

    /** After a {@link Connection#write} that answered false: there is room again. */
    record Drained() implements ConnectionEvent {}

    /** The peer has ended its direction; every message before has been handed out. Comes once. */
    record RemoteEnded() implements ConnectionEvent {}

    /**
     * The connection never opened; its last event.
     *
     * @param failure why
     */
    record Failed(ConnectFailure failure) implements ConnectionEvent {}

    /**
     * The connection was open and is closed; its last event.
     *
     * @param reason why
     */
    record Closed(CloseReason reason) implements ConnectionEvent {}

    /** Why an open connection closed. */
    enum CloseReason {
        /** Both directions ended. */
        ENDED,
        /** {@link Connection#destroy} was called here, or the node closed. */
        DESTROYED,
        /** The peer destroyed it. */
        RESET,
        /** The peer acknowledged nothing for a long time. */
        TIMED_OUT,
        /** What came in was not what the peer of the handshake would have sent. */
        INVALID_DATA,
        /** A message is longer than allowed. */
        MESSAGE_TOO_LONG,
        /** All connections together hold too much of messages that have not ended or were not read, and this one most. */
        TOO_MUCH_HELD
    }
}
