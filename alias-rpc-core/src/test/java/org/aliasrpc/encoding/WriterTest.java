package org.aliasrpc.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriterTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void numbersOfEveryWidthComeBack(long seed) throws DecodeException {
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int width = 1 + random.nextInt(8);
            long value = random.nextLong() >>> (64 - Math.min(8 * width, 53));
            Bytes encoded = new Writer().uint(value).uintOfWidth(value, width).toBytes();
            Reader in = new Reader(encoded);
            assertThat(in.uint()).as("seed %d, round %d", seed, round).isEqualTo(value);
            assertThat(in.uintOfWidth(width))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(value);
            assertThat(in.hasRemaining()).isFalse();
        }
    }

    @Test
    void refusesWhatDoesNotFitInsteadOfCuttingIt() {
        // The reference cuts the high bits (encoding.md §3.2).
        assertThatThrownBy(() -> new Writer().uint8(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Writer().uint16(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Writer().uint32(1L << 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Writer().uint64(Reader.MAX_UINT + 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void growsToWhatIsWritten() {
        Writer out = new Writer(1);
        for (int i = 0; i < 1000; i++) {
            out.uint32(i);
        }
        assertThat(out.length()).isEqualTo(4000);
        assertThat(out.toByteArray()).hasSize(4000);
    }
}
