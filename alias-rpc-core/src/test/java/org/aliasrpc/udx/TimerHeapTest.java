package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerHeapTest {
    @Test
    void isEmptyAtFirst() {
        TimerHeap heap = new TimerHeap();
        assertThat(heap.earliest()).isEqualTo(Long.MAX_VALUE);
        assertThat(heap.pollDue(Long.MAX_VALUE)).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAMapHoweverDeadlinesMove(long seed) {
        Random random = new Random(seed);
        TimerHeap heap = new TimerHeap();
        List<TimerHeap.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            entries.add(new TimerHeap.Entry());
        }
        Map<TimerHeap.Entry, Long> model = new HashMap<>();
        for (int i = 0; i < 5000; i++) {
            TimerHeap.Entry entry = entries.get(random.nextInt(entries.size()));
            if (random.nextInt(5) == 0) {
                heap.set(entry, Long.MAX_VALUE);
                model.remove(entry);
            } else {
                long deadline = random.nextInt(1000);
                heap.set(entry, deadline);
                model.put(entry, deadline);
            }
            long earliest = model.values().stream().mapToLong(d -> d).min().orElse(Long.MAX_VALUE);
            assertThat(heap.earliest()).as("seed " + seed).isEqualTo(earliest);
            if (random.nextInt(10) == 0) {
                TimerHeap.Entry due = heap.pollDue(earliest);
                if (due != null) {
                    assertThat(model.remove(due)).isEqualTo(earliest);
                } else {
                    assertThat(model).isEmpty();
                }
            }
        }
    }
}
