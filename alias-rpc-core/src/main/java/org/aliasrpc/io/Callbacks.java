package org.aliasrpc.io;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node runs code of its users: listeners, handlers, registrars, and whatever hangs on a stage. Never the event
 * loop, so code that throws or blocks delays other callbacks at most.
 */
public final class Callbacks implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    private static final int OWN_THREADS = 4;
    private static final long IDLE_SECONDS = 5;

    private final Executor executor;
    private final @Nullable ExecutorService own;

    private Callbacks(Executor executor, @Nullable ExecutorService own) {
        this.executor = executor;
        this.own = own;
    }

    /**
     * A pool of at most four daemon threads, which end when they have had nothing to do for a while.
     *
     * @param name of its threads
     */
    public static Callbacks ownPool(String name) {
        ThreadPoolExecutor pool = pool(OWN_THREADS, name);
        return new Callbacks(pool, pool);
    }

    /**
     * @param executor of the user, who closes it; must not run tasks on the calling thread
     */
    public static Callbacks of(Executor executor) {
        return new Callbacks(executor, null);
    }

    /** A pool of daemon threads, which end when they have had nothing to do for a while. */
    static ThreadPoolExecutor pool(int threads, String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        // Unbounded here, bounded by those who offer: SerialQueue, and the limits of requests and connections.
        var pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Runs a task; what it throws is logged. Where the executor takes no more, as after the end of the node, or fails,
     * the task runs all the same, so that whoever waits for it does not wait for ever. Never throws.
     */
    @Override
    public void execute(Runnable task) {
        Once once = new Once(task);
        try {
            executor.execute(once);
        } catch (RejectedExecutionException e) {
            log.debug("A callback runs elsewhere: the executor takes no more", e);
            runElsewhere(once);
        } catch (Throwable e) {
            Unexpected.report("A callback runs elsewhere: the executor failed", e);
            runElsewhere(once);
        }
    }

    private static void runElsewhere(Once task) {
        if (NodeLoop.onLoopThread()) {
            try {
                ForkJoinPool.commonPool().execute(task);
                return;
            } catch (Throwable e) {
                // There is no thread to be had. On the loop a callback can hold others up; lost it would hold its
                // caller up for ever.
                Unexpected.report("A callback runs on the event loop", e);
            }
        }
        task.run();
    }

    /** Completes a future here, so that what hangs on it runs here. */
    public <T> void complete(CompletableFuture<T> future, @Nullable T value) {
        execute(() -> future.complete(value));
    }

    /** Fails a future here, so that what hangs on it runs here. */
    public void fail(CompletableFuture<?> future, Throwable failure) {
        execute(() -> future.completeExceptionally(failure));
    }

    /** Takes no more tasks; those that wait still run. Leaves an executor of the user's alone. */
    @Override
    public void close() {
        if (own != null) {
            own.shutdown();
        }
    }

    static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            try {
                log.warn("A callback failed", e);
            } catch (Throwable cannotTell) {
                return; // the thread has other tasks
            }
        }
    }

    /** A task that an executor may have taken although it threw: whoever comes first runs it. */
    private static final class Once extends AtomicBoolean implements Runnable {
        private static final long serialVersionUID = 1L;

        private final transient Runnable task;

        Once(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (compareAndSet(false, true)) {
                Callbacks.run(task);
            }
        }
    }
}
