package org.aliasrpc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.aliasrpc.io.NodeLoop;

/** Waits on behalf of callers that may block. */
final class Blocking {
    private Blocking() {}

    /**
     * @return the stage's result
     * @throws AliasRpcException what the stage failed with
     * @throws IllegalStateException if called on an event loop, which would wait for itself
     */
    static <T> T await(CompletionStage<T> stage) throws InterruptedException {
        requireOffLoop();
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    /** As {@link #await}; an interrupt is kept for later. */
    static <T> T awaitUninterruptibly(CompletionStage<T> stage) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return await(stage);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Reads something that is confined to a loop.
     *
     * @param closed the result when the loop is closed
     */
    static <T> T onLoop(NodeLoop loop, Supplier<T> read, T closed) {
        if (loop.inLoop()) {
            return read.get();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        boolean runs = loop.tryExecute(() -> {
            try {
                result.complete(read.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e); // else the caller would wait for ever
            }
        });
        return runs ? awaitUninterruptibly(result) : closed;
    }

    /**
     * @throws IllegalStateException if called on an event loop
     */
    static void requireOffLoop() {
        if (NodeLoop.onLoopThread()) {
            throw new IllegalStateException("a blocking method was called on an event loop");
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        Throwable cause = e.getCause() instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : e.getCause();
        if (cause instanceof AliasRpcException failure) {
            failure.addSuppressed(new AwaitedHere());
            return failure;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }

    /** Shows where the caller waited: the failure's own stack is that of the event loop. */
    private static final class AwaitedHere extends Exception {
        private static final long serialVersionUID = 1L;

        AwaitedHere() {
            super("awaited here");
        }
    }
}
