package org.aliasrpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Registrations over a bad network, from the alias down to the datagram. {@code -Dtest.args=-Dalias-rpc.sim.seeds=1000} runs
 * so many seeds for each loss; a failure names its seed, and the same seed fails again.
 */
class AliasRegistrationSimTest {
    private static final int SEEDS = Integer.getInteger("alias-rpc.sim.seeds", 12);

    @ParameterizedTest(name = "loss {0}")
    @CsvSource({"0.0, 1.0", "0.05, 1.0", "0.2, 0.98"})
    void everyCallEndsInTimeWithOneOutcomeAndTheEventsThatBelongToIt(double loss, double asDecided) {
        long decided = 0;
        long calls = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            AliasSimRun run = new AliasSimRun(seed, loss);
            run.run();
            if (!run.serverDies()) {
                decided += run.callsAsDecided();
                calls += run.calls();
            }
        }
        assertThat(decided / (double) calls)
                .as("share of the calls that end as the registrar decided")
                .isGreaterThanOrEqualTo(asDecided);
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        long again = new AliasSimRun(4, 0.2).run();
        assertThat(new AliasSimRun(4, 0.2).run()).isEqualTo(again);
        assertThat(new AliasSimRun(5, 0.2).run()).isNotEqualTo(again);
    }
}
