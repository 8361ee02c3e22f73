package org.aliasrpc.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever waits for a callback gets it, whatever executor and tasks throw. */
class CallbacksTest {
    static Stream<Throwable> failures() {
        return Stream.of(
                new RejectedExecutionException("thrown by a test"),
                new NullPointerException("thrown by a test"),
                new OutOfMemoryError("unable to create native thread"),
                new Exception("thrown by a test"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anExecutorThatThrowsLosesNoTask(Throwable failure) throws Exception {
        Callbacks callbacks = Callbacks.of(task -> sneak(failure));
        CompletableFuture<Void> ran = new CompletableFuture<>();

        callbacks.execute(() -> ran.complete(null));

        ran.get(PATIENCE_SECONDS, SECONDS);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void onTheLoopItRunsOnAnotherThread(Throwable failure) throws Exception {
        Callbacks callbacks = Callbacks.of(task -> sneak(failure));
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        NodeLoop loop = NodeLoop.start(UdpTransport.NIO, "test-loop");
        try {
            loop.execute(() -> callbacks.execute(() -> onLoop.complete(NodeLoop.onLoopThread())));

            assertThat(onLoop.get(PATIENCE_SECONDS, SECONDS)).isFalse();
        } finally {
            loop.close().get(PATIENCE_SECONDS, SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anExecutorThatTakesATaskAndThrowsAllTheSameRunsItOnce(Throwable failure) {
        Callbacks callbacks = Callbacks.of(task -> {
            task.run();
            sneak(failure);
        });
        AtomicInteger runs = new AtomicInteger();

        callbacks.execute(runs::incrementAndGet);

        assertThat(runs).hasValue(1);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aTaskThatThrowsHarmsNeitherItsThreadNorItsQueue(Throwable failure) throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            Callbacks callbacks = Callbacks.of(single);
            SerialQueue queue = new SerialQueue(callbacks, 10);
            CompletableFuture<Thread> before = new CompletableFuture<>();
            CompletableFuture<Thread> after = new CompletableFuture<>();

            callbacks.execute(() -> before.complete(Thread.currentThread()));
            queue.execute(() -> sneak(failure));
            callbacks.execute(() -> sneak(failure));
            queue.execute(() -> after.complete(Thread.currentThread()));

            assertThat(after.get(PATIENCE_SECONDS, SECONDS)).isSameAs(before.get(PATIENCE_SECONDS, SECONDS));
        } finally {
            single.shutdown();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }
}
