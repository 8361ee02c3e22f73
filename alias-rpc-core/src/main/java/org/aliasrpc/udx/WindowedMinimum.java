package org.aliasrpc.udx;

/**
 * The smallest of the values of a sliding window, kept as the three best candidates of its parts (the estimator of Kathleen
 * Nichols, as in Linux win_minmax). For a maximum, put negated values in.
 */
final class WindowedMinimum {
    private final long window;
    private final long[] values = new long[3];
    private final long[] times = new long[3];
    private boolean empty = true;

    /**
     * @param window its length, in the unit of the times given in
     */
    WindowedMinimum(long window) {
        this.window = window;
    }

    boolean isEmpty() {
        return empty;
    }

    /** The smallest value; {@link Long#MAX_VALUE} if there is none. */
    long value() {
        return empty ? Long.MAX_VALUE : values[0];
    }

    /** When the smallest value was seen. */
    long time() {
        return times[0];
    }

    /** Forgets all but this value. */
    void reset(long value, long time) {
        empty = false;
        for (int i = 0; i < values.length; i++) {
            put(i, value, time);
        }
    }

    /**
     * @param time never smaller than before
     */
    void add(long value, long time) {
        if (empty || value <= values[0] || time - times[2] > window) {
            reset(value, time);
            return;
        }
        if (value <= values[1]) {
            put(1, value, time);
            put(2, value, time);
        } else if (value <= values[2]) {
            put(2, value, time);
        }
        age(value, time);
    }

    private void age(long value, long time) {
        long age = time - times[0];
        if (age > window) {
            // The best is too old: the others move up, twice if the second is too old as well.
            shift(value, time);
            if (time - times[0] > window) {
                shift(value, time);
            }
        } else if (times[1] == times[0] && age > window / 4) {
            put(1, value, time);
            put(2, value, time);
        } else if (times[2] == times[1] && age > window / 2) {
            put(2, value, time);
        }
    }

    private void shift(long value, long time) {
        put(0, values[1], times[1]);
        put(1, values[2], times[2]);
        put(2, value, time);
    }

    private void put(int index, long value, long time) {
        values[index] = value;
        times[index] = time;
    }
}
