package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.aliasrpc.encoding.DecodeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiveBufferTest {
    private static final int CAPACITY = 4 << 20;

    private final ReceiveBuffer buffer = connected(0, CAPACITY);

    private static ReceiveBuffer connected(int seq, int capacity) {
        ReceiveBuffer buffer = new ReceiveBuffer(seq, capacity, new ReceiveBudget(1L << 30));
        buffer.onConnected();
        return buffer;
    }

    private static Packet packet(int flags, int seq, byte[] payload) {
        try {
            Packet packet = new Packet();
            packet.wrap(new PacketWriter()
                    .begin(flags, 0, 1, 0, seq, 0)
                    .payload(ByteBuffer.wrap(payload))
                    .finish());
            return packet;
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }

    private static Packet data(int seq, String text) {
        return packet(Packet.DATA, seq, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] takeAll(ReceiveBuffer buffer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer piece;
        while ((piece = buffer.take()) != null) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            out.writeBytes(bytes);
            buffer.consumed(bytes.length);
        }
        return out.toByteArray();
    }

    @Test
    void putsPacketsInOrderAndJoinsThemInOnePiece() {
        assertThat(buffer.offer(data(0, "a"))).isEqualTo(ReceiveBuffer.Outcome.IN_ORDER);
        assertThat(buffer.offer(data(2, "c"))).isEqualTo(ReceiveBuffer.Outcome.OUT_OF_ORDER);
        assertThat(buffer.offer(data(2, "x"))).isEqualTo(ReceiveBuffer.Outcome.NOTHING_NEW);
        assertThat(buffer.hasGaps()).isTrue();
        assertThat(buffer.offer(data(1, "b"))).isEqualTo(ReceiveBuffer.Outcome.OUT_OF_ORDER);
        assertThat(buffer.offer(data(0, "x"))).isEqualTo(ReceiveBuffer.Outcome.NOTHING_NEW);
        assertThat(buffer.next()).isEqualTo(3);
        ByteBuffer piece = buffer.take();
        assertThat(piece).isNotNull();
        assertThat(StandardCharsets.US_ASCII.decode(piece).toString()).isEqualTo("abc");
        assertThat(buffer.take()).isNull();
    }

    @Test
    void windowShrinksByUnreadAndByStoredBytesUntilTheyAreConsumed() {
        buffer.offer(data(0, "12345"));
        buffer.offer(data(2, "123"));
        assertThat(buffer.window()).isEqualTo(CAPACITY - 8);
        ByteBuffer piece = buffer.take();
        assertThat(piece).isNotNull();
        assertThat(buffer.window()).as("handed out is not consumed").isEqualTo(CAPACITY - 8);
        buffer.consumed(5);
        assertThat(buffer.window()).isEqualTo(CAPACITY - 3);
        assertThatThrownBy(() -> buffer.consumed(1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void endIsReachedOnlyWhenAllBeforeItIsHere() {
        buffer.offer(packet(Packet.END, 1, new byte[0]));
        assertThat(buffer.ended()).isFalse();
        assertThat(buffer.offer(data(2, "behind the end"))).isEqualTo(ReceiveBuffer.Outcome.NOTHING_NEW);
        buffer.offer(data(0, "a"));
        assertThat(buffer.ended()).isTrue();
        assertThat(buffer.next()).isEqualTo(2);
        assertThat(takeAll(buffer)).containsExactly('a');
    }

    @Test
    void neitherFarPacketsNorMoreBytesThanTheWindowAreStored() {
        assertThat(buffer.offer(data(ReceiveBuffer.MAX_AHEAD, "far"))).isEqualTo(ReceiveBuffer.Outcome.REFUSED);
        assertThat(buffer.offer(data(1 << 30, "farther"))).isEqualTo(ReceiveBuffer.Outcome.REFUSED);
        ReceiveBuffer small = connected(0, 10_000);
        int stored = 0;
        for (int seq = 1; seq < 1000; seq++) {
            if (small.offer(packet(Packet.DATA, seq, new byte[1000])) == ReceiveBuffer.Outcome.OUT_OF_ORDER) {
                stored++;
            }
        }
        assertThat(stored * 1000).isLessThanOrEqualTo(10_000 + ReceiveBuffer.MAX_OVERRUN);
        assertThat(small.window()).isZero();
        assertThat(small.nextMissing(small.nextStored(0)) - 1)
                .as("what is reported is stored")
                .isEqualTo(stored);
        assertThat(small.offer(packet(Packet.DATA, 0, new byte[1000])))
                .as("the packet all wait for is taken nevertheless")
                .isEqualTo(ReceiveBuffer.Outcome.OUT_OF_ORDER);
        assertThat(small.next()).isEqualTo(stored + 1);
    }

    @Test
    void bytesInOrderAreBoundedTooWhenNobodyReads() {
        ReceiveBuffer small = connected(0, 1000);
        int seq = 0;
        while (small.offer(packet(Packet.DATA, seq, new byte[1000])) == ReceiveBuffer.Outcome.IN_ORDER) {
            seq++;
        }
        assertThat(seq * 1000).isLessThanOrEqualTo(1000 + 2 * ReceiveBuffer.MAX_OVERRUN);
        assertThat(small.next()).isEqualTo(seq);
    }

    @Test
    void anUnconnectedStreamKeepsLittle() {
        ReceiveBuffer early = new ReceiveBuffer(0, CAPACITY, new ReceiveBudget(1L << 30));
        int seq = 0;
        while (early.offer(packet(Packet.DATA, seq, new byte[1000])) == ReceiveBuffer.Outcome.IN_ORDER) {
            seq++;
        }
        assertThat(seq * 1000).isLessThanOrEqualTo(ReceiveBuffer.MAX_BEFORE_CONNECT);
    }

    @Test
    void manyStreamsFullOfGapsShareTheBudgetAndBlockNobody() {
        ReceiveBudget budget = new ReceiveBudget(1 << 20);
        List<ReceiveBuffer> hostile = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ReceiveBuffer each = new ReceiveBuffer(0, CAPACITY, budget);
            each.onConnected();
            hostile.add(each);
            each.offer(packet(Packet.DATA, ReceiveBuffer.MAX_AHEAD - 1, new byte[1])); // a table of 256 KiB
            for (int seq = 1; seq < 1000; seq++) {
                each.offer(packet(Packet.DATA, seq, new byte[1000]));
            }
        }
        assertThat(budget.held()).isBetween(1L << 19, (1L << 20) + 100L * ReceiveBudget.FLOOR);

        ReceiveBuffer good = new ReceiveBuffer(0, CAPACITY, budget);
        good.onConnected();
        assertThat(good.window()).isBetween(ReceiveBudget.FLOOR, 1 << 19);
        for (int seq = 0; seq < 1000; seq++) {
            assertThat(good.offer(packet(Packet.DATA, seq, new byte[1000]))).isEqualTo(ReceiveBuffer.Outcome.IN_ORDER);
            assertThat(takeAll(good)).hasSize(1000);
        }
        // What they wait for is always taken, so that they get rid of what they hold.
        for (ReceiveBuffer each : hostile) {
            each.offer(packet(Packet.DATA, 0, new byte[1000]));
            assertThat(takeAll(each).length).isGreaterThanOrEqualTo(1000);
        }
        hostile.forEach(ReceiveBuffer::clear);
        assertThat(budget.held()).isZero();
    }

    @Test
    void tellsThePeerWhenAClosedWindowOpens() {
        ReceiveBuffer small = connected(0, 4000);
        for (int seq = 0; seq < 3; seq++) {
            small.offer(packet(Packet.DATA, seq, new byte[1300]));
        }
        assertThat(small.advertise()).isEqualTo(100);
        while (small.take() != null) {
            // all handed out
        }
        assertThat(small.consumed(100)).isFalse();
        assertThat(small.consumed(3800)).isTrue();
        small.advertise();
        assertThat(small.consumed(0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyOrderOfPacketsGivesTheSameBytes(long seed) {
        Random random = new Random(seed);
        int start = random.nextInt(5) - 500; // some across the wrap
        ReceiveBuffer any = connected(start, CAPACITY);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        List<byte[]> payloads = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            payloads.add(UdxPair.random(random.nextInt(40), random.nextLong()));
            expected.writeBytes(payloads.get(i));
            order.add(i);
            if (random.nextInt(4) == 0) {
                order.add(i);
            }
        }
        Collections.shuffle(order, random);
        for (int i : order) {
            int flags = i == 999 ? Packet.DATA | Packet.END : Packet.DATA;
            any.offer(packet(flags, start + i, payloads.get(i)));
        }
        assertThat(takeAll(any)).as("seed " + seed).isEqualTo(expected.toByteArray());
        assertThat(any.ended()).isTrue();
        assertThat(any.hasGaps()).isFalse();
        assertThat(any.window()).isEqualTo(CAPACITY);
    }
}
