package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {
    private final Queue<Thread> runs = new ConcurrentLinkedQueue<>();
    private final PeriodicTask task = new PeriodicTask("alias-rpc-test", Duration.ofMillis(1), () -> {
        runs.add(Thread.currentThread());
        if (runs.size() > 1) {
            throw new NoClassDefFoundError("thrown by a test");
        }
        throw new IllegalStateException("thrown by a test");
    });

    @AfterEach
    void stop() {
        task.stop();
    }

    @Test
    void goesOnAfterAFailureOnADaemonThread() {
        task.start();
        assertThat(task.isRunning()).isTrue();
        await().until(() -> runs.size() >= 3);
        Thread thread = runs.remove();
        assertThat(runs).containsOnly(thread);
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("alias-rpc-test");
    }

    @Test
    void canBeStartedAgain() throws InterruptedException {
        task.start();
        await().until(() -> !runs.isEmpty());
        Thread first = runs.remove();
        task.stop();
        assertThat(task.isRunning()).isFalse();
        await().until(() -> !first.isAlive());
        runs.clear();

        task.start();
        await().until(() -> !runs.isEmpty());
        assertThat(runs).doesNotContain(first);
    }
}
