package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.sim.SimLink;
import org.aliasrpc.sim.SimNat;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Both ends are ours, the application does what the recorded one did: the same datagrams must leave, in the same order. */
class ScenarioVectorTest {
    private static final long MS = UdxPair.MILLI;

    private final List<String> sent = new ArrayList<>();

    private static JsonNode scenario(String name) {
        return Vectors.cases("udx", "scenarios")
                .filter(s -> Vectors.text(s, "name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> recorded(String name) {
        List<String> lines = new ArrayList<>();
        for (JsonNode datagram : Vectors.elements(Vectors.field(scenario(name), "datagrams"))) {
            lines.add(Vectors.text(datagram, "dir") + " " + Vectors.text(datagram, "hex"));
        }
        return lines;
    }

    /** Two nodes whose datagrams are recorded; everything arrives at once. */
    private UdxPair pair(int seqA, int seqB) {
        UdxPair pair =
                new UdxPair(1, SimLink.PERFECT.withDelayMillis(0.1), UdxConfig.DEFAULT, UdxConfig.DEFAULT, seqA, seqB);
        record(pair);
        return pair;
    }

    private UdxPair pair() {
        return pair(0, 0);
    }

    private void record(UdxPair pair) {
        pair.network.tap((from, to, datagram, now) -> {
            sent.add((from.equals(UdxPair.A) ? "a->b " : "b->a ") + hex(datagram));
            return true;
        });
    }

    private static String hex(ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(datagram.position(), bytes);
        return Vectors.hex(bytes);
    }

    private void write(UdxStream stream, String text) {
        stream.write(UdxPair.text(text));
    }

    @Test
    void coalescedWrites() {
        UdxPair pair = pair();
        write(pair.a, "one,");
        write(pair.a, "two,");
        write(pair.a, "three");
        pair.run(100 * MS);
        assertThat(sent).isEqualTo(recorded("coalesced-writes"));
    }

    @Test
    void bidirectional() {
        UdxPair pair = pair();
        pair.inB().onBytes = () -> {
            if (pair.textAtB().equals("ping")) {
                write(pair.b, "pong");
            }
        };
        pair.inA().onBytes = () -> write(pair.a, "done");
        write(pair.a, "ping");
        pair.run(100 * MS);
        // Data that leaves in the same turn acknowledges for us (udx.md §7.6): the reference says it twice.
        List<String> expected = new ArrayList<>(recorded("bidirectional"));
        expected.remove(3);
        expected.remove(1);
        assertThat(sent).isEqualTo(expected);
    }

    @Test
    void dropFirst() {
        UdxPair pair = pair();
        pair.network.tap((from, to, datagram, now) -> {
            sent.add((from.equals(UdxPair.A) ? "a->b " : "b->a ") + hex(datagram));
            return sent.size() > 1;
        });
        write(pair.a, "first");
        pair.run(999 * MS);
        assertThat(sent).hasSize(1);
        pair.run(100 * MS);
        assertThat(sent).isEqualTo(recorded("drop-first"));
    }

    @Test
    void endBoth() {
        UdxPair pair = pair();
        pair.inB().onEnd = pair.b::end;
        write(pair.a, "bye");
        pair.a.end();
        pair.run(100 * MS);
        // A's two acknowledgements are one, and B's END is one as well: ours are merged in a turn (udx.md §7.6).
        List<String> expected = new ArrayList<>(recorded("end-both"));
        expected.remove(3);
        expected.remove(1);
        assertThat(sent).isEqualTo(expected);
        assertThat(pair.inA().closed).isEqualTo(UdxEvent.CloseReason.ENDED);
        assertThat(pair.inB().closed).isEqualTo(UdxEvent.CloseReason.ENDED);
    }

    @Test
    void endSimultaneous() {
        UdxPair pair = pair();
        pair.a.end();
        pair.b.end();
        pair.run(100 * MS);
        // Which side's last acknowledgement comes first is chance.
        assertThat(sent).containsExactlyInAnyOrderElementsOf(recorded("end-simultaneous"));
    }

    @Test
    void halfOpen() {
        UdxPair pair = pair();
        pair.a.end();
        pair.run(30 * MS);
        write(pair.b, "still here");
        pair.run(30 * MS);
        write(pair.b, "now done");
        pair.b.end();
        pair.run(30 * MS);
        // The last acknowledgement leaves while the closing stream's bytes are unread: its window is smaller by them.
        List<String> expected = new ArrayList<>(recorded("half-open"));
        expected.set(6, expected.get(6).replace("00004000", "f8ff3f00"));
        assertThat(sent).isEqualTo(expected);
        assertThat(pair.inA().closed).isEqualTo(UdxEvent.CloseReason.ENDED);
        assertThat(pair.inB().closed).isEqualTo(UdxEvent.CloseReason.ENDED);
    }

    @Test
    void lostFinalAckIsRepairedByATombstone() {
        UdxPair pair = pair();
        boolean[] dropping = {false};
        pair.network.tap((from, to, datagram, now) -> {
            sent.add((from.equals(UdxPair.A) ? "a->b " : "b->a ") + hex(datagram));
            return !dropping[0] || from.equals(UdxPair.B);
        });
        pair.inB().onEnd = () -> {
            dropping[0] = true;
            pair.b.end();
        };
        write(pair.a, "x");
        pair.a.end();
        pair.run(500 * MS);
        assertThat(pair.inA().closed).isEqualTo(UdxEvent.CloseReason.ENDED);
        dropping[0] = false;
        pair.run(1000 * MS);
        List<String> recorded = recorded("lost-final-ack");
        // Without B's bare acknowledgement: its END is one (udx.md §7.6).
        assertThat(sent).startsWith(recorded.get(0), recorded.get(2), recorded.get(4));
        assertThat(sent).contains(recorded.get(5), recorded.get(4));
        assertThat(pair.inB().closed).as("the reference times out here").isEqualTo(UdxEvent.CloseReason.ENDED);
    }

    @Test
    void destroy() {
        UdxPair pair = pair();
        write(pair.a, "abc");
        pair.run(20 * MS);
        pair.a.destroy();
        pair.run(20 * MS);
        assertThat(sent).isEqualTo(recorded("destroy"));
        assertThat(pair.inA().closed).isEqualTo(UdxEvent.CloseReason.DESTROYED);
        assertThat(pair.inB().closed).isEqualTo(UdxEvent.CloseReason.RESET);
    }

    @Test
    void message() {
        UdxPair pair = pair();
        write(pair.a, "w0");
        pair.run(10 * MS);
        pair.a.sendMessage(UdxPair.text("unordered"));
        pair.run(10 * MS);
        pair.b.sendMessage(UdxPair.text("reply"));
        pair.run(10 * MS);
        write(pair.a, "w1");
        pair.run(10 * MS);
        assertThat(sent).isEqualTo(recorded("message"));
        assertThat(pair.inB().messages).hasSize(1);
        assertThat(pair.inA().messages).hasSize(1);
    }

    @Test
    void keepalive() {
        UdxPair pair = pair();
        pair.a.setKeepAlive(40 * MS);
        pair.run(175 * MS);
        assertThat(sent).isEqualTo(recorded("keepalive"));
        pair.a.setKeepAlive(0);
        pair.run(500 * MS);
        assertThat(sent).isEqualTo(recorded("keepalive"));
    }

    @Test
    void sequenceWrap() {
        UdxPair pair = pair(-2, 100);
        for (int i = 0; i < 4; i++) {
            write(pair.a, "wrap" + i);
            pair.run(10 * MS);
        }
        write(pair.b, "back");
        pair.run(10 * MS);
        assertThat(sent).isEqualTo(recorded("sequence-wrap"));
    }

    @Test
    void preconnectFirewall() {
        UdxPair pair = pair();
        int[] asked = {0};
        UdxStream early = pair.nodeB.endpoint.createStream(
                3, (stream, socket, from) -> ++asked[0] == 1 ? Firewall.Decision.REFUSE : Firewall.Decision.ACCEPT);
        UdxStream a = pair.nodeA.endpoint.createStream(4, Firewall.REFUSE_ALL);
        a.connect(UdxPair.SOCKET, 3, UdxPair.B);
        write(a, "early");
        pair.run(1020 * MS);
        assertThat(pair.nodeB.inbox(early).bytes).hasToString("early");
        assertThat(sent).hasSize(2);
        early.connect(UdxPair.SOCKET, 4, UdxPair.A);
        pair.run(100 * MS);
        List<String> expected = recorded("preconnect-firewall").stream()
                .map(line -> line.replace("a->b ff01010002", "a->b ff01010003")
                        .replace("b->a ff01000001", "b->a ff01000004"))
                .toList();
        assertThat(sent).isEqualTo(expected);
        assertThat(asked[0]).isEqualTo(2);
    }

    @Test
    void changeRemote() {
        UdxPair pair = pair();
        PeerAddress a2 = UdxPair.A.withPort(2001);
        PeerAddress b2 = UdxPair.B.withPort(2002);
        // The second path is another pair of addresses of the same two sockets.
        pair.network.putBehind(UdxPair.A, new SecondPath(UdxPair.A, a2, b2));
        pair.network.putBehind(UdxPair.B, new SecondPath(UdxPair.B, b2, a2));
        pair.a.expect(b2);
        pair.b.expect(a2);
        List<String> paths = new ArrayList<>();
        pair.network.tap((from, to, datagram, now) -> {
            sent.add((from.host().equals(UdxPair.A.host()) ? "a->b " : "b->a ") + hex(datagram));
            paths.add(to.port() > 2000 ? "2" : "1");
            return true;
        });
        write(pair.a, "path one");
        pair.run(20 * MS);
        assertThat(pair.a.changeRemote(UdxPair.SOCKET, 2, b2)).isTrue();
        pair.run(MS);
        assertThat(pair.inA().count(UdxEvent.RemoteChanged.class)).isEqualTo(1);
        write(pair.a, "path two");
        pair.run(20 * MS);
        write(pair.b, "answer on one");
        pair.run(20 * MS);
        pair.b.changeRemote(UdxPair.SOCKET, 1, a2);
        write(pair.b, "answer on two");
        pair.run(20 * MS);
        assertThat(sent).isEqualTo(recorded("change-remote"));
        List<String> recordedPaths = new ArrayList<>();
        for (JsonNode datagram : Vectors.elements(Vectors.field(scenario("change-remote"), "datagrams"))) {
            recordedPaths.add(Vectors.field(datagram, "path").asString());
        }
        assertThat(paths).isEqualTo(recordedPaths);
    }

    /** A second address of one socket: used to send whenever the destination is the peer's second one. */
    private record SecondPath(PeerAddress inside, PeerAddress second, PeerAddress otherSecond) implements SimNat {
        @Override
        public PeerAddress outbound(PeerAddress from, PeerAddress to, long now) {
            return to.equals(otherSecond) ? second : from;
        }

        @Override
        public PeerAddress inbound(PeerAddress outside, PeerAddress from, long now) {
            return inside;
        }

        @Override
        public boolean owns(PeerAddress outside) {
            return outside.equals(second);
        }
    }

    @Test
    void zeroWindow() {
        List<JsonNode> recorded = Vectors.elements(Vectors.field(scenario("zero-window"), "datagrams"));
        UdxPair pair = handDriven();
        write(pair.a, "first");
        pair.run(10 * MS);
        inject(pair, recorded.get(1));
        pair.run(10 * MS);
        write(pair.a, "second");
        pair.run(10 * MS);
        inject(pair, recorded.get(3));
        pair.run(995 * MS);
        inject(pair, recorded.get(5));
        pair.run(1980 * MS);
        assertThat(sent).hasSize(3);
        pair.run(20 * MS);
        inject(pair, recorded.get(7));
        pair.run(10 * MS);
        inject(pair, recorded.get(9));
        pair.run(5000 * MS);
        assertThat(sent)
                .isEqualTo(recorded("zero-window").stream()
                        .filter(l -> l.startsWith("a->b"))
                        .toList());
    }

    @Test
    void silentPeer() {
        UdxPair pair = handDriven();
        List<Long> times = new ArrayList<>();
        pair.network.tap((from, to, datagram, now) -> {
            sent.add("a->b " + hex(datagram));
            times.add(now / MS);
            return false;
        });
        write(pair.a, "anyone there");
        pair.run(12_999 * MS);
        assertThat(sent).isEqualTo(recorded("silent-peer"));
        assertThat(times).containsExactly(0L, 1000L, 3000L, 5000L, 7000L, 9000L, 11000L);
        assertThat(pair.inA().closed).isNull();
        pair.run(2 * MS);
        assertThat(pair.inA().closed).isEqualTo(UdxEvent.CloseReason.TIMED_OUT);
    }

    /** Stream A sends to an address where nobody is. */
    private UdxPair handDriven() {
        UdxPair pair = pair();
        pair.network.unbind(UdxPair.B);
        return pair;
    }

    private static void inject(UdxPair pair, JsonNode datagram) {
        pair.nodeA.onDatagram(
                UdxPair.SOCKET, UdxPair.B, ByteBuffer.wrap(Vectors.hex(datagram, "hex")), pair.network.now());
        pair.touch();
    }
}
