package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.MetricsServer;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;

class MetricsListeningTest {
    @Test
    void whoWaitsForTheAnnouncementDoesNotWaitForTheSockets() throws Exception {
        var server = new SlowServer();
        var listening = new MetricsListening(server, Duration.ZERO);
        var registered = new CompletableFuture<Void>();
        try {
            listening.start();
            await().until(() -> server.opening.getCount() == 0);
            CompletableFuture.runAsync(() -> listening.whenAnnounced(() -> registered.complete(null)))
                    .get(10, TimeUnit.SECONDS);
            assertThat(registered).isNotDone();
        } finally {
            server.opened.countDown();
        }
        registered.get(10, TimeUnit.SECONDS);
        listening.stop();
    }

    /** Opens its sockets when it is told to. */
    private static final class SlowServer implements MetricsServer {
        final CountDownLatch opening = new CountDownLatch(1);
        final CountDownLatch opened = new CountDownLatch(1);

        @Override
        public PublicKey publicKey() {
            return Keys.key(1);
        }

        @Override
        public CompletionStage<Void> listenAsync() {
            opening.countDown();
            try {
                assertThat(opened.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return CompletableFuture.completedStage(null);
        }

        @Override
        public int connectionCount() {
            return 0;
        }

        @Override
        public CompletionStage<Void> closeAsync() {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void close() {}
    }
}
