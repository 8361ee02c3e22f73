package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever datagrams come in, and in whatever order, the node goes on and ends clean. */
class HyperDhtNodeFuzzTest {
    @FuzzTest(maxDuration = "5m")
    void anyDatagramsAreSurvived(byte[] data) {
        new Run(ByteBuffer.wrap(data)).go();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomDatagramsAreSurvived(long seed) {
        byte[] data = new byte[40_000];
        new Random(seed).nextBytes(data);
        Run run = new Run(ByteBuffer.wrap(data));
        run.go();
        assertThat(run.replies).isGreaterThan(100); // else the datagrams are no test
    }

    /** A persistent node that listens and connects, and a peer that speaks dht-rpc and means no good. */
    private static final class Run {
        private static final KeyPair SERVER = SimPeer.keyPair(500);
        private static final PeerAddress SELF = PeerAddress.of("5.5.5.5", 1);
        private static final List<NodeId> TARGETS =
                List.of(new NodeId(SERVER.publicKey().target()), new NodeId(Bytes.wrap(new byte[32])));
        private static final List<Bytes> VALUES = Stream.of(
                        "handshake", "holepunch", "peer", "announce", "lookupReply", "plugin")
                .flatMap(section -> Vectors.cases("hyperdht", section))
                .map(value -> Vectors.bytes(value, "hex"))
                .toList();

        private final ByteBuffer data;
        private final HyperDhtNode node = new HyperDhtNode(
                HyperDhtConfig.builder(SERVER)
                        .rpc(RpcConfig.builder().publicAddress(SELF).build())
                        .build(),
                new Random(2));
        private long now;
        private long sent;
        private long replies;
        private int lastTid;
        private Bytes token = Bytes.wrap(new byte[32]);

        Run(ByteBuffer data) {
            this.data = data;
            node.start(now);
            drain();
            node.onSocketBound(SocketId.SERVER, SELF.port(), now);
            node.onSocketBound(SocketId.CLIENT, 2, now);
            drain();
            node.listen(ListenOptions.of(SERVER), now);
            assertThat(node.isPersistent()).isTrue();
        }

        private int next() {
            return data.hasRemaining() ? data.get() & 0xff : 0;
        }

        void go() {
            while (data.hasRemaining()) {
                switch (next() % 8) {
                    case 0 -> receive(bytes(next()));
                    case 1 -> receive(reply());
                    case 2 -> advance(TimeUnit.MILLISECONDS.toNanos(10L * next()));
                    case 3 -> {
                        if (next() % 8 == 0) {
                            ConnectOptions options =
                                    ConnectOptions.DEFAULT.withRelayAddresses(List.of(PeerAddress.of("7.7.7.7", 7)));
                            node.connect(SimPeer.keyPair(next()).publicKey(), options, now);
                        }
                    }
                    default -> receive(request());
                }
                drain();
            }
            assertThat(sent).isLessThan(40_000);
            node.close(now);
            advance(TimeUnit.SECONDS.toNanos(3));
            assertThat(node.nextTimeout()).isEqualTo(Long.MAX_VALUE);
            assertThat(node.core.waiting()).isZero();
            assertThat(node.core.udx.streamCount()).isZero();
            assertThat(node.core.handshakes).isZero();
        }

        private void receive(Bytes datagram) {
            PeerAddress from = PeerAddress.of("7.7.7.7", next());
            node.onDatagram(next() % 2 == 0 ? SocketId.SERVER : SocketId.CLIENT, from, datagram.asByteBuffer(), now);
        }

        /** A request as dht-rpc has it (dht-rpc.md §2.2), its value known but maybe damaged. */
        private Bytes request() {
            boolean withToken = next() % 2 == 0;
            boolean withTarget = next() % 16 != 0;
            boolean withValue = next() % 8 != 0;
            Writer out = new Writer().uint8(0x03);
            out.uint8((withToken ? 2 : 0) | (withTarget ? 8 : 0) | (withValue ? 16 : 0));
            out.uint16(next());
            PeerAddress.IPV4_CODEC.encode(out, SELF);
            if (withToken) {
                out.fixed(token);
            }
            out.uint(next() % 12);
            if (withTarget) {
                out.fixed(TARGETS.get(next() % TARGETS.size()).bytes());
            }
            if (withValue) {
                byte[] value = VALUES.get(next() % VALUES.size()).toByteArray();
                if (next() % 2 == 0 && value.length > 0) {
                    value[next() % value.length] = (byte) next();
                }
                out.buffer(Bytes.wrap(value));
            }
            return out.toBytes();
        }

        /** An answer to the last request that the node has sent (dht-rpc.md §2.3). */
        private Bytes reply() {
            Writer out = new Writer()
                    .uint8(0x13)
                    .uint8(16 | (next() % 2 == 0 ? 2 : 0))
                    .uint16(lastTid);
            PeerAddress.IPV4_CODEC.encode(out, SELF);
            return Bytes.concat(out.toBytes(), bytes(next()));
        }

        private Bytes bytes(int length) {
            byte[] content = new byte[Math.min(length, data.remaining())];
            data.get(content);
            return Bytes.wrap(content);
        }

        private void advance(long nanos) {
            long end = now + nanos;
            while (node.nextTimeout() <= end) {
                now = Math.max(now, node.nextTimeout());
                node.onTimeout(now);
                drain();
            }
            now = end;
        }

        private void drain() {
            while (node.pollEvent() != null) {
                // of no interest
            }
            for (Connection active = node.pollActive(); active != null; active = node.pollActive()) {
                while (active.pollEvent() != null) {
                    // of no interest
                }
            }
            for (Transmit out = node.pollTransmit(now); out != null; out = node.pollTransmit(now)) {
                sent++;
                ByteBuffer datagram = out.payload();
                if (datagram.remaining() > 10) {
                    int at = datagram.position();
                    if (datagram.get(at) == 0x13) {
                        replies++;
                        if ((datagram.get(at + 1) & 3)
                                == 3) { // an id, then a token, which is good for the next requests
                            token = Bytes.copyOf(datagram.slice(at + 42, 32));
                        }
                    }
                    lastTid = (datagram.get(at + 2) & 0xff) | (datagram.get(at + 3) & 0xff) << 8;
                }
            }
        }
    }
}
