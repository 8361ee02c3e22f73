package org.aliasrpc.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.awaitQuietly;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SerialQueueTest {
    private final Callbacks callbacks = Callbacks.ownPool("test-callbacks");

    @AfterEach
    void close() {
        callbacks.close();
    }

    @Test
    void tasksRunOneAtATimeInOrderAlsoAfterOneThatThrows() throws Exception {
        SerialQueue queue = new SerialQueue(callbacks, 10);
        List<Integer> order = new ArrayList<>(); // not synchronized on purpose: one thread at a time, with hand-over
        CountDownLatch done = new CountDownLatch(1);
        for (int i = 0; i < 1000; i++) {
            int number = i;
            queue.execute(() -> {
                order.add(number);
                if (number % 100 == 0) {
                    throw new IllegalStateException("thrown by a test");
                }
            });
        }
        queue.execute(done::countDown);

        assertThat(done.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(order).hasSize(1000).isSorted();
    }

    @Test
    void aTaskThatBlocksDoesNotDelayOtherQueues() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        new SerialQueue(callbacks, 10).execute(() -> awaitQuietly(release));
        CompletableFuture<String> other = new CompletableFuture<>();

        new SerialQueue(callbacks, 10).execute(() -> other.complete("ran"));

        assertThat(other.get(PATIENCE_SECONDS, SECONDS)).isEqualTo("ran");
        release.countDown();
    }

    @Test
    void whatIsTooMuchIsDroppedAndCounted() throws Exception {
        SerialQueue queue = new SerialQueue(callbacks, 10);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        queue.execute(() -> {
            started.countDown();
            awaitQuietly(release);
        });
        assertThat(started.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        List<Integer> ran = Collections.synchronizedList(new ArrayList<>());

        for (int i = 0; i < 15; i++) {
            int number = i;
            assertThat(queue.offer(() -> ran.add(number))).isEqualTo(i < 10);
        }
        queue.execute(() -> ran.add(100)); // bounded elsewhere, so taken
        release.countDown();

        await().untilAsserted(() -> assertThat(ran).endsWith(100));
        assertThat(ran).hasSize(11);
        assertThat(queue.dropped()).isEqualTo(5);
    }

    @Test
    void aFutureIsCompletedOnAThreadOfThePool() throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        AtomicReference<String> thread = new AtomicReference<>();
        CompletableFuture<Void> dependent =
                future.thenAccept(value -> thread.set(Thread.currentThread().getName()));

        callbacks.complete(future, "value");

        dependent.get(PATIENCE_SECONDS, SECONDS);
        assertThat(thread.get()).startsWith("test-callbacks");
    }
}
