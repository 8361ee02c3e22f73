package org.aliasrpc.udx;

/**
 * The one timer of a stream's sending side (udx.md §11.6). While a tail probe or a wait for reordered packets is armed, the
 * deadline of the retransmission timeout is remembered.
 */
final class StreamTimer {
    static final long NEVER = Long.MAX_VALUE;

    private Mode mode = Mode.NONE;
    private long deadline = NEVER;
    private long rtoDeadline = NEVER;

    Mode mode() {
        return mode;
    }

    long deadline() {
        return deadline;
    }

    /** Whether one of the timers of unacknowledged packets runs. */
    boolean isRetransmission() {
        return mode == Mode.RTO || mode == Mode.TAIL_PROBE || mode == Mode.REORDER;
    }

    void stop() {
        set(Mode.NONE, NEVER);
        rtoDeadline = NEVER;
    }

    void startRto(long at) {
        rtoDeadline = at;
        set(Mode.RTO, at);
    }

    /** Goes back to the remembered timeout. */
    void resumeRto() {
        set(Mode.RTO, rtoDeadline);
    }

    /** Arms a tail probe, never later than the timeout. */
    void startTailProbe(long at) {
        if (at >= rtoDeadline) {
            resumeRto();
        } else {
            set(Mode.TAIL_PROBE, at);
        }
    }

    /** Arms a new look at packets that may only be late; comes before all else. */
    void startReorder(long at) {
        set(Mode.REORDER, Math.min(at, rtoDeadline));
    }

    void startZeroWindow(long at) {
        rtoDeadline = NEVER;
        set(Mode.ZERO_WINDOW, at);
    }

    void startKeepAlive(long at) {
        rtoDeadline = NEVER;
        set(Mode.KEEP_ALIVE, at);
    }

    private void set(Mode newMode, long at) {
        mode = newMode;
        deadline = at;
    }

    /** What the timer is for. */
    enum Mode {
        /** It does not run. */
        NONE,
        /** Nothing was acknowledged in time. */
        RTO,
        /** Packets before a delivered one have had their time. */
        REORDER,
        /** The last packets sent are unacknowledged. */
        TAIL_PROBE,
        /** The peer's window is closed: ask. */
        ZERO_WINDOW,
        /** Nothing is open: keep the way open. */
        KEEP_ALIVE
    }
}
