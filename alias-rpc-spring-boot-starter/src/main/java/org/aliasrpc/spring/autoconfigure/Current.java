package org.aliasrpc.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part of the network side that exists from its first use to the stop of the context, and again from its first use after
 * the next start. What is closed cannot be opened again, so each run has a part of its own.
 *
 * @param <T> the part
 */
final class Current<T> implements AutoCloseable {
    private final Supplier<T> maker;
    private final Function<T, CompletionStage<Void>> closer;

    // A lock, not a monitor: the first use may be on a virtual thread.
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<T>> watchers = new ArrayList<>();
    private @Nullable T part;
    private boolean ended;

    /**
     * @param maker may block
     * @param closer does not block; its stage ends when everything is closed
     */
    Current(Supplier<T> maker, Function<T, CompletionStage<Void>> closer) {
        this.maker = maker;
        this.closer = closer;
    }

    /** A part that the application made, and closes. */
    static <T> Current<T> given(Supplier<T> part) {
        return new Current<>(part, unused -> CompletableFuture.completedStage(null));
    }

    /**
     * The part of this run, made if nobody has asked for it before.
     *
     * @throws IllegalStateException if the context is closed
     */
    T get() {
        lock.lock();
        try {
            if (ended) {
                throw new IllegalStateException("the application's context is closed");
            }
            if (part == null) {
                T made = maker.get();
                part = made; // before anybody is told: what a watcher throws must not lose a part that is open
                watchers.forEach(watcher -> watcher.accept(made));
            }
            return part;
        } finally {
            lock.unlock();
        }
    }

    /** Calls the watcher with the part there is, and with each that will be made. */
    void whenMade(Consumer<T> watcher) {
        lock.lock();
        try {
            watchers.add(watcher);
            if (part != null) {
                watcher.accept(part);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The part, if there is one now. */
    Optional<T> peek() {
        lock.lock();
        try {
            return Optional.ofNullable(part);
        } finally {
            lock.unlock();
        }
    }

    /** Closes the part, if there is one; the next run gets another. */
    CompletionStage<Void> stop() {
        T last;
        lock.lock();
        try {
            last = part;
            part = null;
        } finally {
            lock.unlock();
        }
        return last == null ? CompletableFuture.completedStage(null) : closer.apply(last);
    }

    /** Closes the part for good, and waits for its end. */
    @Override
    public void close() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
        stop().toCompletableFuture().join();
    }
}
