package org.aliasrpc.rpc;

/** Codes of failed calls (protomux-rpc.md §6). The first four travel on the wire, the others are local. */
public enum RpcErrorCode {
    /** The responder does not know the method. */
    UNKNOWN_METHOD,
    /** The handler failed. */
    REQUEST_ERROR,
    /** A request could not be decoded by the responder, or its response not by the caller. */
    DECODE_ERROR,
    /** The responder could not encode its result. */
    ENCODE_ERROR,
    /** No response within the time of the call. */
    TIMEOUT_EXCEEDED,
    /** The remote closed or rejected the channel, or the stream ended. */
    CHANNEL_CLOSED,
    /** The channel was destroyed on this side. */
    CHANNEL_DESTROYED,
    /** Too many calls are waiting for a response; not in the reference, which has no bound. */
    TOO_MANY_REQUESTS,
    /** The request does not fit a frame; the reference lets the stream break. */
    REQUEST_TOO_LARGE;

    /** Whether a response may carry it. */
    public boolean isOnWire() {
        return compareTo(ENCODE_ERROR) <= 0;
    }
}
