package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, nothing is thrown and nothing grows without bound; whatever is done, bytes arrive as written. */
class UdxFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void anyBytesAreAPacketOrRefused(byte[] data) {
        decode(data);
    }

    @FuzzTest(maxDuration = "5m")
    void anyPacketsOfThePeerAreSurvived(byte[] data) {
        new HostilePeer().run(data);
    }

    @FuzzTest(maxDuration = "5m")
    void anyOperationsDeliverWhatWasWritten(byte[] data) {
        new UdxOperations(data).run();
    }

    @Test
    void everyPrefixAndEveryChangedByteOfARecordedDatagramIsSurvived() {
        Vectors.cases("udx", "scenarios")
                .flatMap(scenario -> Vectors.elements(Vectors.field(scenario, "datagrams")).stream())
                .map(datagram -> Vectors.hex(datagram, "hex"))
                .forEach(datagram -> {
                    for (int length = 0; length <= Math.min(datagram.length, 64); length++) {
                        decode(Arrays.copyOf(datagram, length));
                    }
                    HostilePeer peer = new HostilePeer();
                    for (int at = 0; at < Math.min(datagram.length, 64); at++) {
                        for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                            byte[] changed = datagram.clone();
                            changed[at] = (byte) value;
                            decode(changed);
                            peer.send(changed);
                        }
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomPacketsOfThePeerAreSurvived(long seed) {
        byte[] data = new byte[200_000];
        new Random(seed).nextBytes(data);
        assertThat(new HostilePeer().run(data)).as("it was not all for nothing").isGreaterThan(1000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void randomOperationsDeliverWhatWasWritten(long seed) {
        byte[] data = new byte[6_000];
        new Random(seed).nextBytes(data);
        assertThat(new UdxOperations(data).run())
                .as("bytes that arrived, seed " + seed)
                .isPositive();
    }

    private static void decode(byte[] data) {
        Packet packet = new Packet();
        try {
            packet.wrap(ByteBuffer.wrap(data));
        } catch (DecodeException e) {
            return; // refused; anything else that is thrown fails the test
        }
        byte[] payload = new byte[packet.payloadLength()];
        packet.copyPayload(payload, 0);
        for (int block = 0; block < packet.sackCount(); block++) {
            packet.sackStart(block);
            packet.sackEnd(block);
        }
        assertThat(packet.sackCount()).isLessThanOrEqualTo(Packet.MAX_SACK_BLOCKS);
        assertThat(payload.length).isLessThanOrEqualTo(data.length - Packet.HEADER_LENGTH);
    }

    /** A peer that knows the ids and sends packets with plausible and wild fields. */
    private static final class HostilePeer {
        private static final int WINDOW = 50_000;

        private final UdxConfig config = UdxConfig.DEFAULT.withReceiveWindowBytes(WINDOW);
        private final UdxEndpoint endpoint = new UdxEndpoint(config, new Random(1));
        private UdxStream stream = newStream();
        private long now = 1;
        private int answers;
        private int received;

        private UdxStream newStream() {
            UdxStream created = endpoint.createStream(Firewall.REFUSE_ALL);
            created.connect(UdxPair.SOCKET, 2, UdxPair.A);
            created.write(ByteBuffer.wrap(new byte[100_000]));
            return created;
        }

        /** Reads packets out of the data; answers how many were answered. */
        int run(byte[] data) {
            ByteBuffer in = ByteBuffer.wrap(data);
            while (in.remaining() >= 12) {
                int flags = in.get() & 0xff;
                int wild = in.get() & 0xff;
                int seq = (wild & 3) == 0 ? in.getInt() : received + (in.getInt() & 0x1f) - 4;
                int ack = (wild & 12) == 0 ? in.getInt() : in.getInt() & 0x3f;
                int rwnd = in.getShort() << (wild >>> 4);
                if ((wild & 0x30) != 0) {
                    flags &= ~Packet.DESTROY;
                }
                byte[] tail = new byte[Math.min(in.remaining(), wild)];
                in.get(tail);
                int offset = (wild & 0x40) == 0 ? 0 : wild & 0x1f;
                send(bytes(new PacketWriter()
                        .begin(flags, offset, stream.localId(), rwnd, seq, ack)
                        .payload(ByteBuffer.wrap(tail))));
            }
            return answers;
        }

        private static byte[] bytes(PacketWriter out) {
            ByteBuffer packet = out.finish();
            byte[] bytes = new byte[packet.remaining()];
            packet.get(bytes);
            return bytes;
        }

        void send(byte[] datagram) {
            now += 50_000;
            endpoint.onDatagram(UdxPair.SOCKET, UdxPair.A, ByteBuffer.wrap(datagram), now);
            if (endpoint.nextTimeout() <= now) {
                endpoint.onTimeout(now);
            }
            UdxStream active;
            while ((active = endpoint.pollActive()) != null) {
                UdxEvent event;
                while ((event = active.pollEvent()) != null) {
                    if (event instanceof UdxEvent.Data bytes) {
                        received++;
                        active.consumed(bytes.bytes().remaining());
                    }
                }
            }
            Transmit transmit;
            int burst = 0;
            while ((transmit = endpoint.pollTransmit(now)) != null) {
                assertThat(transmit.payload().remaining()).isBetween(Packet.HEADER_LENGTH, PacketWriter.MAX_DATAGRAM);
                burst++;
                answers++;
            }
            assertThat(burst).isLessThan(1000);
            StreamCore core = endpoint.stream(stream.localId());
            if (core == null) {
                assertThat(stream.isClosed()).isTrue();
                stream = newStream();
                received = 0;
            } else {
                assertThat(core.receiver().window()).isBetween(0, WINDOW);
                assertThat(stream.bufferedBytes()).isBetween(0L, 100_000L);
            }
        }
    }
}
