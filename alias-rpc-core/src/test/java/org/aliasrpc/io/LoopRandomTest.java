package org.aliasrpc.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.aliasrpc.encoding.Bytes;
import org.junit.jupiter.api.Test;

class LoopRandomTest {
    private final LoopRandom random = new LoopRandom();

    @Test
    void drawsOfAllKindsDoNotRepeat() {
        Set<Object> drawn = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            assertThat(drawn.add(random.nextLong())).isTrue();
            for (int length : new int[] {16, 32, 100, 200, 1000}) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                assertThat(drawn.add(Bytes.wrap(bytes))).isTrue();
            }
        }
    }

    @Test
    void everyBitOfAnIntIsSetHalfOfTheTime() {
        int[] set = new int[Integer.SIZE];
        for (int i = 0; i < 10_000; i++) {
            int value = random.nextInt();
            for (int bit = 0; bit < Integer.SIZE; bit++) {
                set[bit] += (value >>> bit) & 1;
            }
        }
        // Eight standard deviations: once in 10^14 runs.
        assertThat(Arrays.stream(set).boxed()).allMatch(count -> count > 4600 && count < 5400);
    }
}
