package org.aliasrpc.rpc;

/** Why a call of a {@link ConnectionPool} failed. */
public sealed interface CallFailure {
    /**
     * The deadline passed, and nothing had failed before.
     *
     * @param step where the call was
     */
    record TimedOut(CallStep step) implements CallFailure {}

    /**
     * No connection came about: the last attempt's failure, told when the deadline passed or no further attempt would
     * have begun before it.
     */
    record NotConnected(ConnectFailure failure) implements CallFailure {}

    /** The remote rejected the protocol, likewise at the last attempt. */
    record ChannelRejected() implements CallFailure {}

    /**
     * The connection or the channel went away after the request had been sent; the remote may have served it.
     *
     * @param reason for people
     * @param byError whether the connection broke; else the remote ended it or the channel
     */
    record ConnectionLost(String reason, boolean byError) implements CallFailure {}

    /** The remote answered with an error. */
    record Remote(RpcError error) implements CallFailure {}

    /** The remote could not show that it knows the shared key (protomux-rpc.md §12). */
    record InvalidCapability() implements CallFailure {}

    /**
     * The remote sent what the protocol does not allow, and the connection was given up.
     *
     * @param reason for people
     */
    record ProtocolViolation(String reason) implements CallFailure {}

    /** The request does not fit a frame. */
    record RequestTooLarge() implements CallFailure {}

    /** Too many calls wait for this connection already. */
    record QueueFull() implements CallFailure {}

    /** The pool is closed. */
    record PoolClosed() implements CallFailure {}

    /** The failure of a call that was handed to an open channel. */
    static CallFailure of(RpcError error) {
        return error.code() == RpcErrorCode.REQUEST_TOO_LARGE ? new RequestTooLarge() : new Remote(error);
    }
}
