package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.sim.SimLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The search for the path's MTU, from both sides (udx.md §10, appendix B 24). */
class MtuSimTest {
    @ParameterizedTest
    @CsvSource({"1500, 1500", "1400, 1392", "1240, 1232", "1200, 1200"})
    void findsTheLargestStepThatThePathCarriesWithoutTakingProbesForCongestion(int pathMtu, int found) {
        Recorder recorder = new Recorder();
        UdxPair pair = new UdxPair(
                1, SimLink.PERFECT.withDelayMillis(5).withMtu(pathMtu).withBandwidth(2_000_000, 1 << 20));
        pair.network.tap(recorder);
        byte[] bytes = UdxPair.random(2_000_000, 9);
        pair.a.write(ByteBuffer.wrap(bytes.clone()));
        pair.run(10 * UdxPair.SECOND);
        assertThat(pair.inB().bytes.toByteArray()).isEqualTo(bytes);
        assertThat(pair.a.mtu()).isEqualTo(found);
        assertThat(recorder.repetitions()).as("only probes were lost").isEqualTo(found == 1500 ? 0 : 3);
        assertThat(recorder.data().stream().filter(p -> p.sending() > 1)).allMatch(p -> p.padding() == 0);
    }

    @Test
    void ipv6PacketsAreCountedWithTheirLongerHeader() {
        UdxPair pair = new UdxPair(1, SimLink.PERFECT);
        UdxStream stream = pair.nodeA.endpoint.createStream(Firewall.REFUSE_ALL);
        stream.connect(UdxPair.SOCKET, 9, PeerAddress.of("2001:db8::1", 5));
        assertThat(stream.maxMessageLength()).isEqualTo(1132);
        assertThat(pair.a.maxMessageLength()).isEqualTo(1152);
    }

    @Test
    void theSearchCanBeTurnedOff() {
        Recorder recorder = new Recorder();
        UdxConfig config = UdxConfig.DEFAULT.withMaxMtu(1200);
        UdxPair pair = new UdxPair(1, SimLink.PERFECT, config, config, 0, 0);
        pair.network.tap(recorder);
        pair.a.write(ByteBuffer.wrap(new byte[500_000]));
        pair.run(5 * UdxPair.SECOND);
        assertThat(pair.a.mtu()).isEqualTo(1200);
        assertThat(recorder.data())
                .allMatch(p -> p.padding() == 0 && p.payload().remaining() <= 1152);
    }
}
