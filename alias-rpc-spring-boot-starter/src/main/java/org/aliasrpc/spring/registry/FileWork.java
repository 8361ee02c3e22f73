package org.aliasrpc.spring.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes a table in a file, and what waits for it. Everything that has come while it was busy is done
 * together.
 */
final class FileWork {
    private static final Logger LOG = LoggerFactory.getLogger(FileWork.class);

    /** How long it sleeps at most. */
    private static final long TICK_MILLIS = 1000;

    private final BlockingQueue<Task<?>> waiting;
    private final Consumer<List<Task<?>>> commit;
    private final Ticker ticker;
    private final Thread thread;
    private volatile boolean started;
    private volatile boolean closing;

    /**
     * @param maxWaiting how many may wait
     * @param commit runs and finishes tasks
     * @param ticker what is to be done besides
     */
    FileWork(int maxWaiting, Consumer<List<Task<?>>> commit, Ticker ticker) {
        this.waiting = new LinkedBlockingQueue<>(maxWaiting);
        this.commit = commit;
        this.ticker = ticker;
        this.thread = new Thread(this::work, "alias-rpc-store");
        this.thread.setDaemon(true);
    }

    /** Called after each commit and now and then. */
    @FunctionalInterface
    interface Ticker {
        void tick(boolean last);
    }

    /** Part of a draft; may run twice, the second time on another draft. */
    @FunctionalInterface
    interface Part<T> {
        /**
         * @param writable whether what the file shows may change
         */
        T run(TableDraft draft, Instant now, boolean writable);
    }

    /** Something to be done, and who waits for it. */
    static final class Task<T> {
        private final Part<T> part;
        private final CompletableFuture<T> done = new CompletableFuture<>();
        private @Nullable T result;
        private @Nullable RuntimeException failure;

        private Task(Part<T> part) {
            this.part = part;
        }

        void run(TableDraft draft, Instant now, boolean writable) {
            failure = null;
            try {
                result = part.run(draft, now, writable);
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        void finish() {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else {
                done.complete(result);
            }
        }

        private void fail(RuntimeException why) {
            done.completeExceptionally(why);
        }
    }

    void start() {
        started = true;
        thread.start();
    }

    <T> CompletionStage<T> submit(Part<T> part) {
        Task<T> task = new Task<>(part);
        if (!started || closing) {
            task.fail(new RegistryUnavailableException("the table is not loaded"));
        } else if (!waiting.offer(task)) {
            task.fail(new RegistryUnavailableException("too many changes wait for the disk"));
        } else if (closing && !thread.isAlive()) {
            failWaiting(); // nobody will look any more
        }
        return task.done;
    }

    private void work() {
        boolean last = false;
        while (!last) {
            last = closing; // before looking: what comes later is failed by who brings it
            List<Task<?>> tasks = new ArrayList<>();
            try {
                Task<?> first = last ? waiting.poll() : waiting.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    tasks.add(first);
                    waiting.drainTo(tasks);
                    commit.accept(tasks);
                }
                ticker.tick(last);
            } catch (InterruptedException e) {
                closing = true; // nobody does this; as if closed
            } catch (RuntimeException | Error e) {
                LOG.error("The alias table could not be changed", e);
                tasks.forEach(task -> task.fail(new RegistryUnavailableException("the table failed", e)));
            }
        }
        failWaiting();
    }

    private void failWaiting() {
        for (Task<?> task = waiting.poll(); task != null; task = waiting.poll()) {
            task.fail(new RegistryUnavailableException("the table is closed"));
        }
    }

    /** Waits until what has come before is done. */
    void close(Duration timeout) {
        if (closing || !started) {
            closing = true;
            return;
        }
        closing = true;
        submitWakeUp();
        try {
            thread.join(timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void submitWakeUp() {
        // If the queue is full the thread is awake anyway.
        boolean unused = waiting.offer(new Task<>((draft, now, writable) -> true));
    }
}
