package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.junit.jupiter.api.Test;

/** Suspend, resume and close (dht-rpc.md §11, appendix B numbers 22 and 23). */
class LifeCycleTest {
    private static final PeerAddress NOBODY = PeerAddress.of("10.9.9.9", 9);

    private final SimDht dht = SimDht.ofSize(1, 4);
    private final SimRpcNode node = dht.nodes.get(2);

    @Test
    void suspendingFailsWhatIsOutstandingAndClosesTheSockets() {
        long ping = node.ping(NOBODY);
        long query = node.rpc.findNode(QueryOptions.of(NodeId.of(NOBODY), 0, null), dht.now());
        node.run(rpc -> rpc.suspend(dht.now()));
        assertThat(node.outcome(ping)).isEqualTo(new RpcEvent.Failed(ping, RequestFailure.SUSPENDED));
        assertThat(node.awaitQuery(query).failure()).isEqualTo(QueryFailure.SUSPENDED);
        assertThat(node.events(RpcEvent.UnbindRequested.class)).hasSize(2);
        assertThat(node.events).endsWith(new RpcEvent.Suspended());
        assertThat(node.rpc.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        assertThat(node.rpc.pollTransmit()).isNull();
        assertThat(node.rpc.isSuspended()).isTrue();

        int before = node.events.size();
        node.run(rpc -> rpc.suspend(dht.now()));
        long late = node.ping(NOBODY);
        assertThat(node.outcome(late)).isEqualTo(new RpcEvent.Failed(late, RequestFailure.SUSPENDED));
        assertThat(node.events).hasSize(before + 1);
    }

    /** The reference drops the nodes that it is checking when it is suspended. */
    @Test
    void suspendingCostsNoNodes() {
        int known = node.rpc.nodes(99).size();
        node.run(RpcNode::wakeUp);
        dht.runSeconds(9);
        dht.await(() -> node.rpc.stats().activeRequests() > 0); // a check of the nodes that look old now
        node.run(rpc -> rpc.suspend(dht.now()));
        dht.runSeconds(1);
        assertThat(node.rpc.nodes(99)).hasSize(known);
    }

    @Test
    void resumingKeepsThePortsAndOthersCanBootstrapFromTheNode() {
        PeerAddress server = node.serverAddress();
        PeerAddress client = node.clientAddress();
        node.run(rpc -> rpc.suspend(dht.now()));
        dht.runSeconds(100);
        node.run(rpc -> rpc.resume(dht.now()));
        dht.runSeconds(1);
        assertThat(node.serverAddress()).isEqualTo(server);
        assertThat(node.clientAddress()).isEqualTo(client);
        assertThat(node.events).contains(new RpcEvent.WokeUp(), new RpcEvent.Resumed());
        assertThat(node.events(RpcEvent.Listening.class)).hasSize(2);

        SimRpcNode late = dht.add(
                RpcConfig.builder().bootstrap(List.of(BootstrapNode.of(server))).build());
        dht.settle();
        assertThat(late.rpc.nodes(99)).contains(Peer.at(server));
    }

    @Test
    void aNodeSuspendedWhileItBootstrapsDoesSoWhenItIsResumed() {
        SimRpcNode late = dht.add(SimDht.persistent());
        dht.await(() -> late.rpc.stats().activeRequests() > 0);
        late.run(rpc -> rpc.suspend(dht.now()));
        dht.runSeconds(60);
        assertThat(late.rpc.isBootstrapped()).isFalse();
        late.run(rpc -> rpc.resume(dht.now()));
        dht.settle();
        assertThat(late.rpc.isPersistent()).isTrue();
        assertThat(late.events(RpcEvent.Ready.class)).hasSize(1);
    }

    @Test
    void aSocketBoundTooLateIsGivenBack() {
        RpcNode rpc = new RpcNode(RpcConfig.builder().build(), new Random(1));
        rpc.start(0);
        rpc.suspend(0);
        rpc.onSocketBound(SocketId.SERVER, 5, 0);
        RpcEvent last = rpc.pollEvent();
        for (RpcEvent event = last; event != null; event = rpc.pollEvent()) {
            last = event;
        }
        assertThat(last).isEqualTo(new RpcEvent.UnbindRequested(SocketId.SERVER));
        assertThat(rpc.port(SocketId.SERVER)).isZero();
    }

    @Test
    void closingFailsEverythingAndIsReportedOnce() {
        long ping = node.ping(NOBODY);
        long query = node.rpc.findNode(QueryOptions.of(NodeId.of(NOBODY), 0, null), dht.now());
        node.run(rpc -> rpc.close(dht.now()));
        node.run(rpc -> rpc.close(dht.now()));
        assertThat(node.outcome(ping)).isEqualTo(new RpcEvent.Failed(ping, RequestFailure.CLOSED));
        assertThat(node.awaitQuery(query).failure()).isEqualTo(QueryFailure.CLOSED);
        assertThat(node.events).endsWith(new RpcEvent.Closed());
        assertThat(node.events(RpcEvent.Closed.class)).hasSize(1);
        assertThat(node.events(RpcEvent.UnbindRequested.class)).hasSize(2);
        assertThat(node.rpc.nextTimeout()).isEqualTo(Long.MAX_VALUE);

        long late =
                node.rpc.request(NOBODY, new OutgoingRequest(1, null, Bytes.EMPTY), RequestOptions.DEFAULT, dht.now());
        dht.network.touch(node);
        assertThat(node.outcome(late)).isEqualTo(new RpcEvent.Failed(late, RequestFailure.CLOSED));
        node.run(rpc -> rpc.resume(dht.now()));
        node.run(rpc -> rpc.start(dht.now()));
        assertThat(node.rpc.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        assertThat(node.rpc.pollTransmit()).isNull();
    }

    @Test
    void aNetworkChangeIsPassedOn() {
        node.run(RpcNode::onNetworkChange);
        dht.runSeconds(1);
        assertThat(node.events).contains(new RpcEvent.NetworkUpdate(Health.ONLINE));
    }

    @Test
    void aNodeWhoseNetworkIsGoneGoesOfflineAndComesBack() {
        dht.network.tap((from, to, datagram, now) -> !from.host().equals(node.host));
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 4; j++) {
                node.ping(SimDht.BOOTSTRAP);
            }
            dht.runSeconds(5);
        }
        assertThat(node.rpc.health()).isEqualTo(Health.OFFLINE);
        assertThat(node.events).contains(new RpcEvent.NetworkUpdate(Health.OFFLINE));
        dht.network.tap((from, to, datagram, now) -> true);
        for (int j = 0; j < 4; j++) {
            node.ping(SimDht.BOOTSTRAP);
        }
        dht.runSeconds(6);
        assertThat(node.rpc.health()).isEqualTo(Health.ONLINE);
    }
}
