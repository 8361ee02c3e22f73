package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Transfers of megabytes over bad networks: intact, and with a sane throughput in virtual time. */
class LargeTransferSimTest {
    private static final SimLink PATH = SimLink.PERFECT.withDelayMillis(10);

    static Stream<Arguments> transfers() {
        return Stream.of(
                Arguments.of("20 MB, clean", PATH, 20, 10_000_000),
                Arguments.of("20 MB, 5 % loss", PATH.withLoss(0.05), 20, 2_000_000),
                Arguments.of("5 MB, 20 % loss", PATH.withLoss(0.2), 5, 500_000),
                Arguments.of("5 MB, 30 % loss", PATH.withLoss(0.3), 5, 200_000),
                Arguments.of(
                        "20 MB, 20 Mbit/s",
                        PATH.withBandwidth(2_500_000, 100_000).withLoss(0.01),
                        20,
                        1_800_000),
                Arguments.of(
                        "10 MB, reordering, duplicates, MTU 1300",
                        PATH.withReorder(0.1).withDuplicate(0.1).withMtu(1300),
                        10,
                        1_000_000));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transfers")
    void arrivesIntactInSaneTime(String name, SimLink link, int megabytes, int leastBytesPerSecond)
            throws NoSuchAlgorithmException {
        long seed = 11;
        UdxPair pair = new UdxPair(seed, link);
        int length = megabytes * 1_000_000;
        byte[] bytes = UdxPair.random(length, seed);
        // Written as an application does that waits for room.
        int[] written = {0};
        Runnable more = () -> {
            while (written[0] < length) {
                int until = Math.min(written[0] + 65_536, length);
                boolean room = pair.a.write(ByteBuffer.wrap(Arrays.copyOfRange(bytes, written[0], until)));
                written[0] = until;
                if (!room) {
                    return;
                }
            }
            if (written[0] == length) {
                written[0]++;
                pair.a.end();
            }
        };
        pair.inA().onDrained = more;
        pair.inB().onEnd = pair.b::end;
        more.run();
        pair.touch();
        boolean closed = pair.network.runUntil(() -> pair.inA().closed != null, 600 * UdxPair.SECOND);
        double seconds = pair.network.now() / 1e9;
        System.out.printf(
                "%-45s %.2f s, %.2f MB/s, %d datagrams, %d lost%n",
                name, seconds, megabytes / seconds, pair.network.delivered(), pair.network.dropped());
        assertThat(closed).as("seed " + seed).isTrue();
        assertThat(pair.inA().closed).isEqualTo(UdxEvent.CloseReason.ENDED);
        assertThat(sha256(pair.inB().bytes.toByteArray())).as("seed " + seed).isEqualTo(sha256(bytes));
        assertThat(length / seconds).isGreaterThan(leastBytesPerSecond);
    }

    @Test
    void bothDirectionsAtOnceOverOneBottleneckEach() throws NoSuchAlgorithmException {
        UdxPair pair = new UdxPair(5, PATH.withBandwidth(5_000_000, 150_000).withLoss(0.01));
        byte[] there = UdxPair.random(5_000_000, 1);
        byte[] back = UdxPair.random(5_000_000, 2);
        pair.a.write(ByteBuffer.wrap(there.clone()));
        pair.b.write(ByteBuffer.wrap(back.clone()));
        pair.touch();
        pair.network.runUntil(
                () -> pair.inB().bytes.size() == there.length
                        && pair.inA().bytes.size() == back.length,
                60 * UdxPair.SECOND);
        assertThat(sha256(pair.inB().bytes.toByteArray())).isEqualTo(sha256(there));
        assertThat(sha256(pair.inA().bytes.toByteArray())).isEqualTo(sha256(back));
        assertThat(pair.network.now()).isLessThan(3 * UdxPair.SECOND);
    }

    private static byte[] sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
