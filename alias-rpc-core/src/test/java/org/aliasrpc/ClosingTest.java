package org.aliasrpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.testing.Testnets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is given in may be closed early, and what closes ends what it began. */
@Timeout(120)
class ClosingTest {
    private static final Random RANDOM = new Random(29);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();

    @AutoClose
    private static final LocalTestnet testnet = Testnets.start(3);

    @Test
    void aSwarmDoesNotNeedTheKeyPairThatItWasGiven() throws Exception {
        KeyPair given = KeyPair.generate(RANDOM);
        try (HyperDht node = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(node, given);
                AliasRpcServer server = AliasRpcServer.create(swarm, SECRET, new Table());
                HyperDht other = testnet.newNode();
                AliasRpcClient client = AliasRpcClient.create(given.publicKey(), SECRET, other)) {
            given.close();

            server.listen();
            assertThat(client.registerAlias(new AliasRegistration("alias", TARGET, "host", "service")))
                    .isTrue();
        }
    }

    @Test
    void aServerThatClosesKnowsItsSecretUntilTheLastEventOfItsConnections() throws Exception {
        try (HyperDht node = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(node, KeyPair.generate(RANDOM));
                HyperDht other = testnet.newNode();
                AliasRpcClient client = AliasRpcClient.create(swarm.publicKey(), SECRET, other)) {
            LiveAliasRpcServer server = (LiveAliasRpcServer) AliasRpcServer.create(swarm, SECRET, new Table());
            server.listen();
            assertThat(client.registerAliasAsync(new AliasRegistration("alias", TARGET, "host", "service"))
                            .toCompletableFuture())
                    .succeedsWithin(PATIENCE);
            CompletableFuture<Boolean> known = new CompletableFuture<>();

            ((LiveHyperDht) node).loop().execute(() -> {
                server.close();
                // Behind the task that destroys the connections, before the turn in which their last events come.
                server.dht()
                        .loop()
                        .execute(() -> known.complete(server.connectionCount() == 1
                                && server.secrets().nameOf(SECRET) != null));
            });

            assertThat(known.get(PATIENCE_SECONDS, SECONDS)).isTrue();
            await().until(() -> server.connectionCount() == 0);
            CompletableFuture<Boolean> after = new CompletableFuture<>();
            server.dht().loop().execute(() -> after.complete(server.secrets().nameOf(SECRET) != null));
            assertThat(after.get(PATIENCE_SECONDS, SECONDS)).isFalse();
        }
    }
}
