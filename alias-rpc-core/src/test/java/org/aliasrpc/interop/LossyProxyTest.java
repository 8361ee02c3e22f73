package org.aliasrpc.interop;

import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.interop.LossyProxy.Conditions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test network that does not do what it says would make every test over it worthless. */
@Timeout(120)
class LossyProxyTest {
    private static final int DATAGRAMS = 2000;
    private static final int BURST = 50;

    @Test
    void forwardsEverythingInOrderWithoutFaults() throws IOException {
        List<Integer> arrived = sendThrough(Conditions.PERFECT);

        assertThat(arrived).hasSize(DATAGRAMS).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void losesTheShareItIsTold() throws IOException {
        List<Integer> arrived = sendThrough(new Conditions(0.3, 0, 0, 0, 0, 65_535));

        assertThat(arrived).hasSizeBetween((int) (DATAGRAMS * 0.65), (int) (DATAGRAMS * 0.75));
    }

    @Test
    void duplicatesTheShareItIsTold() throws IOException {
        List<Integer> arrived = sendThrough(new Conditions(0, 0.2, 0, 0, 0, 65_535));

        assertThat(arrived).hasSizeBetween((int) (DATAGRAMS * 1.15), (int) (DATAGRAMS * 1.25));
    }

    @Test
    void reorders() throws IOException {
        List<Integer> arrived = sendThrough(new Conditions(0, 0, 0.2, 5, 0, 65_535));

        assertThat(arrived)
                .hasSize(DATAGRAMS)
                .isNotEqualTo(arrived.stream().sorted().toList());
    }

    @Test
    void dropsWhatIsTooLong() throws IOException {
        assertThat(sendThrough(new Conditions(0, 0, 0, 0, 0, 3))).isEmpty();
    }

    @Test
    void bringsAnswersBackToTheRightSender() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (var target = new DatagramSocket(new InetSocketAddress(loopback, 0));
                var proxy = new LossyProxy(target.getLocalPort(), Conditions.PERFECT, 1);
                var left = new DatagramSocket(new InetSocketAddress(loopback, 0));
                var right = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            send(left, proxy.port(), 1);
            send(right, proxy.port(), 2);
            for (int i = 0; i < 2; i++) {
                DatagramPacket asked = receivePacket(target);
                target.send(new DatagramPacket(asked.getData(), asked.getLength(), asked.getSocketAddress()));
            }

            assertThat(receive(left)).isEqualTo(1);
            assertThat(receive(right)).isEqualTo(2);
        }
    }

    /** Numbers in the order of their arrival; sent in bursts, as loopback itself drops what a full socket cannot take. */
    private static List<Integer> sendThrough(Conditions conditions) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        List<Integer> arrived = new ArrayList<>();
        try (var target = new DatagramSocket(new InetSocketAddress(loopback, 0));
                var proxy = new LossyProxy(target.getLocalPort(), conditions, 7);
                var sender = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            target.setSoTimeout((int) PATIENCE.toMillis());
            for (int sent = 0; sent < DATAGRAMS; ) {
                for (int i = 0; i < BURST; i++) {
                    send(sender, proxy.port(), sent++);
                }
                int decided = sent;
                await().pollInterval(Duration.ofMillis(1)).until(() -> proxy.received() == decided);
                while (arrived.size() < proxy.forwarded()) {
                    arrived.add(receive(target));
                }
            }
            await().pollInterval(Duration.ofMillis(1)).until(() -> proxy.underway() == 0);
            while (arrived.size() < proxy.forwarded()) {
                arrived.add(receive(target));
            }
            return arrived;
        }
    }

    private static void send(DatagramSocket from, int port, int number) throws IOException {
        byte[] content = {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
        from.send(new DatagramPacket(content, content.length, InetAddress.getLoopbackAddress(), port));
    }

    private static int receive(DatagramSocket at) throws IOException {
        byte[] got = receivePacket(at).getData();
        return (got[0] & 0xff) << 24 | (got[1] & 0xff) << 16 | (got[2] & 0xff) << 8 | (got[3] & 0xff);
    }

    private static DatagramPacket receivePacket(DatagramSocket at) throws IOException {
        var packet = new DatagramPacket(new byte[4], 4);
        at.receive(packet);
        return packet;
    }
}
