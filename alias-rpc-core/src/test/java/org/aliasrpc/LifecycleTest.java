package org.aliasrpc;

import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.testing.OpenResources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Starting and stopping: what is left behind, and what fails how. */
@Timeout(120)
class LifecycleTest {
    private static final Random RANDOM = new Random(13);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);

    private final Set<Thread> before = threadsOfNodes().collect(Collectors.toSet());

    @ParameterizedTest
    @EnumSource(
            value = HyperDhtOptions.Transport.class,
            names = {"NIO", "EPOLL"})
    void tenLivesOfClientAndServerLeaveNoThreadAndNoFileBehind(HyperDhtOptions.Transport transport) throws Exception {
        assumeTrue(transport == HyperDhtOptions.Transport.NIO || Epoll.isAvailable(), "epoll is missing");
        try (LocalTestnet testnet = LocalTestnet.builder().transport(transport).start()) {
            live(testnet, transport); // loads classes, some of which keep a file or a thread
            await().until(() -> nodeThreads() == testnet.nodes().size());
            long threads = OpenResources.threads();
            long files = OpenResources.files();

            for (int i = 0; i < 10; i++) {
                live(testnet, transport);
            }

            await().untilAsserted(() -> {
                assertThat(OpenResources.threads()).isLessThanOrEqualTo(threads);
                assertThat(OpenResources.files()).isEqualTo(files);
            });
        }
    }

    @Test
    void aTestnetTakesThePortItIsGivenAndGivesItBack() throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        try (LocalTestnet testnet = LocalTestnet.builder().nodes(2).port(port).start()) {
            assertThat(testnet.bootstrap()).containsExactly(new BootstrapNode("127.0.0.1", port));
            assertThat(testnet.nodes()).hasSize(2);
            assertThat(testnet.nodes().get(0).localAddress().getPort()).isEqualTo(port);
            assertThatThrownBy(() -> LocalTestnet.builder().nodes(1).port(port).start())
                    .isInstanceOf(AliasRpcException.ListenFailed.class)
                    .hasMessageContaining(Integer.toString(port));
        }

        new DatagramSocket(port, InetAddress.getLoopbackAddress()).close();
    }

    @Test
    void everyNodeOfATestnetKnowsOthers() throws Exception {
        try (LocalTestnet testnet = LocalTestnet.start(5);
                HyperDht joined = testnet.newNode()) {
            joined.fullyBootstrapped();

            assertThat(joined.stats().nodes()).isEqualTo(5);
            assertThat(testnet.nodes())
                    .allSatisfy(node -> assertThat(node.stats().nodes()).isPositive());
        }
    }

    @Test
    void bootstrapNodesMayBeGivenByName() throws Exception {
        try (LocalTestnet testnet = LocalTestnet.start(2);
                HyperDht joined = HyperDht.create(HyperDhtOptions.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .bootstrap(List.of(new BootstrapNode(
                                "localhost", testnet.bootstrap().get(0).port())))
                        .build())) {
            joined.fullyBootstrapped();

            assertThat(joined.stats().nodes()).isEqualTo(2);
        }
    }

    @Test
    void aServerThatWasThereBeforeItsBootstrapNodesIsFound() throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        HyperDhtOptions early = HyperDhtOptions.builder()
                .host("127.0.0.1")
                .port(0)
                .bootstrap(List.of(new BootstrapNode("127.0.0.1", port)))
                .build();
        try (HyperDht serverNode = HyperDht.create(early);
                Hyperswarm swarm = Hyperswarm.create(serverNode, KeyPair.generate(RANDOM));
                AliasRpcServer server = AliasRpcServer.create(swarm, SECRET, new Table())) {
            CompletableFuture<Void> listening = server.listenAsync().toCompletableFuture();
            serverNode.fullyBootstrapped(); // it has looked for others, and found nobody
            assertThat(listening).isNotDone();

            try (LocalTestnet testnet =
                            LocalTestnet.builder().nodes(3).port(port).start();
                    HyperDht clientNode = testnet.newNode()) {
                assertThat(listening).succeedsWithin(PATIENCE);
                try (AliasRpcClient client = AliasRpcClient.create(server.publicKey(), SECRET, clientNode)) {
                    assertThat(client.registerAlias(
                                    new AliasRegistration("early", server.publicKey(), "host", "service")))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void aHostThatIsNotOursCannotBeBoundTo() {
        HyperDhtOptions elsewhere = HyperDhtOptions.builder()
                .host("192.0.2.1")
                .port(0)
                .bootstrap(List.of(new BootstrapNode("127.0.0.1", 1)))
                .build();

        assertThatThrownBy(() -> HyperDht.create(elsewhere))
                .isInstanceOf(AliasRpcException.ListenFailed.class)
                .hasMessageContaining("192.0.2.1")
                .hasCauseInstanceOf(IOException.class);
        assertThat(failureOf(HyperDht.createAsync(elsewhere).toCompletableFuture()))
                .isInstanceOf(AliasRpcException.ListenFailed.class);
        await().until(() -> nodeThreads() == 0);
    }

    @Test
    void aNodeWithoutNetworkStartsAndEnds() throws Exception {
        HyperDhtOptions alone = HyperDhtOptions.builder()
                .host("127.0.0.1")
                .port(0)
                .bootstrap(List.of(new BootstrapNode("127.0.0.1", 1)))
                .build();
        CompletableFuture<Void> bootstrapped;
        try (HyperDht node = HyperDht.create(alone);
                Hyperswarm swarm = Hyperswarm.create(node, KeyPair.generate(RANDOM))) {
            bootstrapped = node.fullyBootstrappedAsync().toCompletableFuture();
            assertThat(swarm.listenAsync().toCompletableFuture()).isNotDone();
        }
        assertThat(failureOf(bootstrapped)).isInstanceOf(AliasRpcException.Closed.class); // it was not waited for
    }

    private static void live(LocalTestnet testnet, HyperDhtOptions.Transport transport) throws Exception {
        try (HyperDht serverNode =
                        HyperDht.create(testnet.options().transport(transport).build());
                Hyperswarm swarm = Hyperswarm.create(serverNode, KeyPair.generate(RANDOM));
                AliasRpcServer server = AliasRpcServer.create(swarm, SECRET, new Table());
                HyperDht clientNode =
                        HyperDht.create(testnet.options().transport(transport).build())) {
            server.listen();
            try (AliasRpcClient client = AliasRpcClient.create(server.publicKey(), SECRET, clientNode)) {
                assertThat(client.registerAlias(new AliasRegistration("alias", server.publicKey(), "host", "service")))
                        .isTrue();
            }
        }
    }

    /** Threads of nodes of this test that live: those of other tests may still be ending. */
    private long nodeThreads() {
        return threadsOfNodes().filter(thread -> !before.contains(thread)).count();
    }

    private static Stream<Thread> threadsOfNodes() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("alias-rpc-"));
    }
}
