package org.aliasrpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.io.NodeLoop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A registrar that says that it never blocks: called on the loop, and all else as with any other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class NonBlockingRegistrarTest {
    private static final Random RANDOM = new Random(11);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();

    private final Table table = new Table();
    private final Set<Boolean> onLoop = ConcurrentHashMap.newKeySet();
    private final List<AliasServerEvent> events = new CopyOnWriteArrayList<>();
    private final LocalTestnet testnet;
    private final HyperDht node;
    private final HyperDht clientNode;
    private final Hyperswarm swarm;
    private final AliasRpcServer server;
    private final AliasRpcClient client;

    NonBlockingRegistrarTest() throws InterruptedException {
        testnet = LocalTestnet.start(3);
        node = testnet.newNode();
        swarm = Hyperswarm.builder(node, KeyPair.generate(RANDOM))
                .connectionsPerPeer(AliasRpcServer.CONNECTIONS_PER_PEER)
                .build();
        server = AliasRpcServer.builder(swarm, SECRET, AliasRegistrar.nonBlocking(this::register))
                .listener(events::add)
                .build();
        clientNode = testnet.newNode();
        client = AliasRpcClient.builder(server.publicKey(), SECRET, clientNode).build();
    }

    @BeforeAll
    void listen() throws InterruptedException {
        server.listen();
    }

    @AfterAll
    void close() {
        client.close();
        server.close();
        swarm.close();
        clientNode.close();
        node.close();
        testnet.close();
    }

    private CompletionStage<Boolean> register(AliasRegistration registration, AliasRegistrar.Origin origin) {
        onLoop.add(NodeLoop.onLoopThread());
        switch (registration.service()) {
            case "blocks" -> {
                node.close(); // a blocking method
                return CompletableFuture.completedStage(true);
            }
            case "fails" -> {
                return CompletableFuture.failedStage(new AliasRegistrar.Refusal("not today"));
            }
            default -> {
                return table.registerAlias(registration, origin);
            }
        }
    }

    private CompletableFuture<Boolean> register(String alias, String service) {
        return client.registerAliasAsync(new AliasRegistration(alias, TARGET, "host", service))
                .toCompletableFuture();
    }

    @Test
    void itIsCalledOnTheLoopAndItsAnswerCounts() throws Exception {
        assertThat(register("one", "service").get(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(register("one", "service").get(PATIENCE_SECONDS, SECONDS)).isFalse();

        assertThat(onLoop).containsExactly(true);
    }

    @Test
    void manyAtATimeAreAnswered() throws Exception {
        List<CompletableFuture<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            results.add(register("many-" + i, "service"));
        }
        for (CompletableFuture<Boolean> result : results) {
            assertThat(result.get(PATIENCE_SECONDS, SECONDS)).isTrue();
        }
    }

    @Test
    void aRefusalIsToldAndAnExceptionIsNot() {
        assertThatThrownBy(() -> register("refused", "refuse").get(PATIENCE_SECONDS, SECONDS))
                .hasMessageContaining("this alias is taken");
        assertThatThrownBy(() -> register("failed", "fails").get(PATIENCE_SECONDS, SECONDS))
                .hasMessageContaining("not today");
        assertThatThrownBy(() -> register("thrown", "fail").get(PATIENCE_SECONDS, SECONDS))
                .hasMessageContaining("Failed to register alias")
                .hasMessageNotContaining("thrown by a test");
        await().until(() -> events.stream().anyMatch(AliasServerEvent.AliasError.class::isInstance));
    }

    @Test
    void aBlockingMethodOfTheNodeFailsTheRequestAndNotTheNode() throws Exception {
        assertThatThrownBy(() -> register("blocks", "blocks").get(PATIENCE_SECONDS, SECONDS))
                .hasMessageContaining("Failed to register alias");

        assertThat(register("afterwards", "service").get(PATIENCE_SECONDS, SECONDS))
                .isTrue();
    }

    @Test
    void anAnswerMayComeLaterFromAnotherThread() throws Exception {
        CompletableFuture<Boolean> later = register("later", "never");
        await().until(() -> table.registrations.containsKey("later"));
        assertThat(register("meanwhile", "service").get(PATIENCE_SECONDS, SECONDS))
                .isTrue();

        table.answerAll(true);

        assertThat(later.get(PATIENCE_SECONDS, SECONDS)).isTrue();
    }
}
