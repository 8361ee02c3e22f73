package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.sim.SimFirewall;
import org.aliasrpc.sim.SimRouter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a node finds out whether it can be reached (dht-rpc.md §9, appendix B numbers 9, 25 and 26). */
class ReachabilitySimTest {
    private static final long TWENTY_MINUTES = 20 * 60;

    private static final String MOVING = "192.168.0.2";

    private final SimDht dht = SimDht.ofSize(1, 8);
    private final SimRouter router = new SimRouter(MOVING, "203.0.113.1");

    @Test
    void aNodeForcedPersistentTestsItselfAndMovesToItsServerSocket() {
        SimRpcNode node =
                dht.add(SimDht.adaptive().mode(RpcConfig.Mode.PERSISTENT).build());
        assertThat(node.rpc.isFirewalled()).isTrue();
        dht.settle();
        assertThat(node.rpc.isFirewalled()).isFalse();
        assertThat(node.rpc.id()).isEqualTo(NodeId.of(node.serverAddress()));
        assertThat(node.rpc.remoteAddress()).isEqualTo(node.serverAddress());
        assertThat(node.rpc.activeSocket()).isEqualTo(SocketId.SERVER);
        assertThat(node.events(RpcEvent.NatUpdate.class))
                .containsExactly(
                        new RpcEvent.NatUpdate(node.clientAddress()), new RpcEvent.NatUpdate(node.serverAddress()));
        assertThat(node.events(RpcEvent.Persistent.class)).hasSize(1);
        assertThat(dht.nodes.get(0).rpc.nodes(99)).contains(Peer.at(node.serverAddress()));
    }

    @Test
    void anAdaptiveOpenNodeUsesItsServerSocketAtOnceAndIsPersistentAfterTwentyMinutes() {
        SimRpcNode node = dht.add(SimDht.adaptive().build());
        dht.settle();
        assertThat(node.rpc.isFirewalled()).isFalse();
        assertThat(node.rpc.isPersistent()).isFalse();
        assertThat(node.rpc.remoteAddress()).isEqualTo(node.serverAddress());
        dht.runSeconds(TWENTY_MINUTES - 20);
        assertThat(node.rpc.isPersistent()).isFalse();
        dht.runSeconds(40);
        assertThat(node.rpc.isPersistent()).isTrue();
        assertThat(node.events(RpcEvent.Persistent.class))
                .containsExactly(new RpcEvent.Persistent(NodeId.of(node.serverAddress())));
    }

    @Test
    void anEphemeralNodeStaysSoThoughItIsOpen() {
        SimRpcNode node = dht.add(SimDht.ephemeral());
        dht.settle();
        dht.runSeconds(2 * TWENTY_MINUTES);
        assertThat(node.rpc.isPersistent()).isFalse();
        assertThat(node.rpc.remoteAddress()).isEqualTo(node.serverAddress());
        assertThat(dht.nodes.get(0).rpc.nodes(99)).doesNotContain(Peer.at(node.serverAddress()));
    }

    @ParameterizedTest
    @EnumSource(SimFirewall.Ports.class)
    void aNodeBehindAFirewallStaysEphemeralOnItsClientSocket(SimFirewall.Ports ports) {
        SimRpcNode node = behindFirewall(new SimFirewall("203.0.113.1", ports), RpcConfig.Mode.ADAPTIVE);
        dht.settle();
        dht.runSeconds(2 * TWENTY_MINUTES);
        assertThat(node.rpc.isFirewalled()).isTrue();
        assertThat(node.rpc.isPersistent()).isFalse();
        assertThat(node.rpc.remoteAddress()).isNull();
        PeerAddress address = Objects.requireNonNull(node.rpc.natAddress());
        assertThat(address.host()).isEqualTo("203.0.113.1");
        assertThat(address.port() == 0).isEqualTo(ports == SimFirewall.Ports.VARYING);
        // It can use the network all the same.
        NodeId target = dht.nodes.get(3).rpc.tableId();
        assertThat(node.findNode(target).closestNodes())
                .startsWith(dht.nodes.get(3).serverAddress());
    }

    /** The reference removes the nodes that it asked to answer to a firewalled port (dht-rpc.md §7.3, quirk). */
    @Test
    void aFirewallTestCostsNoHealthyNodes() {
        SimRpcNode node =
                behindFirewall(new SimFirewall("203.0.113.1", SimFirewall.Ports.KEPT), RpcConfig.Mode.PERSISTENT);
        dht.settle();
        dht.runSeconds(30);
        assertThat(node.rpc.stats().pingNat().sent()).isEqualTo(5);
        assertThat(node.rpc.stats().pingNat().answered()).isZero();
        assertThat(node.rpc.nodes(99)).hasSize(8);
        assertThat(node.events(RpcEvent.NodeRemoved.class)).isEmpty();
    }

    @Test
    void aFirewalledNodeTestsItselfOnceAnHour() {
        SimRpcNode node =
                behindFirewall(new SimFirewall("203.0.113.1", SimFirewall.Ports.KEPT), RpcConfig.Mode.ADAPTIVE);
        dht.settle();
        dht.runSeconds(TWENTY_MINUTES + 60);
        long probes = node.rpc.stats().pingNat().sent();
        assertThat(probes).isEqualTo(1 + 5); // the quick one at the start, and a whole test
        dht.runSeconds(3 * 3600);
        assertThat(node.rpc.stats().pingNat().sent()).isEqualTo(probes + 3 * 5);
    }

    /** In the reference it is unreachable for good (dht-rpc.md §9.6). */
    @Test
    void aNodeWhosePortIsForwardedLaterFindsOutWithinAnHour() {
        router.forward(false);
        SimRpcNode node = moving(SimDht.adaptive());
        dht.runSeconds(2 * 3600);
        assertThat(node.rpc.remoteAddress()).isNull();

        router.forward(true);
        dht.runSeconds(3600);
        assertThat(node.rpc.remoteAddress()).isEqualTo(PeerAddress.of("203.0.113.1", node.rpc.port(SocketId.SERVER)));
        assertThat(node.rpc.isPersistent()).isTrue();
    }

    @Test
    void aFirstNodeThatDoesNotKnowItsAddressStillServesOthers() {
        SimDht lone = new SimDht(2);
        SimRpcNode first = lone.create(
                "10.0.0.1",
                RpcConfig.builder()
                        .port(49737)
                        .mode(RpcConfig.Mode.PERSISTENT)
                        .firewalled(false)
                        .build());
        lone.settle();
        assertThat(first.rpc.isPersistent()).isFalse();
        SimRpcNode second = lone.add(SimDht.persistent());
        SimRpcNode third = lone.add(SimDht.ephemeral());
        lone.settle();
        assertThat(second.rpc.natAddress()).isEqualTo(second.serverAddress());
        assertThat(second.rpc.isPersistent()).isTrue();
        assertThat(third.findNode(second.rpc.tableId()).closestNodes()).containsExactly(second.serverAddress());
    }

    @Test
    void anAdaptiveNodeLosesItsIdWhenItWakesUpAndAForcedOneDoesNot() {
        SimRpcNode adaptive = dht.add(SimDht.adaptive().build());
        dht.settle();
        dht.runSeconds(TWENTY_MINUTES + 60);
        assertThat(adaptive.rpc.isPersistent()).isTrue();
        SimRpcNode forced = dht.nodes.get(2);
        for (SimRpcNode node : List.of(adaptive, forced)) {
            node.run(RpcNode::wakeUp);
            dht.runSeconds(1);
            assertThat(node.events).contains(new RpcEvent.WokeUp());
        }
        assertThat(adaptive.rpc.isPersistent()).isFalse();
        assertThat(adaptive.events).contains(new RpcEvent.Ephemeral());
        assertThat(adaptive.reply(adaptive.ping(SimDht.BOOTSTRAP)).from().id()).isNotNull();
        assertThat(forced.rpc.isPersistent()).isTrue();
        // It knows no better than before: an hour later it has its id back.
        dht.runSeconds(62 * 60);
        assertThat(adaptive.rpc.isPersistent()).isTrue();
    }

    /** The reference keeps the id, which others do not take for one any more: they forget it (dht-rpc.md §9.6). */
    @Test
    void aNodeForcedPersistentTakesAnotherIdWhenItsAddressChanges() {
        SimRpcNode node = moving(RpcConfig.Mode.PERSISTENT);
        dht.runSeconds(TWENTY_MINUTES);
        assertThat(node.rpc.id()).isEqualTo(NodeId.of(PeerAddress.of("203.0.113.1", 1024)));

        router.move("203.0.113.2");
        dht.runSeconds(5 * 60);
        PeerAddress moved = PeerAddress.of("203.0.113.2", 1024);
        assertThat(node.rpc.remoteAddress()).isEqualTo(moved);
        assertThat(node.rpc.id()).isEqualTo(NodeId.of(moved));
        assertThat(dht.nodes.get(0).rpc.nodes(99)).contains(Peer.at(moved));
    }

    @Test
    void anAdaptiveNodeWhoseAddressChangesHasAnIdAgainAfterAnHour() {
        SimRpcNode node = moving(RpcConfig.Mode.ADAPTIVE);
        dht.runSeconds(TWENTY_MINUTES + 60);
        assertThat(node.rpc.isPersistent()).isTrue();

        router.move("203.0.113.2");
        dht.runSeconds(5 * 60);
        assertThat(node.rpc.isPersistent()).isFalse();
        dht.runSeconds(62 * 60);
        assertThat(node.rpc.id()).isEqualTo(NodeId.of(PeerAddress.of("203.0.113.2", 1024)));
        assertThat(node.events(RpcEvent.Persistent.class)).hasSize(2);
    }

    @Test
    void aGapBetweenTicksIsTakenForSleep() {
        SimRpcNode node = dht.nodes.get(3);
        long now = dht.now();
        node.rpc.onTimeout(now + TimeUnit.SECONDS.toNanos(14));
        node.onTurn(now);
        assertThat(node.events).doesNotContain(new RpcEvent.WokeUp());
        node.rpc.onTimeout(now + TimeUnit.SECONDS.toNanos(30));
        node.onTurn(now);
        assertThat(node.events).contains(new RpcEvent.WokeUp());
    }

    @Test
    void anUnknownAddressIsNullUntilSomebodyStatesIt() {
        SimRpcNode node = dht.add(RpcConfig.builder().build());
        dht.settle();
        assertThat(node.rpc.natAddress()).isNull();
        assertThat(node.rpc.remoteAddress()).isNull();
        node.reply(node.ping(SimDht.BOOTSTRAP));
        assertThat(node.rpc.natAddress()).isEqualTo(node.clientAddress());
    }

    private SimRpcNode moving(RpcConfig.Mode mode) {
        return moving(SimDht.adaptive().mode(mode).firewalled(false));
    }

    private SimRpcNode moving(RpcConfig.Builder config) {
        dht.network.putBehind(PeerAddress.of(MOVING, 1024), router).putBehind(PeerAddress.of(MOVING, 1025), router);
        SimRpcNode node = dht.create(MOVING, config.build());
        dht.settle();
        return node;
    }

    private SimRpcNode behindFirewall(SimFirewall firewall, RpcConfig.Mode mode) {
        SimRpcNode node = dht.add(SimDht.adaptive().mode(mode).build());
        for (int port = 1024; port < 1026; port++) {
            dht.network.putBehind(PeerAddress.of(node.host, port), firewall);
        }
        return node;
    }
}
