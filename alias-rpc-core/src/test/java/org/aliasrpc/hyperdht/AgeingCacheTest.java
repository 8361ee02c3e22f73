package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AgeingCacheTest {
    private static final long AGE = 30; // rotates every 20

    private final AgeingCache<Integer, String> cache = new AgeingCache<>(100, AGE, 0);

    @Test
    void anEntryThatNobodyTouchesLivesTwoToFourThirdsOfTheAge() {
        cache.put(1, "early", 0);
        cache.put(2, "late", 19);
        assertThat(cache.size()).isEqualTo(2);
        AgeingCache<Integer, String> untouched = new AgeingCache<>(100, AGE, 0);
        untouched.put(1, "early", 0);
        untouched.get(3, 20);
        assertThat(untouched.size()).isEqualTo(1);
        untouched.get(3, 40);
        assertThat(untouched.size()).isZero();
    }

    @Test
    void readingMakesAnEntryYoung() {
        cache.put(1, "kept", 0);
        for (long now = 15; now < 300; now += 15) {
            assertThat(cache.get(1, now)).isEqualTo("kept");
        }
    }

    @Test
    void nothingOutlivesALongSilence() {
        cache.put(1, "old", 0);
        assertThat(cache.get(1, 40)).isNull();
        assertThat(cache.size()).isZero();
    }

    @Test
    void theBoundHoldsAndTheNewestStay() {
        for (int i = 0; i < 10_000; i++) {
            cache.put(i, "value", 1);
            assertThat(cache.size()).isLessThanOrEqualTo(100);
        }
        for (int i = 9_951; i < 10_000; i++) {
            assertThat(cache.get(i, 1)).isEqualTo("value");
        }
    }

    @Test
    void replacingAnEntryTakesNoRoom() {
        for (int i = 0; i < 1000; i++) {
            cache.put(7, "value " + i, 1);
        }
        assertThat(cache.size()).isEqualTo(1);
        assertThat(cache.get(7, 1)).isEqualTo("value 999");
    }

    @Test
    void removingForgetsBothGenerations() {
        cache.put(1, "value", 0);
        assertThat(cache.get(2, 20)).isNull(); // moves 1 to the old generation
        assertThat(cache.remove(1)).isEqualTo("value");
        assertThat(cache.get(1, 20)).isNull();
    }
}
