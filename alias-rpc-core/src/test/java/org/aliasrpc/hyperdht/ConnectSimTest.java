package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.BootstrapNode;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients and servers on a DHT of our nodes, in virtual time. */
class ConnectSimTest {
    private static final KeyPair SERVER = SimPeer.keyPair(1000);

    private enum Reach {
        OPEN,
        FIREWALLED
    }

    @ParameterizedTest(name = "seed {0}, loss {1}, server {2}, client {3}")
    @CsvSource({
        "1, 0.0, OPEN, OPEN",
        "2, 0.0, OPEN, FIREWALLED",
        "3, 0.0, FIREWALLED, OPEN",
        "4, 0.1, OPEN, OPEN",
        "5, 0.1, FIREWALLED, OPEN",
        "6, 0.2, OPEN, FIREWALLED",
        "7, 0.3, OPEN, OPEN",
        "8, 0.3, FIREWALLED, OPEN"
    })
    void dataGoesBothWays(long seed, double loss, Reach serverReach, Reach clientReach) {
        SimTestnet net = new SimTestnet(seed, 0).start(5);
        SimPeer server = serverReach == Reach.OPEN ? net.startOpen() : net.startFirewalled();
        SimPeer client = clientReach == Reach.OPEN ? net.startOpen() : net.startFirewalled();
        assertThat(net.network.runUntil(() -> server.isReady() && client.isReady(), SimTestnet.seconds(60)))
                .isTrue();
        assertThat(client.node.isFirewalled()).isEqualTo(clientReach == Reach.FIREWALLED);
        net.network.defaultLink(SimLink.PERFECT
                .withLoss(loss)
                .withDuplicate(loss / 2)
                .withReorder(loss)
                .withDelayMillis(5));
        Listener listener = server.listen(SERVER);
        assertThat(net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(60)))
                .isTrue();

        Connection connection = client.connect(SERVER);
        assertThat(net.network.runUntil(() -> !client.opened.isEmpty(), SimTestnet.seconds(60)))
                .isTrue();
        for (int i = 0; i < 20; i++) {
            client.send(connection, "message " + i);
        }
        assertThat(net.network.runUntil(() -> client.messages(connection).size() == 20, SimTestnet.seconds(120)))
                .isTrue();
        assertThat(server.accepted).singleElement().satisfies(accepted -> {
            assertThat(accepted.remotePublicKey()).isEqualTo(client.node.publicKey());
            assertThat(accepted.handshakeHash()).isEqualTo(connection.handshakeHash());
            assertThat(accepted.isInitiator()).isFalse();
        });
        connection.end();
        net.network.touch(client);
        assertThat(net.network.runUntil(() -> client.isClosed(connection), SimTestnet.seconds(120)))
                .isTrue();
        assertThat(client.events(connection))
                .endsWith(
                        new ConnectionEvent.RemoteEnded(),
                        new ConnectionEvent.Closed(ConnectionEvent.CloseReason.ENDED));
    }

    @Test
    void firewalledEndsOnOneNetworkMeetThere() {
        SimTestnet net = new SimTestnet(11, 0).start(5);
        SimPeer server = net.startFirewalled();
        net.network.runUntil(server::isReady, SimTestnet.seconds(10));
        Listener listener = server.listen(SERVER);
        net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(10));
        Connection connection = server.connect(SERVER); // from the same host, which is what counts
        assertThat(net.network.runUntil(() -> !server.opened.isEmpty(), SimTestnet.seconds(10)))
                .isTrue();
        server.send(connection, "hello");
        assertThat(net.network.runUntil(() -> !server.messages(connection).isEmpty(), SimTestnet.seconds(10)))
                .isTrue();
        assertThat(connection.socket()).isEqualTo(SocketId.SERVER);
    }

    /** At the boot of a machine, say: then its local addresses are not known. Leases that end are the same. */
    @Test
    void aServerStartedBeforeItsInterfacesIsReachedOnItsOwnNetworkBySecondAttempts() {
        SimTestnet net = new SimTestnet(13, 0).start(5);
        RpcConfig rpc = RpcConfig.builder()
                .bootstrap(List.of(BootstrapNode.of(SimTestnet.BOOTSTRAP)))
                .quickFirewall(false)
                .mode(RpcConfig.Mode.EPHEMERAL)
                .build();
        HyperDhtConfig config =
                HyperDhtConfig.builder(SimPeer.keyPair(14)).rpc(rpc).build();
        SimPeer server = new SimPeer(net.network, "5.5.7.7", config, 14);
        server.start();
        net.network.runUntil(server::isReady, SimTestnet.seconds(10));
        Listener listener = server.listen(SERVER);
        net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(10));
        net.network.runFor(NodeCore.LOCAL_HOSTS_NANOS);

        Connection first = server.connect(SERVER);
        net.network.runUntil(() -> server.isClosed(first), SimTestnet.seconds(10));
        Connection second = server.connect(SERVER);
        net.network.runUntil(second::isOpen, SimTestnet.seconds(10));
        server.send(second, "hello");
        assertThat(net.network.runUntil(() -> !server.messages(second).isEmpty(), SimTestnet.seconds(10)))
                .isTrue();
        int lookUps = server.events(HyperDhtEvent.LocalHostsRequested.class).size();
        Connection third = server.connect(SERVER);
        assertThat(net.network.runUntil(third::isOpen, SimTestnet.seconds(1))).isTrue();
        assertThat(server.events(HyperDhtEvent.LocalHostsRequested.class)).hasSize(lookUps); // not for each handshake
    }

    @Test
    void firewalledEndsOnDifferentNetworksAreToldThatHolesCannotBePunched() {
        SimTestnet net = new SimTestnet(12, 0).start(5);
        SimPeer server = net.startFirewalled();
        SimPeer client = net.startFirewalled();
        net.network.runUntil(() -> server.isReady() && client.isReady(), SimTestnet.seconds(10));
        Listener listener = server.listen(SERVER);
        net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(10));
        Connection connection = client.connect(SERVER);
        net.network.runUntil(() -> client.isClosed(connection), SimTestnet.seconds(30));
        assertThat(client.failure(connection)).isEqualTo(ConnectFailure.CANNOT_HOLEPUNCH);
    }

    @Test
    void anUnknownKeyIsNotFound() {
        SimTestnet net = new SimTestnet(13, 0).start(5);
        SimPeer client = net.startOpen();
        net.network.runUntil(client::isReady, SimTestnet.seconds(10));
        Connection connection = client.connect(SERVER);
        net.network.runUntil(() -> client.isClosed(connection), SimTestnet.seconds(30));
        assertThat(client.failure(connection)).isEqualTo(ConnectFailure.PEER_NOT_FOUND);
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void aRejectedClientSeesSilence() {
        SimTestnet net = new SimTestnet(14, 0).start(5);
        SimPeer server = net.startOpen();
        SimPeer client = net.startOpen();
        net.network.runUntil(() -> server.isReady() && client.isReady(), SimTestnet.seconds(10));
        Listener listener = server.listen(
                ListenOptions.of(SERVER).withFilter((key, payload, from) -> HandshakeFilter.Verdict.REJECT));
        net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(10));
        Connection connection = client.connect(SERVER);
        net.network.runUntil(() -> client.isClosed(connection), SimTestnet.seconds(30));
        assertThat(client.failure(connection)).isEqualTo(ConnectFailure.PEER_CONNECTION_FAILED);
        assertThat(server.accepted).isEmpty();
    }

    @Test
    void theOwnersVerdictIsAwaited() {
        SimTestnet net = new SimTestnet(15, 0).start(5);
        SimPeer server = net.startOpen();
        SimPeer client = net.startOpen();
        net.network.runUntil(() -> server.isReady() && client.isReady(), SimTestnet.seconds(10));
        Listener listener =
                server.listen(ListenOptions.of(SERVER).withFilter((key, payload, from) -> HandshakeFilter.Verdict.ASK));
        net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(10));
        client.connect(SERVER);
        net.network.runFor(SimTestnet.seconds(2));
        List<HyperDhtEvent.VerdictRequested> asked = server.events(HyperDhtEvent.VerdictRequested.class);
        assertThat(asked).hasSize(1);
        assertThat(server.accepted).isEmpty();
        server.node.onVerdict(asked.get(0).handshake(), true, net.network.now());
        net.network.touch(server);
        assertThat(net.network.runUntil(() -> !client.opened.isEmpty(), SimTestnet.seconds(5)))
                .isTrue();
        assertThat(server.accepted).hasSize(1);
    }

    @Test
    void handshakesMayBeComputedElsewhere() {
        SimTestnet net = new SimTestnet(16, 0).start(5);
        SimPeer server = net.startOffloading();
        SimPeer client = net.startOffloading();
        net.network.runUntil(() -> server.isReady() && client.isReady(), SimTestnet.seconds(10));
        Listener listener = server.listen(SERVER);
        net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(10));
        client.holdWork = true;
        Connection connection = client.connect(SERVER);
        for (int step = 0; step < 2; step++) {
            net.network.runFor(SimTestnet.seconds(1));
            assertThat(client.opened).isEmpty();
            assertThat(client.work).hasSize(1);
            client.finishWork();
        }
        assertThat(client.opened).containsExactly(connection);
        client.send(connection, "hello");
        assertThat(net.network.runUntil(() -> !client.messages(connection).isEmpty(), SimTestnet.seconds(5)))
                .isTrue();

        Connection dropped = client.connect(SERVER);
        net.network.runFor(SimTestnet.seconds(1));
        dropped.destroy();
        client.finishWork();
        net.network.runFor(SimTestnet.seconds(15));
        assertThat(client.failure(dropped)).isEqualTo(ConnectFailure.DESTROYED);
        assertThat(client.node.core.udx.streamCount()).isEqualTo(1);
        assertThat(client.node.core.waiting()).isZero();
    }
}
