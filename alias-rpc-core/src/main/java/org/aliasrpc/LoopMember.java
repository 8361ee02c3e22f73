package org.aliasrpc;

/** A part of a node that has timers, or has to know when the node closes. Called on the loop. */
interface LoopMember {
    /** When {@link #onTimeout} is due; {@link Long#MAX_VALUE} for never. */
    default long nextTimeout() {
        return Long.MAX_VALUE;
    }

    /** That time has come. */
    default void onTimeout(long nowNanos) {}

    /** The node begins to close: whoever waits has to be told. */
    void onNodeClosing(long nowNanos);
}
