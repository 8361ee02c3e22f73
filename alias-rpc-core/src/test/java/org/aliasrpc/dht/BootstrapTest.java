package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.net.PeerAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bootstrap addresses and ports (dht-rpc.md §3.3, §9.1, appendix B numbers 3, 5 and 10). */
class BootstrapTest {
    private final SimDht dht = SimDht.ofSize(1, 3);

    @Test
    void textIsReadAsTheReferenceReadsIt() {
        PeerAddress ip = PeerAddress.of("10.0.0.1", 49737);
        assertThat(BootstrapNode.parse("10.0.0.1:49737")).isEqualTo(BootstrapNode.of(ip));
        assertThat(BootstrapNode.parse("node1.example:49737"))
                .isEqualTo(new BootstrapNode(null, "node1.example", 49737));
        assertThat(BootstrapNode.parse("10.0.0.1@node1.example:49737"))
                .isEqualTo(new BootstrapNode(ip, "node1.example", 49737));
        assertThat(BootstrapNode.parse("10.0.0.1@10.0.0.2:49737")).isEqualTo(new BootstrapNode(ip, "10.0.0.2", 49737));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "host",
                ":1",
                "host:",
                "host:0",
                "host:65536",
                "host:x",
                "name@host:1",
                "1.2.3:4",
                "1.2.3.4@:5"
            })
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> BootstrapNode.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSuggestedAddressThatAnswersNeedsNoLookUp() {
        SimRpcNode node = dht.add(from("10.0.0.1@nowhere.example:49737"));
        dht.settle();
        assertThat(node.events(RpcEvent.ResolveRequested.class)).isEmpty();
        assertThat(node.rpc.nodes(99)).contains(Peer.at(SimDht.BOOTSTRAP));
    }

    @Test
    void aSuggestedAddressThatStaysSilentLeadsToTheName() {
        SimRpcNode node = dht.add(from("10.9.9.9@somewhere.example:49737"));
        node.names.put("somewhere.example", PeerAddress.of("10.0.0.1", 0));
        long start = dht.now();
        dht.settle();
        assertThat(dht.now() - start).isGreaterThan(TimeUnit.SECONDS.toNanos(4));
        assertThat(node.events).contains(new RpcEvent.ResolveRequested("somewhere.example"));
        assertThat(node.rpc.nodes(99)).contains(Peer.at(SimDht.BOOTSTRAP));
    }

    @Test
    void anAnswerToALookUpThatNobodyAskedForIsIgnored() {
        SimRpcNode node = dht.add(from("10.9.9.9@somewhere.example:49737"));
        dht.runSeconds(1);
        node.run(rpc -> rpc.onResolved("other.example", PeerAddress.of("10.0.0.1", 0), dht.now()));
        dht.settle();
        assertThat(node.rpc.nodes(99)).isEmpty();
    }

    @Test
    void anAddressBehindASuggestedOneNeedsNoLookUp() {
        SimRpcNode node = dht.add(from("10.9.9.9@10.0.0.1:49737"));
        dht.settle();
        assertThat(node.events(RpcEvent.ResolveRequested.class)).isEmpty();
        assertThat(node.rpc.nodes(99)).contains(Peer.at(SimDht.BOOTSTRAP));
    }

    @Test
    void aNameWithoutAddressIsLeftOut() {
        SimRpcNode node = dht.add(from("nowhere.example:49737", "10.0.0.1:49737"));
        dht.settle();
        assertThat(node.events).contains(new RpcEvent.ResolveRequested("nowhere.example"));
        assertThat(node.rpc.nodes(99)).contains(Peer.at(SimDht.BOOTSTRAP));
    }

    /** In the reference every query of a small network waits for the look-up. */
    @Test
    void whoKnowsTheNetworkDoesNotWaitForANameServiceThatIsAway() {
        SimRpcNode node = dht.prepare("10.0.9.1", from("somewhere.example:49737"));
        node.names.put("somewhere.example", PeerAddress.of("10.0.0.1", 0));
        node.run(rpc -> rpc.start(dht.now()));
        dht.settle();
        int lookUps = node.events(RpcEvent.ResolveRequested.class).size();

        node.answersNames = false;
        long start = dht.now();
        assertThat(node.findNode(dht.nodes.get(2).rpc.tableId()).closestNodes()).hasSize(3);
        assertThat(dht.now() - start).isLessThan(TimeUnit.SECONDS.toNanos(1));
        assertThat(node.findNode(dht.nodes.get(2).rpc.tableId()).closestNodes()).hasSize(3);
        assertThat(node.events(RpcEvent.ResolveRequested.class)).hasSize(lookUps + 1); // one at a time
    }

    @Test
    void aNameThatHasMovedIsFoundAtItsNewAddressTheNextTime() {
        SimRpcNode node = dht.prepare("10.0.9.1", from("somewhere.example:49737"));
        node.names.put("somewhere.example", PeerAddress.of("10.9.9.9", 0));
        node.run(rpc -> rpc.start(dht.now()));
        dht.settle();
        assertThat(node.rpc.nodes(99)).isEmpty();

        node.names.put("somewhere.example", PeerAddress.of("10.0.0.1", 0));
        node.findNode(node.rpc.tableId());
        assertThat(node.findNode(node.rpc.tableId()).closestNodes()).hasSize(3);
    }

    @Test
    void aNodeWhoseBootstrapNodesAreAllSilentIsReadyAllTheSame() {
        SimRpcNode node = dht.add(from("10.9.9.9:1", "10.9.9.9:2"));
        dht.settle();
        assertThat(node.rpc.nodes(99)).isEmpty();
        assertThat(node.rpc.isBootstrapped()).isTrue();
        // It goes on asking, and joins when they are back.
        SimRpcNode late = dht.create(
                "10.9.9.9",
                RpcConfig.builder().publicAddress(PeerAddress.of("10.9.9.9", 1)).build());
        dht.runSeconds(60);
        assertThat(node.rpc.nodes(99)).containsExactly(Peer.at(late.serverAddress()));
    }

    @Test
    void portsAreTriedInOrder() {
        assertThat(RpcConfig.builder().build().serverPorts(0)).containsExactly(0);
        assertThat(RpcConfig.builder().port(49737).build().serverPorts(0))
                .containsExactly(49737, 49738, 49739, 49740, 49741, 0);
        assertThat(RpcConfig.builder().port(49737).build().serverPorts(49739))
                .containsExactly(49739, 49737, 49738, 49740, 49741, 0);
        assertThat(RpcConfig.builder().ports(5, 6).anyPort(false).build().serverPorts(0))
                .containsExactly(5, 6);
        assertThat(RpcConfig.builder().port(65534).build().serverPorts(0)).containsExactly(65534, 65535, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::1", "::"})
    void aBootstrapperNeedsAPublicIpv4Address(String host) {
        assertThatThrownBy(() -> RpcConfig.builder().publicAddress(PeerAddress.of(host, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBootstrapperMayTakeAnyFreePort() {
        SimDht other = new SimDht(3);
        SimRpcNode node = other.create(
                "10.0.0.1",
                RpcConfig.builder().publicAddress(PeerAddress.of("10.0.0.1", 0)).build());
        other.settle();
        assertThat(node.rpc.id()).isEqualTo(NodeId.of(node.serverAddress()));
        assertThat(node.rpc.remoteAddress()).isEqualTo(node.serverAddress());
    }

    private static RpcConfig from(String... nodes) {
        return RpcConfig.builder()
                .bootstrap(List.of(nodes).stream().map(BootstrapNode::parse).toList())
                .mode(RpcConfig.Mode.EPHEMERAL)
                .build();
    }
}
