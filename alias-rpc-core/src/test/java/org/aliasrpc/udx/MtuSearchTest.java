package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MtuSearchTest {
    private static MtuSearch ipv4(int maximum) {
        MtuSearch mtu = new MtuSearch(maximum);
        mtu.reset(true);
        return mtu;
    }

    @Test
    void startsSmallForEachFamily() {
        MtuSearch mtu = new MtuSearch(1500);
        assertThat(mtu.mss()).as("before the address is known").isEqualTo(1132);
        mtu.reset(true);
        assertThat(mtu.mss()).isEqualTo(1152);
        mtu.reset(false);
        assertThat(mtu.mss()).isEqualTo(1132);
    }

    @Test
    void climbsInStepsToTheMaximum() {
        MtuSearch mtu = ipv4(1500);
        assertThat(mtu.probePadding(mtu.mss()))
                .as("not before something was delivered")
                .isEqualTo(-1);
        mtu.onDelivered();
        List<Integer> paddings = new ArrayList<>();
        int padding;
        while ((padding = mtu.probePadding(mtu.mss())) >= 0) {
            paddings.add(padding);
            mtu.onProbeAcked(mtu.target());
        }
        assertThat(mtu.mtu()).isEqualTo(1500);
        assertThat(mtu.mss()).isEqualTo(1452);
        assertThat(paddings).startsWith(0, 32, 32).endsWith(32, 12).hasSize(11);
    }

    @Test
    void givesUpASizeAfterThreeLosses() {
        MtuSearch mtu = ipv4(1500);
        mtu.onDelivered();
        mtu.probePadding(mtu.mss());
        mtu.onProbeAcked(1200);
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(mtu.probePadding(mtu.mss())).isEqualTo(32);
            mtu.onProbeLost(1232);
        }
        assertThat(mtu.probePadding(mtu.mss())).isEqualTo(-1);
        assertThat(mtu.mtu()).isEqualTo(1200);
    }

    @Test
    void shortPacketsAreNoProbesAndLeaveTheWishToTheNext() {
        MtuSearch mtu = ipv4(1500);
        mtu.onDelivered();
        assertThat(mtu.probePadding(100)).isEqualTo(-1);
        assertThat(mtu.probePadding(1000)).isEqualTo(152);
        assertThat(mtu.probePadding(1152)).as("one at a time").isEqualTo(-1);
    }

    @Test
    void searchesNothingWhenThePathIsKnownToBeSmall() {
        MtuSearch mtu = ipv4(1200);
        mtu.onDelivered();
        assertThat(mtu.probePadding(1152)).isEqualTo(-1);
    }

    @Test
    void aLateAcknowledgementOfAGivenUpSizeStillCounts() {
        MtuSearch mtu = ipv4(1232);
        mtu.onDelivered();
        mtu.probePadding(1152);
        mtu.onProbeAcked(1200);
        mtu.probePadding(1152);
        mtu.onProbeLost(1232);
        mtu.onProbeAcked(1232);
        assertThat(mtu.mtu()).isEqualTo(1232);
        assertThat(mtu.probePadding(1184)).isEqualTo(-1);
    }
}
