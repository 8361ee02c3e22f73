package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.Transmit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** CPU of UDX without sockets: one packet, and a bulk stream between two endpoints in memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UdxBenchmark {
    /** Bytes that {@link #bulk} carries: the unit of its result is nanoseconds a megabyte. */
    private static final int MEGABYTES = 16;

    private static final int CHUNK = 64 << 10;

    private final PacketWriter writer = new PacketWriter();
    private final Packet packet = new Packet();
    private final ByteBuffer payload = ByteBuffer.allocate(1200);
    private final ByteBuffer received =
            writer.begin(Packet.DATA, 0, 1, 4 << 20, 2, 3).payload(payload).finish();
    private final byte[] chunk = new byte[CHUNK];
    private final UdxEndpoint a = new UdxEndpoint(UdxConfig.DEFAULT, new Random(1));
    private final UdxEndpoint b = new UdxEndpoint(UdxConfig.DEFAULT, new Random(2));
    private final UdxStream from = a.createStream(Firewall.REFUSE_ALL);
    private final UdxStream to = b.createStream(Firewall.REFUSE_ALL);
    private final ArrayDeque<Transmit> wire = new ArrayDeque<>();
    private long now = 1_000_000_000;
    private long arrived;

    public UdxBenchmark() {
        from.connect(UdxPair.SOCKET, to.localId(), UdxPair.B);
        to.connect(UdxPair.SOCKET, from.localId(), UdxPair.A);
    }

    /** A packet of 1200 bytes of payload is written. */
    @Benchmark
    public ByteBuffer encodePacket() {
        return writer.begin(Packet.DATA, 0, 1, 4 << 20, 2, 3).payload(payload).finish();
    }

    /** The header of a packet is read. */
    @Benchmark
    public long decodePacket() throws DecodeException {
        packet.wrap(received);
        return packet.flags()
                + packet.streamId()
                + packet.rwnd()
                + packet.seq()
                + packet.ack()
                + packet.payloadLength();
    }

    /** A megabyte goes from one endpoint to the other, acknowledgements come back; both sides' CPU. */
    @Benchmark
    @OperationsPerInvocation(MEGABYTES)
    public long bulk() {
        long target = arrived + (long) MEGABYTES * 1_000_000;
        long written = arrived;
        while (arrived < target) {
            while (written < target && from.isWritable()) {
                int length = (int) Math.min(CHUNK, target - written);
                from.write(ByteBuffer.wrap(chunk, 0, length));
                written += length;
            }
            now += 200_000; // turns of 0.2 ms
            turn(a, b, UdxPair.A);
            turn(b, a, UdxPair.B);
        }
        return arrived;
    }

    private void turn(UdxEndpoint sender, UdxEndpoint receiver, PeerAddress source) {
        if (sender.nextTimeout() <= now) {
            sender.onTimeout(now);
        }
        Transmit transmit;
        while ((transmit = sender.pollTransmit(now)) != null) {
            wire.add(transmit);
        }
        while ((transmit = wire.poll()) != null) {
            receiver.onDatagram(UdxPair.SOCKET, source, transmit.payload(), now);
        }
        UdxStream stream;
        while ((stream = receiver.pollActive()) != null) {
            UdxEvent event;
            while ((event = stream.pollEvent()) != null) {
                if (event instanceof UdxEvent.Data data) {
                    arrived += data.bytes().remaining();
                    stream.consumed(data.bytes().remaining());
                }
            }
        }
    }
}
