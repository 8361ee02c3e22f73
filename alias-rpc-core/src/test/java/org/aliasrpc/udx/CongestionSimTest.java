package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How well each congestion control uses paths of a known capacity; what it prints decided the default. */
class CongestionSimTest {
    private static final int MBIT = 125_000;

    static Stream<Arguments> paths() {
        return Stream.of(
                Arguments.of("10 Mbit/s, 40 ms, buffer of one BDP", 10 * MBIT, 20, 50_000, 0.0, 0.8, 0.8),
                Arguments.of("10 Mbit/s, 40 ms, deep buffer", 10 * MBIT, 20, 500_000, 0.0, 0.8, 0.8),
                Arguments.of("50 Mbit/s, 20 ms, shallow buffer", 50 * MBIT, 10, 25_000, 0.0, 0.4, 0.6),
                Arguments.of("10 Mbit/s, 40 ms, 1 % loss", 10 * MBIT, 20, 50_000, 0.01, 0.1, 0.6),
                Arguments.of("10 Mbit/s, 200 ms, 2 % loss", 10 * MBIT, 100, 250_000, 0.02, 0.01, 0.3),
                Arguments.of("200 Mbit/s, 1 ms", 200 * MBIT, 1, 100_000, 0.0, 0.5, 0.6));
    }

    private static double share(
            UdxConfig.Congestion congestion, String name, int bytesPerSecond, int delay, int buffer, double loss) {
        UdxConfig config = UdxConfig.DEFAULT.withCongestion(congestion);
        SimLink link = SimLink.PERFECT.withDelayMillis(delay).withLoss(loss).withBandwidth(bytesPerSecond, buffer);
        UdxPair pair = new UdxPair(1, link, config, config, 0, 0);
        Recorder recorder = new Recorder();
        pair.network.tap(recorder);
        int length = Math.min(4 * bytesPerSecond, 10_000_000);
        pair.a.write(ByteBuffer.wrap(new byte[length]));
        pair.a.end();
        pair.b.end();
        pair.touch();
        boolean closed = pair.network.runUntil(() -> pair.inA().closed != null, 300 * UdxPair.SECOND);
        assertThat(closed).isTrue();
        double seconds = pair.network.now() / 1e9;
        double share = length / seconds / bytesPerSecond;
        System.out.printf(
                "%-40s %-5s %3.0f %% of the capacity, %.1f %% repeated, round trip at the end %.0f ms%n",
                name,
                congestion,
                100 * share,
                100.0 * recorder.repetitions() / recorder.data().size(),
                pair.a.smoothedRttNanos() / 1e6);
        return share;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("paths")
    void useMostOfThePath(
            String name, int bytesPerSecond, int delay, int buffer, double loss, double leastCubic, double leastBbr) {
        assertThat(share(UdxConfig.Congestion.CUBIC, name, bytesPerSecond, delay, buffer, loss))
                .isGreaterThan(leastCubic);
        assertThat(share(UdxConfig.Congestion.BBR, name, bytesPerSecond, delay, buffer, loss))
                .isGreaterThan(leastBbr);
    }

    @Test
    void twoFlowsShareABottleneck() {
        for (UdxConfig.Congestion congestion : UdxConfig.Congestion.values()) {
            UdxConfig config = UdxConfig.DEFAULT.withCongestion(congestion);
            SimLink link = SimLink.PERFECT.withDelayMillis(20).withBandwidth(20 * MBIT, 150_000);
            UdxPair pair = new UdxPair(1, link, config, config, 0, 0);
            UdxStream second = pair.nodeA.endpoint.createStream(Firewall.REFUSE_ALL);
            UdxStream atB = pair.nodeB.endpoint.createStream(Firewall.REFUSE_ALL);
            second.connect(UdxPair.SOCKET, atB.localId(), UdxPair.B);
            atB.connect(UdxPair.SOCKET, second.localId(), UdxPair.A);
            pair.a.write(ByteBuffer.wrap(new byte[100_000_000]));
            pair.run(UdxPair.SECOND);
            second.write(ByteBuffer.wrap(new byte[100_000_000]));
            pair.run(29 * UdxPair.SECOND);
            double first = pair.inB().bytes.size();
            double other = pair.nodeB.inbox(atB).bytes.size();
            System.out.printf("two flows, %s: %.1f and %.1f MB%n", congestion, first / 1e6, other / 1e6);
            assertThat(first + other).isGreaterThan(0.7 * 30 * 20 * MBIT);
            assertThat(Math.min(first, other)).isGreaterThan(0.15 * (first + other));
        }
    }
}
