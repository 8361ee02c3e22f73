package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole networks of our nodes as a directory. */
class NetworkSimTest {
    private static boolean announced(List<Listener> listeners) {
        return listeners.stream().allMatch(listener -> listener.announcedNodes() > 0);
    }

    @ParameterizedTest(name = "seed {0}, {1} nodes, loss {2}")
    @CsvSource({"1, 20, 0.3", "2, 60, 0.1", "3, 200, 0.0"})
    void everyAnnouncedKeyIsFoundByEverybody(long seed, int nodes, double loss) {
        SimTestnet net = new SimTestnet(seed, 0).start(nodes);
        net.network.defaultLink(
                SimLink.PERFECT.withLoss(loss).withDelayMillis(10).withJitterMillis(10));
        Random random = new Random(seed);
        List<Listener> listeners = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            SimPeer host = net.nodes.get(random.nextInt(nodes));
            listeners.add(host.listen(SimPeer.keyPair(2000 + i)));
        }
        assertThat(net.network.runUntil(() -> announced(listeners), SimTestnet.seconds(60)))
                .isTrue();

        SimPeer seeker = net.startOpen();
        assertThat(net.network.runUntil(seeker::isReady, SimTestnet.seconds(60)))
                .isTrue();
        for (Listener listener : listeners) {
            long query = seeker.node.findPeer(listener.publicKey(), net.network.now());
            net.network.touch(seeker);
            assertThat(net.network.runUntil(
                            () -> seeker.events(HyperDhtEvent.QueryEnded.class).stream()
                                    .anyMatch(ended -> ended.query() == query),
                            SimTestnet.seconds(60)))
                    .isTrue();
            assertThat(seeker.events(HyperDhtEvent.PeerFound.class)).anySatisfy(found -> {
                assertThat(found.query()).isEqualTo(query);
                assertThat(found.peer().publicKey()).isEqualTo(listener.publicKey());
            });
        }
    }

    @Test
    void manyClientsOfManyServersAreServedAtOnce() {
        SimTestnet net = new SimTestnet(5, 0).start(20);
        net.network.defaultLink(
                SimLink.PERFECT.withLoss(0.05).withDelayMillis(10).withJitterMillis(5));
        List<Listener> listeners = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            listeners.add(net.nodes.get(3 * i).listen(SimPeer.keyPair(2000 + i)));
        }
        assertThat(net.network.runUntil(() -> announced(listeners), SimTestnet.seconds(60)))
                .isTrue();
        SimPeer client = net.startOpen();
        assertThat(net.network.runUntil(client::isReady, SimTestnet.seconds(60)))
                .isTrue();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            connections.add(client.connect(SimPeer.keyPair(2000 + i % 5)));
        }
        assertThat(net.network.runUntil(() -> client.opened.size() == 50, SimTestnet.seconds(60)))
                .isTrue();
        connections.forEach(connection ->
                client.send(connection, connection.remotePublicKey().toString()));
        assertThat(net.network.runUntil(
                        () -> connections.stream()
                                .noneMatch(connection ->
                                        client.messages(connection).isEmpty()),
                        SimTestnet.seconds(60)))
                .isTrue();
        assertThat(connections)
                .allSatisfy(connection -> assertThat(client.messages(connection))
                        .containsExactly(connection.remotePublicKey().toString()));
        assertThat(net.nodes.stream().mapToInt(node -> node.accepted.size()).sum())
                .isEqualTo(50);
    }

    @Test
    void topicsAreAnnouncedLookedUpAndLeft() {
        SimTestnet net = new SimTestnet(6, 0).start(10);
        SimPeer peer = net.startOpen();
        assertThat(net.network.runUntil(peer::isReady, SimTestnet.seconds(60))).isTrue();
        NodeId topic = new NodeId(Bytes.wrap(new byte[32]));
        List<PeerAddress> relays = List.of(PeerAddress.of("5.5.0.1", 1), PeerAddress.of("5.5.0.2", 2));
        List<KeyPair> members = List.of(SimPeer.keyPair(1), SimPeer.keyPair(2));
        for (KeyPair member : members) {
            end(net, peer, peer.node.announce(topic, member, relays, false, net.network.now()));
        }
        assertThat(lookup(net, peer, topic))
                .containsExactlyInAnyOrder(
                        new PeerRecord(members.get(0).publicKey(), relays),
                        new PeerRecord(members.get(1).publicKey(), relays));

        // A repeated announce changes nothing while the record is young, unless it clears (hyperdht.md §12.3).
        end(net, peer, peer.node.announce(topic, members.get(0), List.of(), false, net.network.now()));
        assertThat(lookup(net, peer, topic))
                .contains(new PeerRecord(members.get(0).publicKey(), relays));
        end(net, peer, peer.node.announce(topic, members.get(0), List.of(), true, net.network.now()));
        assertThat(lookup(net, peer, topic))
                .contains(PeerRecord.of(members.get(0).publicKey()));

        end(net, peer, peer.node.unannounce(topic, members.get(0), net.network.now()));
        assertThat(lookup(net, peer, topic))
                .containsExactly(new PeerRecord(members.get(1).publicKey(), relays));
        net.network.runFor(TimeUnit.MINUTES.toNanos(28)); // four thirds of 20 minutes, and a little more
        assertThat(lookup(net, peer, topic)).isEmpty();
    }

    private static void end(SimTestnet net, SimPeer peer, long query) {
        net.network.touch(peer);
        assertThat(net.network.runUntil(
                        () -> peer.events(HyperDhtEvent.QueryEnded.class).stream()
                                .anyMatch(ended -> ended.query() == query),
                        SimTestnet.seconds(60)))
                .isTrue();
        assertThat(peer.events(HyperDhtEvent.QueryEnded.class))
                .filteredOn(ended -> ended.query() == query)
                .singleElement()
                .satisfies(ended -> assertThat(ended.failure()).isNull());
    }

    private static List<PeerRecord> lookup(SimTestnet net, SimPeer peer, NodeId topic) {
        long query = peer.node.lookup(topic, net.network.now());
        end(net, peer, query);
        return peer.events(HyperDhtEvent.LookupResult.class).stream()
                .filter(result -> result.query() == query)
                .flatMap(result -> result.peers().stream())
                .distinct()
                .toList();
    }
}
