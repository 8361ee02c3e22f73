package org.aliasrpc.hyperdht;

/** A part of the node that wants to be called at a time. */
interface Timed {
    /** When {@link #onTimeout} wants to be called; {@link Long#MAX_VALUE} for never. */
    long nextTimeout();

    /** Does what is due. */
    void onTimeout(long nowNanos);
}
