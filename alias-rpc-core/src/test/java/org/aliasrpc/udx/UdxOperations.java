package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.sim.SimLink;

/** Two honest ends, driven by bytes: each does something, or something to the network between them. */
final class UdxOperations {
    private static final int MAX_BYTES = 500_000;

    private final ByteBuffer script;
    private final UdxPair pair;
    private final ByteArrayOutputStream[] written = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
    private final boolean[] ended = new boolean[2];
    private boolean destroyed;

    UdxOperations(byte[] script) {
        this.script = ByteBuffer.wrap(script);
        UdxConfig small = UdxConfig.DEFAULT.withReceiveWindowBytes(40_000);
        pair = new UdxPair(7, SimLink.PERFECT, UdxConfig.DEFAULT, small, -5, 1 << 31);
        pair.network.bind(pair.nodeA, SocketId.CLIENT, UdxPair.A.withPort(2001));
        pair.a.expect(UdxPair.B);
        pair.b.expect(UdxPair.A.withPort(2001));
    }

    /** Runs the script, then heals the network: all that was written arrives. Answers how many bytes that were. */
    int run() {
        while (script.remaining() >= 2) {
            int operation = script.get() & 0xff;
            int argument = script.get() & 0xff;
            int side = operation & 1;
            step(operation >>> 1 & 15, side, argument);
            if (!destroyed && script.position() % 64 == 0) {
                prefix(0, pair.inB());
                prefix(1, pair.inA());
            }
        }
        pair.network.defaultLink(SimLink.PERFECT);
        hold(0, false);
        hold(1, false);
        pair.run(60 * UdxPair.SECOND);
        if (!destroyed && pair.inA().closed == null && pair.inB().closed == null) {
            assertThat(pair.inB().bytes.toByteArray()).isEqualTo(written[0].toByteArray());
            assertThat(pair.inA().bytes.toByteArray()).isEqualTo(written[1].toByteArray());
            assertThat(pair.a.bufferedBytes()).isZero();
            assertThat(pair.b.bufferedBytes()).isZero();
            assertThat(pair.inB().ended()).isEqualTo(ended[0]);
            assertThat(pair.inA().ended()).isEqualTo(ended[1]);
            assertThat(ended[0] && ended[1]).as("then both would be closed").isFalse();
        } else if (!destroyed && pair.inA().closed == UdxEvent.CloseReason.ENDED) {
            assertThat(pair.inB().bytes.toByteArray()).isEqualTo(written[0].toByteArray());
            assertThat(pair.inA().bytes.toByteArray()).isEqualTo(written[1].toByteArray());
        }
        return pair.inA().bytes.size() + pair.inB().bytes.size();
    }

    private UdxStream stream(int side) {
        return side == 0 ? pair.a : pair.b;
    }

    private void step(int operation, int side, int argument) {
        UdxStream stream = stream(side);
        SimLink link = SimLink.PERFECT.withDelayMillis(argument & 7);
        switch (operation) {
            case 0, 1, 2, 3 -> write(side, 1 + argument * (operation == 3 ? 200 : 3));
            case 4, 5, 6 -> pair.run((long) argument * UdxPair.MILLI);
            case 7 -> pair.network.defaultLink(link.withLoss(argument / 500.0));
            case 8 ->
                pair.network.defaultLink(link.withReorder(argument / 255.0).withDuplicate(0.2));
            case 9 -> pair.network.defaultLink(link.withBandwidth(1000L * (1 + argument), 20_000));
            case 10 -> hold(side, (argument & 1) == 0);
            case 11 -> stream.sendMessage(ByteBuffer.wrap(new byte[argument]));
            case 12 -> stream.setKeepAlive(argument * UdxPair.MILLI);
            case 13 -> pair.a.changeRemote((argument & 1) == 0 ? UdxPair.SOCKET : SocketId.CLIENT, 2, UdxPair.B);
            case 14 -> {
                if (argument == 0) {
                    stream.end();
                    ended[side] = true;
                }
            }
            default -> {
                if (argument == 77) {
                    stream.destroy();
                    destroyed = true;
                }
            }
        }
        pair.touch();
    }

    private void write(int side, int length) {
        UdxStream stream = stream(side);
        if (ended[side] || stream.isClosed() || written[side].size() + length > MAX_BYTES) {
            return;
        }
        byte[] bytes = UdxPair.random(length, written[side].size());
        written[side].writeBytes(bytes);
        stream.write(ByteBuffer.wrap(bytes));
    }

    private void hold(int side, boolean hold) {
        UdxNode.Inbox inbox = side == 0 ? pair.inA() : pair.inB();
        inbox.holdBack = hold;
        if (!hold) {
            stream(side).consumed(inbox.held);
            inbox.held = 0;
        }
        pair.touch();
    }

    private void prefix(int side, UdxNode.Inbox inbox) {
        byte[] sent = written[side].toByteArray();
        byte[] got = inbox.bytes.toByteArray();
        assertThat(got.length).isLessThanOrEqualTo(sent.length);
        assertThat(Arrays.mismatch(got, sent)).as("not a prefix").isIn(-1, got.length);
    }
}
