package org.aliasrpc.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Waits of tests, all of them bounded. */
public final class Waiting {
    private static final int PATIENCE_SECONDS = 30;

    private Waiting() {}

    /** A result, or what it fails with, as {@link CompletableFuture#join} gives it. */
    public static <T> T resultOf(CompletionStage<T> stage) {
        CompletableFuture<T> result = stage.toCompletableFuture();
        try {
            return result.get(PATIENCE_SECONDS, SECONDS);
        } catch (ExecutionException e) {
            return result.join(); // throws
        } catch (TimeoutException e) {
            throw new AssertionError("no result within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a result fails with, which it must. */
    public static Throwable failureOf(CompletableFuture<?> result) {
        ExecutionException wrapped =
                catchThrowableOfType(ExecutionException.class, () -> result.get(PATIENCE_SECONDS, SECONDS));
        return Objects.requireNonNull(wrapped.getCause());
    }

    /** Blocks users' code, as a slow application does. */
    public static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(PATIENCE_SECONDS, SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether nothing comes of it within a second. */
    public static boolean isStuck(CompletableFuture<?> result) throws Exception {
        try {
            result.get(1, SECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        }
    }
}
