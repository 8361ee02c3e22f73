package org.aliasrpc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.io.Callbacks;
import org.jspecify.annotations.Nullable;

/**
 * The result of an operation, for callers that wait and for those that hang something on a stage. The former do not
 * depend on a free thread for callbacks, so they may be callbacks themselves.
 */
final class Outcome<T> {
    private final Callbacks callbacks;
    private final CompletableFuture<T> direct = new CompletableFuture<>();
    private final CompletableFuture<T> published = new CompletableFuture<>();

    Outcome(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    /** From any thread; the first result counts. */
    void complete(@Nullable T value) {
        if (direct.complete(value)) {
            callbacks.complete(published, value);
        }
    }

    /** From any thread; the first result counts. */
    void fail(AliasRpcException failure) {
        if (direct.completeExceptionally(failure)) {
            callbacks.fail(published, failure);
        }
    }

    boolean isDone() {
        return direct.isDone();
    }

    /** Completes on the callback executor. */
    CompletionStage<T> async() {
        return published.copy();
    }

    /**
     * @throws AliasRpcException the failure
     * @throws IllegalStateException if called on an event loop
     */
    T await() throws InterruptedException {
        return Blocking.await(direct);
    }

    /** As {@link #await}; an interrupt is kept for later. */
    T awaitUninterruptibly() {
        return Blocking.awaitUninterruptibly(direct);
    }
}
