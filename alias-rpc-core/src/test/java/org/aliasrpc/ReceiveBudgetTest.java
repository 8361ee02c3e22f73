package org.aliasrpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.testing.Testnets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strangers cannot make a node hold more than it is allowed to, and others are served meanwhile. */
@Timeout(120)
class ReceiveBudgetTest {
    private static final Random RANDOM = new Random(37);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();
    private static final int BUDGET = 4 << 20;
    private static final int LONG_MESSAGE = 3 << 20;
    private static final int STRANGERS = 12;

    @AutoClose
    private static final LocalTestnet testnet = Testnets.start(2);

    @Test
    void manyLongMessagesAtATimeAreNotHeldAndAWarmClientIsServed() throws Exception {
        HyperDhtOptions options = testnet.options().maxReceivedBytes(BUDGET).build();
        try (HyperDht node = HyperDht.create(options);
                Hyperswarm swarm = Hyperswarm.builder(node, KeyPair.generate(RANDOM))
                        .connectionsPerPeer(AliasRpcServer.CONNECTIONS_PER_PEER)
                        .build();
                AliasRpcServer server = AliasRpcServer.create(swarm, SECRET, new Table());
                HyperDht other = testnet.newNode();
                AliasRpcClient client = AliasRpcClient.create(server.publicKey(), SECRET, other)) {
            server.listen();
            assertThat(register(client, "warm")).isTrue();
            List<PeerConnection> strangers = new ArrayList<>();
            for (int i = 0; i < STRANGERS; i++) {
                strangers.add(other.connect(server.publicKey(), KeyPair.generate(RANDOM)));
            }

            long most = 0;
            for (PeerConnection stranger : strangers) {
                // 36 MiB in all. A message that has begun and does not end looks the same until it does.
                var unused = stranger.send(ByteBuffer.allocate(LONG_MESSAGE));
            }
            long closed = 0;
            for (int i = 0; closed == 0 || i < 50; i++) {
                assertThat(register(client, "alias " + i)).isTrue();
                most = Math.max(most, held(node));
                closed = strangers.stream()
                        .filter(stranger ->
                                stranger.closed().toCompletableFuture().isDone())
                        .count();
            }

            assertThat(most).isPositive().isLessThan(BUDGET + (BUDGET >> 1));
            assertThat(closed).isPositive();
            assertThat(server.connectionCount()).isPositive();
            strangers.forEach(PeerConnection::close);
        }
    }

    @Test
    void aServerWithALimitClosesWhoeverBeginsAMuchLongerMessage() throws Exception {
        try (HyperDht node = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(node, KeyPair.generate(RANDOM));
                AliasRpcServer server = AliasRpcServer.builder(swarm, SECRET, new Table())
                        .maxRequestBytes(1000)
                        .build();
                HyperDht other = testnet.newNode()) {
            server.listen();
            try (PeerConnection stranger = other.connect(server.publicKey(), KeyPair.generate(RANDOM));
                    AliasRpcClient client = AliasRpcClient.create(server.publicKey(), SECRET, other)) {
                CompletableFuture<Void> closed = stranger.closed().toCompletableFuture();
                stranger.receive(message -> {});
                var unused = stranger.send(ByteBuffer.allocate(1 << 20));

                assertThat(closed).failsWithin(PATIENCE);
                assertThat(register(client, "alias")).isTrue();
                assertThatThrownBy(() -> register(client, "x".repeat(2000)))
                        .isInstanceOf(AliasRpcException.Refused.class)
                        .hasMessageContaining("too large");
            }
        }
    }

    private static long held(HyperDht node) throws Exception {
        CompletableFuture<Long> held = new CompletableFuture<>();
        ((LiveHyperDht) node).loop().execute(() -> held.complete(((LiveHyperDht) node).heldBytes()));
        return held.get(PATIENCE_SECONDS, SECONDS);
    }

    private static boolean register(AliasRpcClient client, String alias) throws Exception {
        return client.registerAlias(new AliasRegistration(alias, TARGET, "host", "service"));
    }
}
