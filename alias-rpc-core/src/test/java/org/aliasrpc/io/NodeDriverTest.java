package org.aliasrpc.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.hyperdht.ConnectOptions;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.hyperdht.HyperDhtConfig;
import org.aliasrpc.hyperdht.HyperDhtEvent;
import org.aliasrpc.hyperdht.HyperDhtNode;
import org.aliasrpc.net.PeerAddress;
import org.junit.jupiter.api.Test;

class NodeDriverTest {
    private static final Random RANDOM = new Random(1);

    /** They take time, and change while a node lives. */
    @Test
    void theAddressesOfTheInterfacesAreLookedUpAgainAndAgainAndNotOnTheLoop() throws Exception {
        NodeLoop loop = NodeLoop.start(UdpTransport.NIO, "node-driver-test");
        try (Workers workers = new Workers("node-driver-test-worker")) {
            HyperDhtNode node = new HyperDhtNode(
                    HyperDhtConfig.builder(KeyPair.generate(RANDOM)).build(), RANDOM);
            LinkedBlockingQueue<Boolean> lookUps = new LinkedBlockingQueue<>();
            NodeDriver driver =
                    new NodeDriver(loop, node, InetAddress.getLoopbackAddress(), workers, new Nobody(), () -> {
                        lookUps.add(loop.inLoop());
                        return List.of(PeerAddress.of("192.168.0.2", 0));
                    });
            AtomicLong now = new AtomicLong();
            await().until(() -> {
                long later = now.addAndGet(SECONDS.toNanos(10)); // the node's clock, which nothing else drives
                CompletableFuture<Void> turn = new CompletableFuture<>();
                loop.execute(() -> {
                    connect(node, later);
                    driver.onTurnEnd(later);
                    turn.complete(null);
                });
                turn.get(PATIENCE_SECONDS, SECONDS);
                return lookUps.size() >= 3;
            });
            assertThat(lookUps).containsOnly(false);
        } finally {
            loop.close().get(PATIENCE_SECONDS, SECONDS);
        }
    }

    /** A node that was started at the beginning of time, by its clock, must have slept since. */
    @Test
    void aWallClockThatHasRunAheadWakesTheNode() throws Exception {
        NodeLoop loop = NodeLoop.start(UdpTransport.NIO, "node-driver-test");
        try (Workers workers = new Workers("node-driver-test-worker")) {
            HyperDhtNode node = new HyperDhtNode(
                    HyperDhtConfig.builder(KeyPair.generate(RANDOM)).build(), RANDOM);
            Nobody owner = new Nobody();
            NodeDriver driver =
                    new NodeDriver(loop, node, InetAddress.getLoopbackAddress(), workers, owner, () -> List.of());
            CompletableFuture<Void> turn = new CompletableFuture<>();
            loop.execute(() -> {
                node.start(0);
                driver.onTimeout(1);
                driver.onTimeout(2);
                driver.onTurnEnd(2);
                turn.complete(null);
            });
            turn.get(5, SECONDS);
            assertThat(owner.events).containsOnlyOnce(new HyperDhtEvent.Rpc(new RpcEvent.WokeUp()));
        } finally {
            loop.close().get(5, SECONDS);
        }
    }

    private static void connect(HyperDhtNode node, long now) {
        PeerAddress silent = PeerAddress.of("127.0.0.1", 9);
        ConnectOptions options = ConnectOptions.DEFAULT.withRelayAddresses(List.of(silent));
        node.connect(KeyPair.generate(RANDOM).publicKey(), options, now).destroy();
    }

    private static final class Nobody implements NodeDriver.Owner {
        final List<HyperDhtEvent> events = new ArrayList<>();

        @Override
        public void onEvent(HyperDhtEvent event, long nowNanos) {
            events.add(event);
        }

        @Override
        public void onActive(Connection connection, long nowNanos) {}

        @Override
        public long nextTimeout() {
            return Long.MAX_VALUE;
        }

        @Override
        public void onTimeout(long nowNanos) {}
    }
}
