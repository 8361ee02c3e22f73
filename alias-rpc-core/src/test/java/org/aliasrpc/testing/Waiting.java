package org.aliasrpc.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits of tests, all of them bounded. */
public final class Waiting {
    /**
     * How long to wait for what has to happen some time, where the time is not what is tested. On a machine that is busy
     * with other things milliseconds become seconds.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    /** {@link #PATIENCE} for methods that take a number. */
    public static final long PATIENCE_SECONDS = PATIENCE.toSeconds();

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

    /** Awaitility with our patience. */
    public static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE);
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
            latch.await(2 * PATIENCE_SECONDS, SECONDS); // outlasts whoever waits for what is blocked
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
