package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole transfers over bad networks: intact, in sane virtual time, closed by both sides. */
class TransferSimTest {
    private static final long MINUTE = 60 * UdxPair.SECOND;

    static Stream<Arguments> networks() {
        SimLink path = SimLink.PERFECT.withDelayMillis(10);
        SimLink lan = SimLink.PERFECT.withDelayMillis(0.1);
        return Stream.of(
                Arguments.of("perfect", lan, 2_000_000, 1),
                Arguments.of("1 % loss", path.withLoss(0.01), 1_000_000, 5),
                Arguments.of("5 % loss", path.withLoss(0.05), 500_000, 8),
                Arguments.of("20 % loss", path.withLoss(0.2), 100_000, 8),
                Arguments.of("30 % loss", path.withLoss(0.3), 100_000, 40),
                Arguments.of("duplicates", path.withDuplicate(0.3), 500_000, 5),
                Arguments.of("reordering", path.withReorder(0.2), 500_000, 8),
                Arguments.of("jitter", path.withJitterMillis(4), 500_000, 8),
                Arguments.of("MTU 1240", path.withMtu(1240), 500_000, 5),
                Arguments.of("slow", path.withBandwidth(250_000, 30_000), 1_000_000, 8),
                Arguments.of(
                        "all at once",
                        path.withLoss(0.1)
                                .withDuplicate(0.1)
                                .withReorder(0.1)
                                .withJitterMillis(5)
                                .withMtu(1300),
                        200_000,
                        20));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void bothDirectionsArriveIntactAndClose(String name, SimLink link, int length, int maxSeconds) {
        for (UdxConfig.Congestion congestion : UdxConfig.Congestion.values()) {
            for (long seed = 1; seed <= 3; seed++) {
                UdxConfig config = UdxConfig.DEFAULT.withCongestion(congestion);
                UdxPair pair = new UdxPair(seed, link, config, config, 0, 0);
                byte[] there = UdxPair.random(length, seed);
                byte[] back = UdxPair.random(length / 2, seed + 100);
                pair.a.write(ByteBuffer.wrap(there.clone()));
                pair.a.end();
                pair.b.write(ByteBuffer.wrap(back.clone()));
                pair.b.end();
                pair.touch();
                boolean closed =
                        pair.network.runUntil(() -> pair.inA().closed != null && pair.inB().closed != null, 5 * MINUTE);
                String run = name + ", " + congestion + ", seed " + seed + ": ";
                System.out.println(run + pair.network.now() / UdxPair.MILLI + " ms, " + pair.network.delivered()
                        + " datagrams, " + pair.network.dropped() + " dropped, srtt " + pair.a.smoothedRttNanos() / 1000
                        + " us, mtu " + pair.a.mtu());
                assertThat(pair.inB().bytes.toByteArray()).as(run + "there").isEqualTo(there);
                assertThat(pair.inA().bytes.toByteArray()).as(run + "back").isEqualTo(back);
                assertThat(closed).as(run + "closed").isTrue();
                assertThat(pair.inA().closed).as(run).isEqualTo(UdxEvent.CloseReason.ENDED);
                assertThat(pair.inB().closed).as(run).isEqualTo(UdxEvent.CloseReason.ENDED);
                assertThat(pair.network.now()).as(run + "time").isLessThan(maxSeconds * UdxPair.SECOND);
            }
        }
    }

    @Test
    void helloArrivesInOneDatagramAndIsAcknowledgedOnce() {
        UdxPair pair = new UdxPair();
        pair.a.write(UdxPair.text("hello"));
        pair.run(UdxPair.SECOND);
        assertThat(pair.textAtB()).isEqualTo("hello");
        assertThat(pair.network.delivered()).isEqualTo(2);
    }
}
