package org.aliasrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What options take, and what they say about the rest. */
class OptionsTest {
    @Test
    void bootstrapNodesAreReadAndWrittenAlike() {
        assertThat(BootstrapNode.parse("node1.example:49737")).isEqualTo(new BootstrapNode("node1.example", 49737));
        assertThat(BootstrapNode.parse("192.0.2.7@node1.example:1"))
                .isEqualTo(new BootstrapNode("node1.example", 1, "192.0.2.7"));
        for (String text : List.of("node1.example:49737", "192.0.2.7@node1.example:1")) {
            assertThat(BootstrapNode.parse(text)).hasToString(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", "host:port", "host:0", "host:65536", ":1", "192.0.2.7@:1"})
    void badBootstrapNodesAreRefusedByName(String text) {
        assertThatThrownBy(() -> BootstrapNode.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bootstrap node");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "127.0.0.1.1", "::1", "0x7f000001"})
    void aHostIsAnIpv4Address(String host) {
        assertThatThrownBy(() -> HyperDhtOptions.builder().host(host)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> HyperDhtOptions.builder().port(65_536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HyperDhtOptions.builder().connectionKeepAlive(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LocalTestnet.builder().nodes(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBootstrapperNeedsAnAddress() {
        assertThatThrownBy(() -> HyperDhtOptions.builder()
                        .role(HyperDhtOptions.Role.BOOTSTRAPPER)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host");
    }

    @Test
    void everyBuilderSaysWhatItDoesNotTake() {
        PublicKey key = PublicKey.of(new byte[32]);
        try (LocalTestnetNode node = LocalTestnetNode.alone();
                SecretBytes secret = SecretBytes.copyOf(new byte[32])) {
            var client = AliasRpcClient.builder(key, secret, node.dht());
            assertThatThrownBy(() -> client.timeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
            var swarm = Hyperswarm.builder(node.dht(), node.dht().defaultKeyPair());
            assertThatThrownBy(() -> swarm.connectionsPerPeer(0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> swarm.maxConnections(0)).isInstanceOf(IllegalArgumentException.class);
            try (Hyperswarm built = swarm.build()) {
                var server = AliasRpcServer.builder(built, secret, new Table());
                assertThatThrownBy(() -> server.maxConcurrentRequests(0)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> server.maxRequestBytes(0)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> server.idleTimeout(Duration.ofSeconds(-1)))
                        .isInstanceOf(IllegalArgumentException.class);
                try (AliasRpcServer one = server.build()) {
                    assertThat(one.publicKey()).isEqualTo(built.publicKey());
                    assertThatThrownBy(server::build).isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> built.onConnection(connection -> {}))
                            .isInstanceOf(IllegalStateException.class);
                }
            }
        }
    }

    /** A node whose only bootstrap node is not there. */
    private record LocalTestnetNode(HyperDht dht) implements AutoCloseable {
        static LocalTestnetNode alone() {
            return new LocalTestnetNode(HyperDht.create(HyperDhtOptions.builder()
                    .host("127.0.0.1")
                    .port(0)
                    .bootstrap(List.of(new BootstrapNode("127.0.0.1", 1)))
                    .build()));
        }

        @Override
        public void close() {
            dht.close();
        }
    }
}
