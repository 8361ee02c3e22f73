package org.aliasrpc.secretstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final int MAX = 0xffffff;

    private final FrameReader reader = new FrameReader();

    @Test
    void memoryGrowsWithWhatArrivedNotWithWhatWasAnnounced() throws FrameReader.TooLong {
        assertThat(reader.next(ByteBuffer.wrap(new byte[] {-1, -1, -1}), MAX)).isNull();
        assertThat(reader.held()).isZero();
        assertThat(reader.missing()).isEqualTo(MAX);
        ByteBuffer kilobyte = ByteBuffer.allocate(1024);
        for (int received = 1024; received < 2 << 20; received += 1024) {
            assertThat(reader.next(kilobyte.rewind(), MAX)).isNull();
            assertThat(reader.held()).isLessThanOrEqualTo(Math.max(8192, 2 * received));
            assertThat(reader.missing()).isEqualTo(MAX - received);
        }
    }

    @Test
    void whoSentLongFramesGetsTheirRoomAtOnce() throws FrameReader.TooLong {
        for (int begun = 0; begun < 2; begun++) {
            byte[] frame = new byte[FrameReader.LENGTH_BYTES + 100_000];
            FrameReader.writeLength(frame, 100_000);
            ByteBuffer all = ByteBuffer.wrap(frame);
            assertThat(reader.next(all.slice(0, 10), MAX)).isNull();
            assertThat(reader.held()).isEqualTo(begun == 0 ? 8192 : 100_000);
            assertThat(reader.next(all.slice(10, all.limit() - 10), MAX)).hasSize(100_000);
            assertThat(reader.next(ByteBuffer.allocate(FrameReader.LENGTH_BYTES), MAX))
                    .isEmpty(); // a keep-alive
        }
        for (int shorter = 0; shorter < 50; shorter++) {
            reader.next(ByteBuffer.allocate(FrameReader.LENGTH_BYTES), MAX);
        }
        byte[] announced = new byte[FrameReader.LENGTH_BYTES + 1];
        FrameReader.writeLength(announced, 100_000);
        reader.next(ByteBuffer.wrap(announced), MAX);
        assertThat(reader.held()).isEqualTo(8192);
    }

    @Test
    void aFrameInOneChunkIsCopiedOnce() throws FrameReader.TooLong {
        ByteBuffer chunk =
                ByteBuffer.allocateDirect(3 + 20_000).put(0, (byte) 0x20).put(1, (byte) 0x4e);
        byte[] body = reader.next(chunk, MAX);
        assertThat(body).hasSize(20_000);
        assertThat(chunk.hasRemaining()).isFalse();
        assertThat(reader.held()).isZero();
    }

    @Test
    void refusesALongFrameBeforeItsBody() {
        assertThatThrownBy(() -> reader.next(ByteBuffer.wrap(new byte[] {11, 0, 0}), 10))
                .isInstanceOf(FrameReader.TooLong.class);
    }

    @Test
    void anEmptyFrameIsCompleteWithItsLength() throws FrameReader.TooLong {
        assertThat(reader.next(ByteBuffer.wrap(new byte[3]), MAX)).isEmpty();
    }

    @Test
    void leavesTheNextFrameInTheChunk() throws FrameReader.TooLong {
        ByteBuffer chunk = ByteBuffer.wrap(new byte[] {1, 0, 0, 7, 2, 0, 0, 8, 9, 1});
        assertThat(reader.next(chunk, MAX)).containsExactly(7);
        assertThat(reader.next(chunk, MAX)).containsExactly(8, 9);
        assertThat(reader.next(chunk, MAX)).isNull();
        assertThat(chunk.hasRemaining()).isFalse();
    }

    @Test
    void everyByteAloneGivesTheSameBody() throws FrameReader.TooLong {
        byte[] body = new byte[300];
        Arrays.fill(body, (byte) 5);
        byte[] frame = new byte[3 + body.length];
        FrameReader.writeLength(frame, body.length);
        System.arraycopy(body, 0, frame, 3, body.length);
        for (int i = 0; i < frame.length - 1; i++) {
            assertThat(reader.next(ByteBuffer.wrap(frame, i, 1), MAX)).isNull();
        }
        assertThat(reader.next(ByteBuffer.wrap(frame, frame.length - 1, 1), MAX))
                .isEqualTo(body);
    }
}
