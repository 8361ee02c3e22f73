package org.aliasrpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.io.BreakableLoop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node whose event loop dies is closed, and nobody waits for it for ever. */
@Timeout(120)
class LoopFailureTest {
    private static final Random RANDOM = new Random(23);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();

    @Test
    void aNodeWhoseThreadDiesFailsWhatIsAskedOfIt() throws Exception {
        BreakableLoop breakable = new BreakableLoop("test-breakable");
        try (LocalTestnet testnet = LocalTestnet.start(2);
                HyperDht other = testnet.newNode();
                Hyperswarm server = Hyperswarm.create(other, KeyPair.generate(RANDOM));
                HyperDht node = LiveHyperDht.start(testnet.options().build(), breakable.loop(), "test-breakable");
                Hyperswarm swarm = Hyperswarm.create(node, KeyPair.generate(RANDOM))) {
            ((LiveHyperDht) node).started().get(PATIENCE_SECONDS, SECONDS);
            Table table = new Table();
            AliasRpcServer service = AliasRpcServer.create(server, SECRET, table);
            service.listen();
            AliasRpcClient client = AliasRpcClient.create(server.publicKey(), SECRET, node);
            swarm.listen();
            CompletableFuture<Boolean> pending = client.registerAliasAsync(
                            new AliasRegistration("pending", TARGET, "host", "never"))
                    .toCompletableFuture();
            CompletableFuture<PeerConnection> connecting =
                    node.connectAsync(TARGET).toCompletableFuture();
            await().until(() -> table.registrations.containsKey("pending"));

            breakable.breakDown();

            assertThat(pending)
                    .failsWithin(PATIENCE)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(AliasRpcException.class);
            assertThat(connecting).failsWithin(PATIENCE);
            assertThat(node.connectAsync(TARGET).toCompletableFuture()).failsWithin(PATIENCE);
            assertThat(swarm.closeAsync().toCompletableFuture()).succeedsWithin(PATIENCE);
            assertThat(node.closeAsync().toCompletableFuture()).succeedsWithin(PATIENCE);
            assertThat(node.stats().packetsSent()).isPositive();
            service.close();
        }
    }
}
