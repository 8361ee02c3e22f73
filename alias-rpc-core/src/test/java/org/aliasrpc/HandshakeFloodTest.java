package org.aliasrpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many clients at a time: workers compute their handshakes, and who is connected is served meanwhile. */
@Timeout(120)
class HandshakeFloodTest {
    private static final Random RANDOM = new Random(41);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();
    private static final int CLIENTS = 200;

    @Test
    void aFloodOfHandshakesGoesToWorkersAndAWarmConnectionIsServed() throws Exception {
        try (LocalTestnet testnet = LocalTestnet.start(2);
                HyperDht node = testnet.newNode();
                Hyperswarm swarm = Hyperswarm.create(node, KeyPair.generate(RANDOM));
                AliasRpcServer server = AliasRpcServer.create(swarm, SECRET, new Table());
                HyperDht other = testnet.newNode();
                HyperDht flooding = testnet.newNode();
                AliasRpcClient client = AliasRpcClient.create(server.publicKey(), SECRET, other)) {
            server.listen();
            client.registerAlias(new AliasRegistration("warm", TARGET, "host", "service"));
            long before = computed();

            List<CompletableFuture<PeerConnection>> flood = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                flood.add(flooding.connectAsync(server.publicKey(), KeyPair.generate(RANDOM))
                        .toCompletableFuture());
            }
            int registered = 0;
            long computed = before;
            CompletableFuture<Void> all = CompletableFuture.allOf(flood.toArray(CompletableFuture<?>[]::new));
            while (!all.isDone()) {
                client.registerAlias(new AliasRegistration("alias " + registered++, TARGET, "host", "service"));
                computed = Math.max(computed, computed());
            }

            all.get(PATIENCE_SECONDS, SECONDS);
            assertThat(registered).isPositive();
            assertThat(Math.max(computed, computed())).isGreaterThan(before);
        }
    }

    /** Threads that have computed handshakes; they live on for some seconds. */
    private static long computed() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("-handshake-"))
                .count();
    }
}
