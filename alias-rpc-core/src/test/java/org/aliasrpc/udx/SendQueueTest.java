package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendQueueTest {
    private static byte[] bytes(SendQueue.Span span) {
        PacketWriter out = new PacketWriter().begin(0, 0, 0, 0, 0, 0);
        span.writeTo(out);
        ByteBuffer packet = out.finish();
        byte[] bytes = new byte[packet.remaining() - Packet.HEADER_LENGTH];
        packet.get(Packet.HEADER_LENGTH, bytes);
        return bytes;
    }

    @Test
    void aSpanLeadsThroughSeveralWritesAndCanBeReadAgain() {
        SendQueue queue = new SendQueue();
        queue.add(UdxPair.text("one,"));
        queue.add(UdxPair.text("two,"));
        queue.add(UdxPair.text("three"));
        SendQueue.Span span = queue.take(10);
        assertThat(new String(bytes(span), StandardCharsets.US_ASCII)).isEqualTo("one,two,th");
        assertThat(bytes(span)).isEqualTo(bytes(span));
        assertThat(queue.length()).isEqualTo(3);
        assertThat(bytes(queue.take(3))).isEqualTo(new byte[] {'r', 'e', 'e'});
    }

    @Test
    void ignoresEmptyWritesAndTakesNothingFromNothing() {
        SendQueue queue = new SendQueue();
        queue.add(ByteBuffer.allocate(0));
        assertThat(queue.length()).isZero();
        assertThat(queue.take(0).length()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void givesBackWhatWasWrittenHoweverItIsCut(long seed) {
        Random random = new Random(seed);
        SendQueue queue = new SendQueue();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
            byte[] piece = UdxPair.random(random.nextInt(300), random.nextLong());
            written.writeBytes(piece);
            queue.add(ByteBuffer.wrap(piece));
            read.writeBytes(bytes(queue.take((int) Math.min(queue.length(), random.nextInt(400)))));
        }
        while (queue.length() > 0) {
            read.writeBytes(bytes(queue.take((int) Math.min(queue.length(), 1000))));
        }
        assertThat(read.toByteArray()).as("seed " + seed).isEqualTo(written.toByteArray());
    }
}
