package org.aliasrpc.spring.event;

import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.awaitQuietly;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

class AliasRpcEventPublisherTest {
    private final List<AliasRpcEvent> watched = new ArrayList<>();

    @Test
    void listenersSeeEventsInOrderOnAnotherThread() {
        List<Object> heard = new CopyOnWriteArrayList<>();
        var threads = new CopyOnWriteArrayList<Thread>();
        var publisher = publisher(event -> {
            heard.add(event);
            threads.add(Thread.currentThread());
        });
        List<AliasRpcEvent> events = events(1000);
        events.forEach(publisher::publish);
        await().until(() -> heard.size() == 1000);
        assertThat(heard).isEqualTo(events);
        assertThat(threads).doesNotContain(Thread.currentThread());
    }

    @Test
    void aListenerThatThrowsDoesNotKeepOthersFromLaterEvents() {
        List<Object> heard = new CopyOnWriteArrayList<>();
        var publisher = publisher(event -> {
            heard.add(event);
            throw new IllegalStateException("listener");
        });
        events(3).forEach(publisher::publish);
        await().until(() -> heard.size() == 3);
    }

    @Test
    void norDoesOneWhoseClassIsMissing() {
        List<Object> heard = new CopyOnWriteArrayList<>();
        var publisher = publisher(event -> {
            heard.add(event);
            throw new NoClassDefFoundError("listener");
        });
        events(3).forEach(publisher::publish);
        await().until(() -> heard.size() == 3);
    }

    @Test
    void aWatcherThatThrowsKeepsNobodyFromTheEvent() {
        List<Object> heard = new CopyOnWriteArrayList<>();
        AliasRpcEventWatcher broken = event -> {
            throw new IllegalStateException("watcher");
        };
        var publisher = new AliasRpcEventPublisher(
                List.of(broken, watched::add), heard::add, new SimpleAsyncTaskExecutor("test-"), 0);
        events(3).forEach(publisher::publish);
        assertThat(watched).hasSize(3);
        await().until(() -> heard.size() == 3);
    }

    @Test
    void aThreadThatCannotBeHadIsAskedForAgainWithTheNextEvent() {
        List<Object> heard = new CopyOnWriteArrayList<>();
        var threads = new SimpleAsyncTaskExecutor("test-");
        var refusals = new AtomicInteger(1);
        var publisher = new AliasRpcEventPublisher(
                List.of(),
                heard::add,
                task -> {
                    if (refusals.getAndDecrement() > 0) {
                        throw new RejectedExecutionException("no thread");
                    }
                    threads.execute(task);
                },
                0);
        List<AliasRpcEvent> events = events(2);
        events.forEach(publisher::publish);
        await().until(() -> heard.equals(events));
    }

    @Test
    void aListenerThatHangsHoldsUpNobodyAndWhatWaitsIsBounded() {
        var latch = new CountDownLatch(1);
        List<Object> heard = new CopyOnWriteArrayList<>();
        var publisher = publisher(event -> {
            awaitQuietly(latch);
            heard.add(event);
        });
        int some = 5;
        List<AliasRpcEvent> events = events(AliasRpcEventPublisher.MAX_WAITING + some);
        events.forEach(publisher::publish);
        assertThat(watched).as("watchers see all").hasSameSizeAs(events);
        assertThat(publisher.lost()).isBetween((long) some - 1, (long) some); // one may be at the listener
        latch.countDown();
        await().until(() -> heard.size() + publisher.lost() == events.size());
    }

    @Test
    void aStopLetsListenersFinishAndThenTakesNoMore() {
        List<Object> heard = new CopyOnWriteArrayList<>();
        var publisher = publisher(heard::add);
        events(100).forEach(publisher::publish);
        publisher.stop();
        assertThat(heard).hasSize(100);
        assertThat(publisher.isRunning()).isFalse();
        events(1).forEach(publisher::publish);
        assertThat(watched).hasSize(101);
        publisher.start();
        events(1).forEach(publisher::publish);
        await().until(() -> heard.size() == 101);
    }

    @Test
    void theRingKeepsTheLatestWithTheirNumbers() {
        var ring = new AliasRpcEventRing(3);
        events(5).forEach(ring::onEvent);
        assertThat(ring.events(0, null))
                .extracting(AliasRpcEventRing.Numbered::seq)
                .containsExactly(3L, 4L, 5L);
        assertThat(ring.events(4, null))
                .extracting(AliasRpcEventRing.Numbered::seq)
                .containsExactly(5L);
        assertThat(ring.events(0, "connection-close")).hasSize(3);
        assertThat(ring.events(0, "alias-success")).isEmpty();
    }

    private AliasRpcEventPublisher publisher(Consumer<Object> listeners) {
        var executor = new SimpleAsyncTaskExecutor("test-");
        executor.setDaemon(true);
        return new AliasRpcEventPublisher(List.of(watched::add), listeners, executor, 0);
    }

    private static List<AliasRpcEvent> events(int count) {
        return LongStream.range(0, count)
                .<AliasRpcEvent>mapToObj(
                        i -> new AliasRpcServerEvent.ConnectionClose(new UUID(0, i), Instant.EPOCH, Keys.key(1)))
                .toList();
    }
}
