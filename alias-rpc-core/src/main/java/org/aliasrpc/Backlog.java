package org.aliasrpc;

import java.util.concurrent.atomic.AtomicLong;

/** What waits for users' code, over all connections, in bytes of memory. From any thread. */
final class Backlog {
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    Backlog(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether something of this size may wait as well; alone it may be of any size. */
    boolean take(long size) {
        long before = bytes.getAndAdd(size);
        if (before > 0 && before + size > maxBytes) {
            bytes.addAndGet(-size);
            return false;
        }
        return true;
    }

    /** It does not wait any more. */
    void give(long size) {
        bytes.addAndGet(-size);
    }
}
