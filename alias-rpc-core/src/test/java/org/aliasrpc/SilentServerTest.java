package org.aliasrpc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.awaitQuietly;
import static org.aliasrpc.testing.Waiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server's process stands still, as after SIGKILL but for the silent port: clients do not wait for UDX to give up. */
@Timeout(120)
class SilentServerTest {
    private static final Random RANDOM = new Random(51);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

    /** What UDX needs is 13 s; what we need is 3 s after the last acknowledgement, which can follow a packet by 3 s. */
    private static final Duration SOON = Duration.ofSeconds(11);

    private final CountDownLatch standstill = new CountDownLatch(1);
    private final Semaphore lost = new Semaphore(0);
    private LocalTestnet testnet;
    private HyperDht serverNode;
    private HyperDht clientNode;
    private AliasRpcClient client;

    @BeforeEach
    void start() throws Exception {
        testnet = LocalTestnet.start(2);
        serverNode = testnet.newNode();
        AliasRpcServer server =
                AliasRpcServer.create(Hyperswarm.create(serverNode, KeyPair.generate(RANDOM)), SECRET, new Table());
        server.listen();
        clientNode = HyperDht.create(
                testnet.options().connectionKeepAlive(KEEP_ALIVE).build());
        client = AliasRpcClient.builder(server.publicKey(), SECRET, clientNode)
                .timeout(PATIENCE)
                .listener(new AliasClientEvent.Listener() {
                    @Override
                    public void onEvent(AliasClientEvent event) {}

                    @Override
                    public void onConnectionLost() {
                        lost.release();
                    }
                })
                .build();
        assertThat(register("before")).succeedsWithin(PATIENCE);
    }

    @AfterEach
    void stop() {
        standstill.countDown();
        client.close();
        clientNode.close();
        serverNode.close();
        testnet.close();
    }

    private void standStill() {
        ((LiveHyperDht) serverNode).loop().execute(() -> {
            awaitQuietly(standstill);
        });
    }

    private CompletableFuture<Boolean> register(String alias) {
        return client.registerAliasAsync(new AliasRegistration(alias, TARGET, "host", "service"))
                .toCompletableFuture();
    }

    @Test
    void aRequestLearnsThatNobodyAcknowledgesIt() throws Exception {
        standStill();
        CompletableFuture<Boolean> request = register("in vain");
        assertThat(failureOf(request))
                .isInstanceOf(AliasRpcException.ConnectionLost.class)
                .hasMessage("the other end acknowledges nothing"); // which is not what UDX says
        assertThat(lost.tryAcquire(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    @Test
    void anIdleClientLearnsThatNobodyAcknowledgesKeepAlives() throws Exception {
        assertThat(lost.tryAcquire(KEEP_ALIVE.toMillis() + 500, MILLISECONDS)).isFalse(); // they are acknowledged
        standStill();
        assertThat(lost.tryAcquire(SOON.toSeconds(), SECONDS)).isTrue();
    }
}
