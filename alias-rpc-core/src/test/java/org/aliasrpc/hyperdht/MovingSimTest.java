package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.BootstrapNode;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.sim.SimRouter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server stays reachable although its public address changes, or its machine sleeps. */
class MovingSimTest {
    private static final KeyPair KEY = SimPeer.keyPair(1000);
    private static final String HOST = "5.5.0.77";

    private final SimRouter router = new SimRouter(HOST, "7.7.0.1");

    /** A reachable server behind the router, up for more than half an hour. */
    private SimPeer server(SimTestnet net) {
        for (int port = 40000; port < 40002; port++) {
            net.network.putBehind(PeerAddress.of(HOST, port), router);
        }
        SimPeer server = SimPeer.start(
                net.network, HOST, 77, rpc -> rpc.bootstrap(List.of(BootstrapNode.of(SimTestnet.BOOTSTRAP))));
        net.network.runUntil(server::isReady, SimTestnet.seconds(60));
        Listener listener = server.listen(KEY);
        assertThat(net.network.runUntil(() -> listener.announcedNodes() > 0, SimTestnet.seconds(60)))
                .isTrue();
        net.network.runFor(SimTestnet.seconds(2000));
        assertThat(server.node.remoteAddress()).isEqualTo(PeerAddress.of("7.7.0.1", server.node.port(SocketId.SERVER)));
        return server;
    }

    private static boolean isReached(SimTestnet net, SimPeer client) {
        Connection connection = client.connect(KEY);
        net.network.runUntil(
                () -> client.opened.contains(connection) || client.isClosed(connection), SimTestnet.seconds(30));
        if (client.opened.contains(connection)) {
            client.send(connection, "hello"); // a client that sends to a dead address takes itself for connected
        }
        net.network.runUntil(
                () -> !client.messages(connection).isEmpty() || client.isClosed(connection), SimTestnet.seconds(3));
        boolean reached = client.messages(connection).equals(List.of("hello"));
        connection.destroy();
        net.network.touch(client);
        return reached;
    }

    private static void isReachedWithin(long seconds, SimTestnet net, SimPeer... clients) {
        long end = net.network.now() + SimTestnet.seconds(seconds);
        for (SimPeer client : clients) {
            boolean reached = isReached(net, client);
            while (!reached && net.network.now() < end) {
                net.network.runFor(SimTestnet.seconds(1));
                reached = isReached(net, client);
            }
            assertThat(reached)
                    .as("nodes %s, client %s", net.nodes.size(), client)
                    .isTrue();
        }
    }

    /** The network's size is the seed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 12})
    void aServerWhosePublicAddressChangesIsReachedAgainByEverybodyWithin20Seconds(int nodes) {
        SimTestnet net = new SimTestnet(nodes, 0).start(nodes);
        SimPeer server = server(net);
        SimPeer open = net.startOpen();
        SimPeer firewalled = net.startFirewalled();
        net.network.runFor(SimTestnet.seconds(30));
        isReachedWithin(0, net, open, firewalled);

        router.move("7.7.0.2");
        isReachedWithin(20, net, open, firewalled);
        assertThat(server.node.remoteAddress()).isEqualTo(PeerAddress.of("7.7.0.2", server.node.port(SocketId.SERVER)));
    }

    /** The clock that times are measured with stands still meanwhile, as on Linux. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerWhoseMachineSleptForAnHourIsReachedWithin20SecondsOfItsWakingUp(boolean elsewhere) {
        SimTestnet net = new SimTestnet(31, 0).start(6);
        SimPeer server = server(net);
        SimPeer open = net.startOpen();
        SimPeer firewalled = net.startFirewalled();
        net.network.runFor(SimTestnet.seconds(30));

        server.sleep();
        net.network.runFor(TimeUnit.HOURS.toNanos(1));
        if (elsewhere) {
            router.move("7.7.0.2");
        }
        server.wakeUp();
        isReachedWithin(20, net, open, firewalled);
        assertThat(server.events(HyperDhtEvent.Rpc.class)).contains(new HyperDhtEvent.Rpc(new RpcEvent.WokeUp()));
        assertThat(server.node.core.epochMillis())
                .isCloseTo(TimeUnit.NANOSECONDS.toMillis(net.network.now()), within(5000L));
    }
}
