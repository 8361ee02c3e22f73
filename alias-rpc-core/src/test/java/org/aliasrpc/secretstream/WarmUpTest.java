package org.aliasrpc.secretstream;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void runsThroughEverythingAConnectionNeeds() {
        assertThatCode(() -> WarmUp.run(new Random(1))).doesNotThrowAnyException();
    }
}
