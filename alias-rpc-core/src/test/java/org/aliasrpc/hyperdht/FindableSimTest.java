package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.BootstrapNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server is found, and stays so, whatever happens to the nodes that store its record. */
class FindableSimTest {
    private static final KeyPair SERVER = SimPeer.keyPair(1000);

    /** Whether a new client reaches the server now. */
    private static boolean isFound(SimTestnet net, SimPeer client) {
        Connection connection = client.connect(SERVER);
        net.network.runUntil(
                () -> client.opened.contains(connection) || client.isClosed(connection), SimTestnet.seconds(30));
        boolean found = client.opened.contains(connection);
        connection.destroy();
        net.network.touch(client);
        return found;
    }

    private static SimPeer readyClient(SimTestnet net) {
        SimPeer client = net.startOpen();
        assertThat(net.network.runUntil(client::isReady, SimTestnet.seconds(60)))
                .isTrue();
        return client;
    }

    private static Listener announced(SimTestnet net, SimPeer server) {
        net.network.runUntil(server::isReady, SimTestnet.seconds(60));
        Listener listener = server.listen(SERVER);
        assertThat(net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(60)))
                .isTrue();
        return listener;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 29, 61, 200})
    void aServerStartedBeforeItsNetworkIsFoundWithin30SecondsOfItsComing(int headStartSeconds) {
        SimTestnet net = new SimTestnet(headStartSeconds, 0);
        SimPeer server = net.startOpen();
        Listener listener = server.listen(SERVER);
        net.network.runFor(SimTestnet.seconds(headStartSeconds));
        assertThat(listener.announcedNodes()).isZero();

        net.startBootstrap();
        net.startNode();
        net.startNode();
        long came = net.network.now();
        assertThat(net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(60)))
                .isTrue();
        assertThat(net.network.now() - came).isLessThan(SimTestnet.seconds(25));
        assertThat(isFound(net, readyClient(net))).isTrue();
        assertThat(net.network.now() - came).isLessThan(SimTestnet.seconds(30));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500, 1500, 2500, 5000, 9000})
    void aServerIsFoundAgainWithin15SecondsAfterAllItsRelaysRestarted(int downMillis) {
        SimTestnet net = new SimTestnet(downMillis, 0).start(3);
        SimPeer server = net.startOpen();
        announced(net, server);
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(4000 + downMillis / 3));

        net.nodes.forEach(SimPeer::kill);
        net.nodes.clear();
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(downMillis));
        SimTestnet again = new SimTestnet(net.network).start(3);
        long restarted = net.network.now();
        net.network.runFor(SimTestnet.seconds(15));
        SimPeer client = SimPeer.start(
                net.network, "5.9.9.9", 99, rpc -> rpc.bootstrap(List.of(BootstrapNode.of(SimTestnet.BOOTSTRAP))));
        net.network.runUntil(client::isReady, SimTestnet.seconds(10));
        assertThat(again.nodes).hasSize(3);
        assertThat(isFound(net, client)).isTrue();
        assertThat(net.network.now() - restarted).isLessThan(SimTestnet.seconds(16));
    }

    @Test
    void aServerIsFoundAgainWithin15SecondsAfterAnotherOneOfTheSameKeyStopped() {
        SimTestnet net = new SimTestnet(21, 0).start(4);
        SimPeer first = net.startOpen();
        announced(net, first);
        SimPeer second = net.startOpen();
        Listener stopping = announced(net, second);
        net.network.runFor(SimTestnet.seconds(20));
        SimPeer client = readyClient(net);

        second.close(stopping);
        assertThat(net.network.runUntil(
                        () -> !second.events(HyperDhtEvent.ListenerClosed.class).isEmpty(), SimTestnet.seconds(3)))
                .isTrue();
        assertThat(isFound(net, client)).isFalse(); // the reference's defect: the one that stops takes both away
        net.network.runFor(SimTestnet.seconds(13));
        assertThat(isFound(net, client)).isTrue();
        assertThat(first.accepted).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000, 2500, 4000, 5500, 7000})
    void aServerIsFoundAgainWithin6SecondsAfterAnotherOneOfTheSameKeyWasKilled(int aliveMillis) {
        SimTestnet net = new SimTestnet(aliveMillis, 0).start(4);
        SimPeer first = net.startOpen();
        announced(net, first);
        SimPeer second = net.startOpen();
        announced(net, second);
        SimPeer client = readyClient(net);
        net.network.runFor(TimeUnit.MILLISECONDS.toNanos(20_000 + aliveMillis));
        int acceptedByFirst = first.accepted.size();
        assertThat(isFound(net, client)).isTrue();
        assertThat(first.accepted).hasSize(acceptedByFirst); // all ways lead to the second

        second.kill();
        long killed = net.network.now();
        assertThat(isFound(net, client)).isTrue(); // an attempt that began before the way was mended takes it, too
        assertThat(net.network.now() - killed).isLessThan(SimTestnet.seconds(6));
        assertThat(first.accepted).hasSizeGreaterThan(acceptedByFirst);
    }

    /** Of the nodes that worked before the first is the server's old address; all others that know it were told, too. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void aServerThatRestartedElsewhereIsReachedAtOnceByWhoHadReachedItBefore(int nodes) {
        SimTestnet net = new SimTestnet(nodes, 0).start(nodes);
        SimPeer before = net.startOpen();
        announced(net, before);
        SimPeer client = readyClient(net);
        assertThat(isFound(net, client)).isTrue();

        before.kill();
        SimPeer after = net.startOpen();
        announced(net, after);
        long began = net.network.now();
        assertThat(isFound(net, client)).isTrue();
        assertThat(net.network.now() - began).isLessThan(SimTestnet.seconds(1));
    }

    @Test
    void serversOfOneKeyThatLiveDoNotTakeTheWaysFromEachOther() {
        SimTestnet net = new SimTestnet(5, 0).start(4);
        SimPeer first = net.startOpen();
        announced(net, first);
        SimPeer second = net.startOpen();
        announced(net, second);
        SimPeer client = readyClient(net);

        for (int i = 0; i < 6; i++) {
            net.network.runFor(SimTestnet.seconds(20));
            assertThat(isFound(net, client)).isTrue();
        }

        assertThat(second.accepted).hasSize(6);
        assertThat(first.accepted).isEmpty();
    }

    @Test
    void lookingAfterTheRecordCostsNoMoreDatagramsThanSaid() {
        SimTestnet net = new SimTestnet(6, 0).start(4);
        SimPeer server = net.startOpen();
        announced(net, server);
        net.network.runFor(SimTestnet.seconds(10));
        long before = server.sent;

        net.network.runFor(SimTestnet.seconds(120));

        // Half of the 180 a minute are ours, and what every node sends to look after its table.
        assertThat(server.sent - before).isLessThan(2 * 120);
    }

    @Test
    void standingBehindAnotherServerOfTheSameKeyCostsNoMoreDatagramsThanSaid() {
        SimTestnet net = new SimTestnet(7, 0).start(4);
        SimPeer behind = net.startOpen();
        announced(net, behind);
        SimPeer ahead = net.startOpen();
        announced(net, ahead);
        net.network.runFor(SimTestnet.seconds(10));
        long before = behind.sent + ahead.sent;

        net.network.runFor(SimTestnet.seconds(120));

        // As two servers that have nothing to do with each other, and one more answer a second of the one ahead.
        assertThat(behind.sent + ahead.sent - before).isLessThan(2 * 2 * 120);
    }

    @Test
    void aServerThatClosedIsFoundNoMore() {
        SimTestnet net = new SimTestnet(22, 0).start(4);
        SimPeer server = net.startOpen();
        Listener listener = announced(net, server);
        SimPeer client = readyClient(net);
        assertThat(isFound(net, client)).isTrue();
        long began = net.network.now();
        server.close(listener);
        assertThat(net.network.runUntil(
                        () -> !server.events(HyperDhtEvent.ListenerClosed.class).isEmpty(), SimTestnet.seconds(10)))
                .isTrue();
        assertThat(net.network.now() - began).isLessThan(SimTestnet.seconds(2));
        Connection late = client.connect(SERVER, ConnectOptions.DEFAULT);
        net.network.runUntil(() -> client.isClosed(late), SimTestnet.seconds(30));
        assertThat(client.failure(late)).isEqualTo(ConnectFailure.PEER_NOT_FOUND);
    }

    @Test
    void closingTakesTwoSecondsWhenNobodyAnswers() {
        SimTestnet net = new SimTestnet(23, 0).start(4);
        SimPeer server = net.startOpen();
        announced(net, server);
        net.nodes.forEach(SimPeer::kill);
        long began = net.network.now();
        server.node.close(began);
        net.network.touch(server);
        assertThat(net.network.runUntil(
                        () -> !server.events(HyperDhtEvent.Closed.class).isEmpty(), SimTestnet.seconds(10)))
                .isTrue();
        assertThat(net.network.now() - began).isEqualTo(Announcer.STOP_NANOS);
        assertThat(server.events.get(server.events.size() - 1)).isInstanceOf(HyperDhtEvent.Closed.class);
    }

    @Test
    void aSuspendedServerIsNotFoundAndAResumedOneIs() {
        SimTestnet net = new SimTestnet(24, 0).start(4);
        SimPeer server = net.startOpen();
        Listener listener = announced(net, server);
        SimPeer client = readyClient(net);
        Connection open = client.connect(SERVER);
        net.network.runUntil(open::isOpen, SimTestnet.seconds(5));

        server.node.suspend(net.network.now());
        net.network.touch(server);
        net.network.runFor(SimTestnet.seconds(3));
        assertThat(server.isSuspended()).isTrue();
        assertThat(listener.announcedNodes()).isZero();
        assertThat(client.events(open)).containsExactly(new ConnectionEvent.Closed(ConnectionEvent.CloseReason.RESET));
        assertThat(isFound(net, client)).isFalse();
        Connection refused = server.connect(SimPeer.keyPair(77));
        net.network.runFor(1);
        assertThat(server.failure(refused)).isEqualTo(ConnectFailure.SUSPENDED);

        server.node.resume(net.network.now());
        net.network.touch(server);
        assertThat(net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(10)))
                .isTrue();
        assertThat(isFound(net, client)).isTrue();
    }

    @Test
    void aPauseMayEndBeforeItBegan() {
        SimTestnet net = new SimTestnet(25, 0).start(4);
        SimPeer server = net.startOpen();
        Listener listener = announced(net, server);
        server.node.suspend(net.network.now());
        server.node.resume(net.network.now());
        net.network.touch(server);
        net.network.runFor(SimTestnet.seconds(3));
        assertThat(listener.announcedNodes()).isPositive();
        assertThat(isFound(net, readyClient(net))).isTrue();
        server.node.suspend(net.network.now());
        server.node.close(net.network.now());
        net.network.touch(server);
        assertThat(net.network.runUntil(
                        () -> !server.events(HyperDhtEvent.Closed.class).isEmpty(), SimTestnet.seconds(5)))
                .isTrue();
        assertThat(server.events(HyperDhtEvent.ListenerClosed.class)).hasSize(1);
    }
}
