package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.sim.SimLink;
import org.aliasrpc.sim.SimNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may send to a stream, and where it sends: firewall, change of remote, relay (udx.md §17 to §19, appendix B 29 to 32). */
class PathSimTest {
    private static final long MS = UdxPair.MILLI;
    private static final PeerAddress STRANGER = PeerAddress.of("10.0.0.9", 9);

    private static ByteBuffer data(int id, int seq, String text) {
        return new PacketWriter()
                .begin(Packet.DATA, 0, id, 4096, seq, 0)
                .payload(UdxPair.text(text))
                .finish();
    }

    @Test
    void aFirewallThatConnectsAnswersAtOnce() {
        UdxPair pair = new UdxPair();
        UdxStream server = pair.nodeB.endpoint.createStream(
                10, (stream, socket, from) -> new Firewall.Decision.Connect(socket, 11, from));
        UdxStream client = pair.nodeA.endpoint.createStream(11, Firewall.REFUSE_ALL);
        client.connect(UdxPair.SOCKET, 10, UdxPair.B);
        client.write(UdxPair.text("hello"));
        pair.run(3 * MS);
        assertThat(client.bufferedBytes()).isZero();
        assertThat(server.isConnected()).isTrue();
        assertThat(server.remoteAddress()).isEqualTo(UdxPair.A);
        assertThat(pair.nodeB.inbox(server).events.get(0)).isEqualTo(new UdxEvent.Connected(UdxPair.SOCKET, UdxPair.A));
        assertThat(pair.nodeB.inbox(server).bytes).hasToString("hello");
    }

    @Test
    void anEndBeforeConnectIsReportedAtConnect() {
        UdxPair pair = new UdxPair();
        UdxStream server = pair.nodeB.endpoint.createStream(10, Firewall.ACCEPT_ALL);
        UdxStream client = pair.nodeA.endpoint.createStream(11, Firewall.REFUSE_ALL);
        client.connect(UdxPair.SOCKET, 10, UdxPair.B);
        client.write(UdxPair.text("all"));
        client.end();
        pair.run(100 * MS);
        UdxNode.Inbox inbox = pair.nodeB.inbox(server);
        assertThat(inbox.bytes).hasToString("all");
        assertThat(inbox.ended()).isFalse();
        server.connect(UdxPair.SOCKET, 11, UdxPair.A);
        server.end();
        pair.run(100 * MS);
        assertThat(inbox.ended()).isTrue();
        assertThat(inbox.closed).isEqualTo(UdxEvent.CloseReason.ENDED);
        assertThat(pair.nodeA.inbox(client).closed).isEqualTo(UdxEvent.CloseReason.ENDED);
    }

    @Test
    void bytesWrittenBeforeConnectLeaveAtConnect() {
        UdxPair pair = new UdxPair();
        UdxStream server = pair.nodeB.endpoint.createStream(
                10, (stream, socket, from) -> new Firewall.Decision.Connect(socket, 11, from));
        UdxStream client = pair.nodeA.endpoint.createStream(11, Firewall.REFUSE_ALL);
        client.write(UdxPair.text("early"));
        pair.run(100 * MS);
        assertThat(pair.network.delivered()).isZero();
        client.connect(UdxPair.SOCKET, 10, UdxPair.B);
        pair.run(100 * MS);
        assertThat(pair.nodeB.inbox(server).bytes).hasToString("early");
    }

    @Test
    void strangersCannotInjectAcknowledgeOrDestroy() {
        UdxPair pair = new UdxPair();
        for (int flags : new int[] {Packet.DATA, Packet.END, Packet.DESTROY, Packet.HEARTBEAT, Packet.MESSAGE}) {
            ByteBuffer forged = new PacketWriter().begin(flags, 0, 2, 0, 0, 0).finish();
            pair.nodeB.onDatagram(UdxPair.SOCKET, STRANGER, forged, 0);
            pair.nodeB.onDatagram(SocketId.CLIENT, UdxPair.A, forged, 0);
            pair.nodeB.onDatagram(UdxPair.SOCKET, UdxPair.A.withPort(0), forged, 0);
        }
        pair.run(UdxPair.SECOND);
        assertThat(pair.network.delivered()).as("not even an answer").isZero();
        assertThat(pair.inB().events).isEmpty();
        assertThat(pair.nodeB.strays).isZero();
    }

    @Test
    void expectedSourcesAndThoseTheFirewallAcceptsAreHeard() {
        UdxPair pair = new UdxPair();
        pair.b.expect(STRANGER);
        pair.nodeB.onDatagram(UdxPair.SOCKET, STRANGER, data(2, 0, "expected"), 0);
        UdxStream open = pair.nodeB.endpoint.createStream(5, Firewall.ACCEPT_ALL);
        open.connect(UdxPair.SOCKET, 1, UdxPair.A);
        pair.nodeB.onDatagram(SocketId.CLIENT, STRANGER, data(5, 0, "accepted"), 0);
        pair.run(MS);
        assertThat(pair.textAtB()).isEqualTo("expected");
        assertThat(pair.nodeB.inbox(open).bytes).hasToString("accepted");
        assertThat(open.remoteAddress()).as("accepting changes no remote").isEqualTo(UdxPair.A);
    }

    @Test
    void sourcesAreNotLookedAtWhenTheCheckIsOff() {
        UdxConfig open = UdxConfig.DEFAULT.withCheckSource(false);
        UdxPair pair = new UdxPair(1, SimLink.PERFECT, open, open, 0, 0);
        pair.nodeB.onDatagram(UdxPair.SOCKET, STRANGER, data(2, 0, "any"), 0);
        pair.run(MS);
        assertThat(pair.textAtB()).isEqualTo("any");
    }

    @Test
    void expectedSourcesAreBounded() {
        UdxPair pair = new UdxPair();
        for (int port = 1; port <= StreamCore.MAX_EXPECTED + 1; port++) {
            pair.b.expect(STRANGER.withPort(port));
        }
        pair.nodeB.onDatagram(UdxPair.SOCKET, STRANGER.withPort(1), data(2, 0, "x"), 0);
        pair.run(MS);
        assertThat(pair.textAtB()).isEmpty();
    }

    /** A second address at each host, on a second socket. */
    private static UdxPair withSecondPath(long seed, SimLink link) {
        UdxPair pair = new UdxPair(seed, link);
        pair.network.bind(pair.nodeA, SocketId.CLIENT, UdxPair.A.withPort(2001));
        pair.network.bind(pair.nodeB, SocketId.CLIENT, UdxPair.B.withPort(2002));
        return pair;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aTransferMovesToAnotherPathOnBothSidesAndArrivesIntact(long seed) {
        UdxPair pair = withSecondPath(
                seed, SimLink.PERFECT.withDelayMillis(5).withLoss(0.02).withBandwidth(2_000_000, 60_000));
        Recorder recorder = new Recorder();
        pair.network.tap(recorder);
        byte[] bytes = UdxPair.random(1_000_000, seed);
        pair.a.write(ByteBuffer.wrap(bytes.clone()));
        pair.a.expect(UdxPair.B.withPort(2002));
        pair.b.expect(UdxPair.A.withPort(2001));
        pair.touch();
        pair.network.runUntil(() -> pair.inB().bytes.size() > 300_000, 10 * UdxPair.SECOND);
        int mtu = pair.a.mtu();
        assertThat(mtu).isGreaterThan(1200);
        assertThat(pair.a.changeRemote(SocketId.CLIENT, 2, UdxPair.B.withPort(2002)))
                .isTrue();
        assertThat(pair.a.mtu()).isEqualTo(1200);
        assertThat(pair.a.changeRemote(SocketId.CLIENT, 2, UdxPair.B.withPort(2002)))
                .as("while the first change is not complete")
                .isFalse();
        pair.b.changeRemote(SocketId.CLIENT, 1, UdxPair.A.withPort(2001));
        pair.run(30 * UdxPair.SECOND);
        assertThat(pair.inB().bytes.toByteArray()).as("seed " + seed).isEqualTo(bytes);
        assertThat(pair.inA().count(UdxEvent.RemoteChanged.class)).isEqualTo(1);
        assertThat(pair.inB().count(UdxEvent.RemoteChanged.class)).isEqualTo(1);
        assertThat(recorder.data().get(recorder.data().size() - 1).to()).isEqualTo(UdxPair.B.withPort(2002));
        assertThat(pair.a.changeRemote(UdxPair.SOCKET, 2, UdxPair.B)).isTrue();
    }

    @Test
    void aChangeAwayFromADeadPathIsCompletedOnTheNewOne() {
        UdxPair pair = withSecondPath(1, SimLink.PERFECT.withDelayMillis(5));
        boolean[] dead = {false};
        pair.network.tap((from, to, datagram, now) -> !dead[0] || to.port() > 2000);
        pair.a.write(UdxPair.text("one,"));
        pair.run(100 * MS);
        dead[0] = true;
        pair.a.write(UdxPair.text("two,"));
        pair.run(MS);
        pair.b.expect(UdxPair.A.withPort(2001));
        pair.a.changeRemote(SocketId.CLIENT, 2, UdxPair.B.withPort(2002));
        pair.b.changeRemote(SocketId.CLIENT, 1, UdxPair.A.withPort(2001));
        pair.a.write(UdxPair.text("three"));
        pair.run(3 * UdxPair.SECOND);
        assertThat(pair.textAtB()).isEqualTo("one,two,three");
        assertThat(pair.inA().count(UdxEvent.RemoteChanged.class)).isEqualTo(1);
    }

    @Test
    void aChangeNeedsAConnectedStream() {
        UdxPair pair = new UdxPair();
        UdxStream stream = pair.nodeA.endpoint.createStream(Firewall.REFUSE_ALL);
        assertThat(stream.changeRemote(UdxPair.SOCKET, 2, UdxPair.B)).isFalse();
    }

    /** A – relay – B: the relay's two streams forward to each other. */
    private static final class Relay {
        final SimNetwork network;
        final UdxNode nodeA = new UdxNode(UdxConfig.DEFAULT, 1);
        final UdxNode middle = new UdxNode(UdxConfig.DEFAULT, 2);
        final UdxNode nodeB = new UdxNode(UdxConfig.DEFAULT, 3);
        final PeerAddress left = PeerAddress.of("10.0.0.7", 71);
        final PeerAddress right = PeerAddress.of("10.0.0.7", 72);
        final UdxStream a = nodeA.endpoint.createStream(1, Firewall.REFUSE_ALL);
        final UdxStream b = nodeB.endpoint.createStream(2, Firewall.REFUSE_ALL);
        final UdxStream toA = middle.endpoint.createStream(3, Firewall.REFUSE_ALL);
        final UdxStream toB = middle.endpoint.createStream(4, Firewall.REFUSE_ALL);
        final List<PeerAddress> sourcesAtA = new ArrayList<>();

        Relay(long seed, SimLink link) {
            network = new SimNetwork(seed).defaultLink(link);
            network.bind(nodeA, UdxPair.SOCKET, UdxPair.A);
            network.bind(middle, SocketId.SERVER, left);
            network.bind(middle, SocketId.CLIENT, right);
            network.bind(nodeB, UdxPair.SOCKET, UdxPair.B);
            network.tap((from, to, datagram, now) -> {
                if (to.equals(UdxPair.A)) {
                    sourcesAtA.add(from);
                }
                return true;
            });
            a.connect(UdxPair.SOCKET, 3, left);
            b.connect(UdxPair.SOCKET, 4, right);
            toA.connect(SocketId.SERVER, 1, UdxPair.A);
            toA.relayTo(toB);
            toB.relayTo(toA);
        }

        void run(long nanos) {
            network.touch(nodeA);
            network.touch(middle);
            network.touch(nodeB);
            network.runFor(nanos);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aRelayCarriesATransferBothWaysUnseen(long seed) {
        Relay relay = new Relay(seed, SimLink.PERFECT.withDelayMillis(3).withLoss(0.02));
        relay.toB.connect(SocketId.CLIENT, 2, UdxPair.B);
        byte[] bytes = UdxPair.random(1_000_000, seed);
        relay.a.write(ByteBuffer.wrap(bytes.clone()));
        relay.a.end();
        relay.b.write(UdxPair.text("back"));
        relay.b.end();
        relay.run(60 * UdxPair.SECOND);
        assertThat(relay.nodeB.inbox(relay.b).bytes.toByteArray())
                .as("seed " + seed)
                .isEqualTo(bytes);
        assertThat(relay.nodeA.inbox(relay.a).bytes).hasToString("back");
        assertThat(relay.sourcesAtA).containsOnly(relay.left);
        assertThat(relay.nodeA.inbox(relay.a).closed).isEqualTo(UdxEvent.CloseReason.ENDED);
        assertThat(relay.middle.inboxes).as("the relay sees nothing").isEmpty();
        assertThat(relay.middle.endpoint.streamCount()).as("its owner closes").isEqualTo(2);
        relay.toA.destroy();
        relay.run(UdxPair.SECOND);
        assertThat(relay.middle.endpoint.streamCount()).isZero();
    }

    @Test
    void destroyPassesARelayAndClosesIt() {
        Relay relay = new Relay(1, SimLink.PERFECT);
        relay.toB.connect(SocketId.CLIENT, 2, UdxPair.B);
        relay.a.destroy();
        relay.run(UdxPair.SECOND);
        assertThat(relay.nodeB.inbox(relay.b).closed).isEqualTo(UdxEvent.CloseReason.RESET);
        assertThat(relay.middle.inbox(relay.toA).closed).isEqualTo(UdxEvent.CloseReason.RESET);
        assertThat(relay.middle.inbox(relay.toB).closed).isEqualTo(UdxEvent.CloseReason.DESTROYED);
    }

    @Test
    void heartbeatsPassARelay() {
        Relay relay = new Relay(1, SimLink.PERFECT);
        relay.toB.connect(SocketId.CLIENT, 2, UdxPair.B);
        relay.a.setKeepAlive(100 * MS);
        relay.run(1050 * MS);
        assertThat(relay.sourcesAtA).as("ten answers of B").hasSize(10);
    }

    @Test
    void aRelayWithoutItsOtherSideDropsAndWorksOnceItIsThere() {
        Relay relay = new Relay(1, SimLink.PERFECT);
        relay.a.write(UdxPair.text("x"));
        relay.run(500 * MS);
        assertThat(relay.nodeB.inbox(relay.b).bytes.size()).isZero();
        relay.toB.connect(SocketId.CLIENT, 2, UdxPair.B);
        relay.run(UdxPair.SECOND);
        assertThat(relay.nodeB.inbox(relay.b).bytes).hasToString("x");
    }
}
