package org.aliasrpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.io.NodeLoop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One connection's work does not keep the others of the node waiting. */
@Timeout(120)
class FairnessTest {
    private static final Random RANDOM = new Random(31);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final int FRAME = 14 << 20;

    @Test
    void aBatchOfMillionsOfEntriesIsWorkedOffInManyTurns() throws Exception {
        try (LocalTestnet testnet = LocalTestnet.start(2);
                HyperDht node = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(node, KeyPair.generate(RANDOM));
                AliasRpcServer server = AliasRpcServer.create(swarm, SECRET, new Table());
                HyperDht other = testnet.newNode()) {
            server.listen();
            try (PeerConnection stranger = other.connect(server.publicKey(), KeyPair.generate(RANDOM))) {
                var unused = stranger.send(batch(FRAME));

                await().until(() -> backlogs(server) == 1); // others have their turn meanwhile
                await().until(() -> backlogs(server) == 0);
                assertThat(server.connectionCount()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBatchOfAServerIsWorkedOffInManyTurnsToo(AliasRpcClient.LifeCycle lifeCycle) throws Exception {
        try (LocalTestnet testnet = LocalTestnet.start(2);
                HyperDht hostile = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(hostile, KeyPair.generate(RANDOM));
                HyperDht node = testnet.newNode();
                AliasRpcClient client = AliasRpcClient.builder(swarm.publicKey(), SECRET, node)
                        .lifeCycle(lifeCycle)
                        .timeout(Duration.ofSeconds(20))
                        .build()) {
            ((LiveHyperswarm) swarm).take(Flooding::new);
            swarm.listen();
            var registered = client.registerAliasAsync(
                    new AliasRegistration("a", KeyPair.generate(RANDOM).publicKey(), "host", "service"));

            await().until(() -> hasBacklog(client, node)); // others have their turn meanwhile
            await().until(() -> !hasBacklog(client, node));
            assertThat(registered.toCompletableFuture()).isNotDone(); // nothing of it was an answer
        }
    }

    @Test
    void manySmallMessagesAreReadInManyTurns() throws Exception {
        int messages = 20 * LoopConnection.STEPS_PER_TURN;
        CompletableFuture<Counting> taken = new CompletableFuture<>();
        try (LocalTestnet testnet = LocalTestnet.start(2);
                HyperDht node = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(node, KeyPair.generate(RANDOM));
                HyperDht other = testnet.newNode()) {
            ((LiveHyperswarm) swarm).take((connection, nowNanos) -> {
                Counting reader = new Counting(connection, nowNanos);
                taken.complete(reader);
                return reader;
            });
            swarm.listen();
            NodeLoop loop = ((LiveHyperDht) node).loop();
            try (PeerConnection sender = other.connect(swarm.publicKey())) {
                Counting reader = taken.get(PATIENCE_SECONDS, SECONDS);
                for (int i = 0; i < messages; i++) {
                    var unused = sender.send(ByteBuffer.allocate(1));
                }
                await().until(() -> on(loop, () -> reader.connection().messageBytesReceived()) > 0);
                loop.execute(() -> reader.open(loop.nowNanos()));

                await().until(() -> on(loop, () -> reader.all) == messages);
                assertThat(on(loop, () -> reader.mostOfATurn)).isLessThanOrEqualTo(LoopConnection.STEPS_PER_TURN);
            }
        }
    }

    private static boolean hasBacklog(AliasRpcClient client, HyperDht node) throws Exception {
        return on(
                ((LiveHyperDht) node).loop(),
                () -> ((LiveAliasRpcClient) client).connections().hasBacklog());
    }

    /** Connections of a server that have left work for their next turn. */
    private static long backlogs(AliasRpcServer server) throws Exception {
        LiveAliasRpcServer live = (LiveAliasRpcServer) server;
        return on(
                live.dht().loop(),
                () -> live.connections().stream()
                        .filter(AliasServerConnection::hasBacklog)
                        .count());
    }

    private static <T> T on(NodeLoop loop, Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        loop.execute(task);
        return task.get(PATIENCE_SECONDS, SECONDS);
    }

    /** Sends a batch to whoever connects. */
    private static final class Flooding extends LoopConnection {
        Flooding(Connection connection, long nowNanos) {
            super(connection, nowNanos);
        }

        @Override
        void onStart(long nowNanos) {
            connection().write(batch(FRAME / 4), nowNanos);
        }

        @Override
        boolean wantsMore() {
            return true;
        }

        @Override
        void onMessage(ByteBuffer message, long nowNanos) {}

        @Override
        void onFailed(ConnectFailure failure, long nowNanos) {}

        @Override
        void onClosed(@Nullable String error, long nowNanos) {}

        @Override
        boolean service(long nowNanos) {
            return false;
        }
    }

    /** Counts the messages of a turn. */
    private static final class Counting extends LoopConnection {
        private boolean reads;
        private int inThisTurn;
        int mostOfATurn;
        int all;

        Counting(Connection connection, long nowNanos) {
            super(connection, nowNanos);
        }

        void open(long nowNanos) {
            reads = true;
            pump(nowNanos);
        }

        @Override
        void onTurn(int steps) {
            inThisTurn = 0;
        }

        @Override
        void onStart(long nowNanos) {}

        @Override
        boolean wantsMore() {
            return reads || all == 0; // the first shows that they come
        }

        @Override
        void onMessage(ByteBuffer message, long nowNanos) {
            all++;
            inThisTurn++;
            mostOfATurn = Math.max(mostOfATurn, inThisTurn);
        }

        @Override
        void onRemoteEnd(long nowNanos) {
            connection().end();
        }

        @Override
        void onFailed(ConnectFailure failure, long nowNanos) {}

        @Override
        void onClosed(@Nullable String error, long nowNanos) {}

        @Override
        boolean service(long nowNanos) {
            return false;
        }
    }

    /** Messages of channel 1, which nobody has opened: 7 million of them in 14 MiB. */
    private static ByteBuffer batch(int length) {
        Writer batch = new Writer(length).uint8(0).uint8(0).uint(1);
        while (batch.length() + 2 <= length) {
            batch.uint(1).uint(0);
        }
        return batch.toByteBuffer();
    }
}
