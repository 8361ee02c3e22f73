package org.aliasrpc;

import java.time.Duration;

/** What the builders check alike; each check returns what it was given. */
final class Checked {
    private Checked() {}

    /**
     * @param what is counted
     */
    static int atLeastOne(int count, String what) {
        if (count < 1) {
            throw new IllegalArgumentException("maximum of " + count + " " + what + ", at least 1 is needed");
        }
        return count;
    }

    static Duration positiveTimeout(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("timeout " + time + " is not positive");
        }
        return time;
    }

    /**
     * @param what lasts that long
     */
    static Duration notNegative(Duration time, String what) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(what + " " + time + " is negative");
        }
        return time;
    }

    /** A length that a reply of metrics may have. */
    static int replyBytes(int bytes) {
        if (bytes < 1 || bytes > MetricsServer.Builder.MAX_REPLY_BYTES) {
            throw new IllegalArgumentException(
                    "maximum of " + bytes + " bytes, allowed is 1 to " + MetricsServer.Builder.MAX_REPLY_BYTES);
        }
        return bytes;
    }

    /** The node as we made it: no other can be built upon. */
    static LiveHyperDht live(HyperDht dht) {
        if (dht instanceof LiveHyperDht live) {
            return live;
        }
        throw new IllegalArgumentException("the node was not made by HyperDht.create");
    }
}
