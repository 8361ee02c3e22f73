package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeqSetTest {
    @Test
    void findsMembersAndGapsAcrossTheWrapOfSequenceNumbers() {
        SeqSet set = new SeqSet(128);
        for (int seq : new int[] {-3, -2, 0, 70}) {
            set.add(seq);
        }
        assertThat(set.next(-10, 100)).isEqualTo(-3);
        assertThat(set.nextAbsent(-3, 100)).isEqualTo(-1);
        assertThat(set.next(-1, 100)).isZero();
        assertThat(set.next(1, 100)).isEqualTo(70);
        assertThat(set.next(71, 100)).isEqualTo(100);
        assertThat(set.next(1, 70)).isEqualTo(70);
        set.remove(0);
        assertThat(set.contains(0)).isFalse();
        assertThat(set.contains(70)).isTrue();
    }

    @Test
    void keepsItsMembersWhenItGrows() {
        SeqSet set = new SeqSet(64);
        set.add(-1);
        set.add(40);
        set.grow(-1, 512);
        set.add(500);
        assertThat(set.capacity()).isEqualTo(512);
        assertThat(set.next(-1, 511)).isEqualTo(-1);
        assertThat(set.next(0, 511)).isEqualTo(40);
        assertThat(set.next(41, 511)).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithATreeSet(long seed) {
        Random random = new Random(seed);
        int base = random.nextInt();
        SeqSet set = new SeqSet(256);
        TreeSet<Integer> model = new TreeSet<>();
        for (int i = 0; i < 2000; i++) {
            int offset = random.nextInt(256);
            if (random.nextBoolean()) {
                set.add(base + offset);
                model.add(offset);
            } else {
                set.remove(base + offset);
                model.remove(offset);
            }
            int from = random.nextInt(256);
            int to = from + random.nextInt(256 - from + 1);
            Integer next = model.ceiling(from);
            int expected = next == null || next >= to ? to : next;
            assertThat(set.next(base + from, base + to) - base)
                    .as("seed " + seed)
                    .isEqualTo(expected);
            int gap = from;
            while (gap < to && model.contains(gap)) {
                gap++;
            }
            assertThat(set.nextAbsent(base + from, base + to) - base)
                    .as("seed " + seed)
                    .isEqualTo(gap);
        }
    }

    @Test
    void refusesCapacitiesThatAreNoPowerOfTwo() {
        assertThatThrownBy(() -> new SeqSet(100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SeqSet(32)).isInstanceOf(IllegalArgumentException.class);
    }
}
