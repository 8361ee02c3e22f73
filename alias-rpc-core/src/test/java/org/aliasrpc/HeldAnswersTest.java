package org.aliasrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Answers that wait, in virtual time. */
class HeldAnswersTest {
    private final HeldAnswers<String> held = new HeldAnswers<>();

    @Test
    void answersComeInTheOrderOfTheirTimes() {
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            held.hold("c", i, random.nextInt(1000));
        }
        List<Long> order = new ArrayList<>();
        while (held.nextTimeout() != Long.MAX_VALUE) {
            long now = held.nextTimeout();
            assertThat(held.pollDue(now - 1)).isNull();
            HeldAnswers.Held<String> due = Objects.requireNonNull(held.pollDue(now));
            order.add(due.dueNanos());
        }
        assertThat(order).hasSize(100).isSorted();
    }

    @Test
    void theirNumberIsBoundedAndWhoGoesMakesRoom() {
        for (int i = 0; i < HeldAnswers.MAX_HELD; i++) {
            assertThat(held.hold(i % 2 == 0 ? "even" : "odd", i, i)).isTrue();
        }
        assertThat(held.hold("late", 1, 1)).isFalse();
        held.forget("odd");
        assertThat(held.size()).isEqualTo(HeldAnswers.MAX_HELD / 2);
        assertThat(held.hold("late", 1, 1)).isTrue();
    }
}
