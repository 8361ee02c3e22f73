package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.net.SocketId;
import org.junit.jupiter.api.Test;

/** Nodes that join under bad conditions still find out what they are. */
class JoinSimTest {
    @Test
    void aNodeStartedBeforeItsNetworkFindsOutThatItCanBeReached() {
        SimTestnet net = new SimTestnet(1, 0);
        SimPeer early = net.startPeer(rpc -> rpc);
        early.listen(SimPeer.keyPair(77));
        net.network.runFor(SimTestnet.seconds(40));
        assertThat(early.isReady()).isTrue();
        assertThat(early.node.isFirewalled()).isTrue();
        net.start(4);
        assertThat(net.network.runUntil(() -> early.node.remoteAddress() != null, SimTestnet.seconds(25)))
                .isTrue();
        assertThat(early.node.remoteAddress()).isEqualTo(early.address(SocketId.SERVER));
        assertThat(early.events(HyperDhtEvent.Rpc.class).stream()
                        .filter(event -> event.event() instanceof RpcEvent.Ready))
                .hasSize(1);
    }

    @Test
    void aPersistentNodeStartedBeforeItsNetworkBecomesOne() {
        SimTestnet net = new SimTestnet(2, 0);
        SimPeer early = net.startPeer(rpc -> rpc.mode(RpcConfig.Mode.PERSISTENT).firewalled(false));
        net.network.runFor(SimTestnet.seconds(10));
        assertThat(early.node.isPersistent()).isFalse();
        net.start(3);
        assertThat(net.network.runUntil(early.node::isPersistent, SimTestnet.seconds(60)))
                .isTrue();
    }

    @Test
    void anAnswerThatComesAfterTheWalkStillShowsThatTheNodeCanBeReached() {
        SimTestnet net = new SimTestnet(3, 0).start(1); // the walk ends with its first answer
        SimPeer peer = net.startPeer(rpc -> rpc);
        net.network.runUntil(peer::isReady, SimTestnet.seconds(5));
        assertThat(peer.node.isFirewalled()).isTrue();
        net.network.runFor(SimTestnet.seconds(1));
        assertThat(peer.node.isFirewalled()).isFalse();
        assertThat(peer.node.remoteAddress()).isEqualTo(peer.address(SocketId.SERVER));
    }
}
