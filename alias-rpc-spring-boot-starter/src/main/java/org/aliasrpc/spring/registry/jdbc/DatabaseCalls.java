package org.aliasrpc.spring.registry.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.aliasrpc.spring.registry.StoreListener;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Runs what blocks on a database: a few calls at a time, others wait, and whoever asked is told after a while that it takes
 * too long. So a database that is away neither holds the callers' threads nor gathers work without bound.
 */
final class DatabaseCalls {
    /** How many calls may wait for a thread. */
    static final int MAX_WAITING = 1000;

    private final Executor threads;
    private final int maxRunning;
    private final Duration timeout;
    private final StoreListener listener;

    // A lock, not a monitor: calls may run on virtual threads.
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;
    private boolean closed;

    DatabaseCalls(Executor threads, JdbcAliasStore.Settings settings, StoreListener listener) {
        this.threads = threads;
        this.maxRunning = settings.threads();
        this.timeout = settings.timeout();
        this.listener = listener;
    }

    /**
     * @param operation its name, for meters
     * @param call may block
     * @return fails with {@link RegistryUnavailableException} if the database did not answer in time
     */
    <T> CompletableFuture<T> submit(String operation, Supplier<T> call) {
        long begin = System.nanoTime();
        CompletableFuture<T> answer = new CompletableFuture<>();
        Runnable task = () -> {
            if (answer.isDone()) {
                return; // nobody waits any more
            }
            try {
                answer.complete(call.get());
            } catch (DataAccessException | TransactionException e) {
                answer.completeExceptionally(new RegistryUnavailableException("the database failed", e));
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        };
        if (!execute(task)) {
            listener.onOperation(operation, "rejected", Duration.ZERO);
            answer.completeExceptionally(new RegistryUnavailableException("too much waits for the database"));
            return answer;
        }
        return answer.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).handle((result, failure) -> {
            String outcome = failure == null ? "success" : failure instanceof TimeoutException ? "timeout" : "error";
            listener.onOperation(operation, outcome, Duration.ofNanos(System.nanoTime() - begin));
            if (failure instanceof TimeoutException) {
                throw new RegistryUnavailableException("the database did not answer within " + timeout);
            }
            if (failure != null) {
                throw new CompletionException(failure);
            }
            return result;
        });
    }

    /** As {@link #submit}, and waits. */
    <T> T await(String operation, Supplier<T> call) {
        try {
            return submit(operation, call).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted", e);
        }
    }

    private boolean execute(Runnable task) {
        lock.lock();
        try {
            if (closed || waiting.size() >= MAX_WAITING) {
                return false;
            }
            waiting.add(task);
            if (running == maxRunning) {
                return true;
            }
            running++;
        } finally {
            lock.unlock();
        }
        try {
            threads.execute(this::work);
            return true;
        } catch (RejectedExecutionException e) {
            lock.lock();
            try {
                running--;
                return !waiting.remove(task);
            } finally {
                lock.unlock();
            }
        }
    }

    private void work() {
        while (true) {
            Runnable task;
            lock.lock();
            try {
                task = waiting.poll();
                if (task == null) {
                    running--;
                    return;
                }
            } finally {
                lock.unlock();
            }
            task.run();
        }
    }

    void open() {
        setClosed(false);
    }

    /** Takes nothing more; what runs goes on. */
    void close() {
        setClosed(true);
    }

    private void setClosed(boolean now) {
        lock.lock();
        try {
            closed = now;
        } finally {
            lock.unlock();
        }
    }
}
