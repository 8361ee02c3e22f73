package org.aliasrpc.io;

import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Callbacks of one connection: one at a time, in order. From any thread.
 *
 * <p>What a peer can cause without end goes through {@link #offer}, which drops when too much waits.
 */
public final class SerialQueue {
    private static final Logger log = LoggerFactory.getLogger(SerialQueue.class);

    /** After so many others get their turn. */
    private static final int BATCH = 32;

    private final Callbacks callbacks;
    private final int maxWaiting;
    private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by itself
    private boolean running; // guarded by waiting
    private long dropped; // guarded by waiting

    /**
     * @param callbacks where the tasks run
     * @param maxWaiting how many may wait before {@link #offer} drops
     */
    public SerialQueue(Callbacks callbacks, int maxWaiting) {
        this.callbacks = callbacks;
        this.maxWaiting = maxWaiting;
    }

    /** Runs a task after those before it, whatever waits: for tasks whose number is bounded otherwise. */
    public void execute(Runnable task) {
        add(task, Integer.MAX_VALUE);
    }

    /**
     * Runs a task after those before it, or drops it if too many wait.
     *
     * @return whether it was taken
     */
    public boolean offer(Runnable task) {
        return add(task, maxWaiting);
    }

    /** How many tasks were dropped. */
    public long dropped() {
        synchronized (waiting) {
            return dropped;
        }
    }

    private boolean add(Runnable task, int limit) {
        synchronized (waiting) {
            if (waiting.size() >= limit) {
                if (dropped++ == 0) {
                    log.warn("A callback is too slow: more than {} events wait, further ones are dropped", limit);
                }
                return false;
            }
            waiting.add(task);
            if (running) {
                return true;
            }
            running = true;
        }
        callbacks.execute(this::runBatch);
        return true;
    }

    private void runBatch() {
        for (int left = BATCH; left > 0; left--) {
            Runnable task;
            synchronized (waiting) {
                task = waiting.poll();
                if (task == null) {
                    running = false;
                    return;
                }
            }
            Callbacks.run(task);
        }
        callbacks.execute(this::runBatch);
    }
}
