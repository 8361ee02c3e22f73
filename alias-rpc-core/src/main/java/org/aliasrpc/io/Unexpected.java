package org.aliasrpc.io;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of failures that nobody expected, where the one thing that matters is to go on. */
final class Unexpected {
    private static final Logger log = LoggerFactory.getLogger(Unexpected.class);

    private Unexpected() {}

    /** Logs a failure. Never throws, also when there is no memory left to say so. */
    static void report(String what, @Nullable Throwable cause) {
        try {
            log.error(what, cause);
        } catch (Throwable e) {
            // Whoever calls has more important things to do than to have this told.
            return;
        }
    }
}
