package org.aliasrpc.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.testing.OpenResources;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same for both kinds of sockets. */
class NodeLoopTest {
    private final List<NodeLoop> loops = new ArrayList<>();

    @AfterEach
    void closeLoops() throws Exception {
        for (NodeLoop loop : loops) {
            loop.close().get(PATIENCE_SECONDS, SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBindThatThrowsFailsAndDoesNotLeaveItsCallerWaiting(UdpTransport transport) throws Exception {
        NodeLoop loop = start(transport, new Echo(false, 0));

        var bound = loop.bind(SocketId.SERVER, InetAddress.getLoopbackAddress(), IntStream.of(70_000));

        assertThatThrownBy(() -> bound.get(PATIENCE_SECONDS, SECONDS))
                .hasCauseInstanceOf(IllegalArgumentException.class);
        bind(loop, SocketId.SERVER);
    }

    @ParameterizedTest
    @EnumSource
    void carriesDatagramsOfAllSizesBothWays(UdpTransport transport) throws Exception {
        Echo echo = new Echo(true, 0);
        PeerAddress address = open(transport, echo);
        Echo sender = new Echo(false, 100);
        NodeLoop loop = start(transport, sender);
        bind(loop, SocketId.SERVER);
        List<Bytes> sent = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            byte[] content = new byte[1 + random.nextInt(1472)];
            random.nextBytes(content);
            sent.add(Bytes.wrap(content));
        }

        loop.execute(() ->
                sent.forEach(bytes -> sender.toSend.add(new Transmit(SocketId.SERVER, address, bytes.asByteBuffer()))));

        assertThat(sender.expected.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(sender.received).containsExactlyElementsOf(sent);
        assertThat(loop.traffic().packetsSent()).isEqualTo(100);
        assertThat(loop.traffic().bytesReceived())
                .isEqualTo(sent.stream().mapToInt(Bytes::length).sum());
    }

    @ParameterizedTest
    @EnumSource
    void runsOfEqualDatagramsKeepTheirBoundaries(UdpTransport transport) throws Exception {
        Echo echo = new Echo(false, 203);
        PeerAddress address = open(transport, echo);
        Echo sender = new Echo(false, 0);
        NodeLoop loop = start(transport, sender);
        bind(loop, SocketId.SERVER);
        List<Bytes> sent = new ArrayList<>();
        for (int i = 0; i < 203; i++) {
            // Runs of 70 (more than one write takes), each with a shorter one at its end.
            byte[] content = new byte[i % 70 == 69 ? 300 : 1200];
            new Random(i).nextBytes(content);
            sent.add(Bytes.wrap(content));
        }

        loop.execute(() ->
                sent.forEach(bytes -> sender.toSend.add(new Transmit(SocketId.SERVER, address, bytes.asByteBuffer()))));

        assertThat(echo.expected.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(echo.received).containsExactlyElementsOf(sent);
    }

    @ParameterizedTest
    @EnumSource
    void datagramsForSeveralAddressesAndSocketsAreNotMixedUp(UdpTransport transport) throws Exception {
        Echo first = new Echo(false, 10);
        Echo second = new Echo(false, 10);
        PeerAddress firstAddress = open(transport, first);
        PeerAddress secondAddress = open(transport, second);
        Echo sender = new Echo(false, 0);
        NodeLoop loop = start(transport, sender);
        bind(loop, SocketId.SERVER);
        bind(loop, SocketId.CLIENT);

        loop.execute(() -> {
            for (int i = 0; i < 10; i++) {
                Bytes one = Bytes.copyOf((byte) 1, (byte) i);
                Bytes two = Bytes.copyOf((byte) 2, (byte) i);
                sender.toSend.add(new Transmit(SocketId.SERVER, firstAddress, one.asByteBuffer()));
                sender.toSend.add(new Transmit(SocketId.CLIENT, secondAddress, two.asByteBuffer()));
            }
        });

        assertThat(first.expected.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(second.expected.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(first.received).allMatch(bytes -> bytes.at(0) == 1);
        assertThat(second.received).allMatch(bytes -> bytes.at(0) == 2);
    }

    @ParameterizedTest
    @EnumSource
    void datagramsThatMayHaveBeenCutAreDropped(UdpTransport transport) throws Exception {
        Echo echo = new Echo(false, 2);
        PeerAddress address = open(transport, echo);
        Echo sender = new Echo(false, 0);
        NodeLoop loop = start(transport, sender);
        bind(loop, SocketId.SERVER);

        loop.execute(() -> {
            for (int size : new int[] {2047, 2048, 3000, 60_000, 1}) {
                Bytes bytes = Bytes.wrap(new byte[size]);
                sender.toSend.add(new Transmit(SocketId.SERVER, address, bytes.asByteBuffer()));
            }
        });

        assertThat(echo.expected.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(echo.received).extracting(Bytes::length).containsExactly(2047, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aTtlOfItsOwnHoldsForOneDatagram(UdpTransport transport) throws Exception {
        Echo echo = new Echo(false, 3);
        PeerAddress address = open(transport, echo);
        Echo sender = new Echo(false, 0);
        NodeLoop loop = start(transport, sender);
        bind(loop, SocketId.SERVER);

        loop.execute(() -> {
            for (int ttl : new int[] {0, 5, 0}) {
                Bytes bytes = Bytes.copyOf((byte) ttl);
                sender.toSend.add(new Transmit(SocketId.SERVER, address, ttl, bytes.asByteBuffer()));
            }
        });

        assertThat(echo.expected.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(echo.received).extracting(bytes -> bytes.at(0)).containsExactly((byte) 0, (byte) 5, (byte) 0);
    }

    @ParameterizedTest
    @EnumSource
    void aTakenPortIsPassedOver(UdpTransport transport) throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            NodeLoop loop = start(transport, new Echo(false, 0));

            PeerAddress bound = loop.bind(
                            SocketId.SERVER, InetAddress.getLoopbackAddress(), IntStream.of(taken.getLocalPort(), 0))
                    .get(PATIENCE_SECONDS, SECONDS);

            assertThat(bound.port()).isNotZero().isNotEqualTo(taken.getLocalPort());
            assertThat(bound.host()).isEqualTo("127.0.0.1");
            assertThatThrownBy(() -> loop.bind(
                                    SocketId.CLIENT,
                                    InetAddress.getLoopbackAddress(),
                                    IntStream.of(taken.getLocalPort()))
                            .get(PATIENCE_SECONDS, SECONDS))
                    .cause()
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTimerFiresWhenItIsDueAndNotBefore(UdpTransport transport) throws Exception {
        Echo machine = new Echo(false, 1);
        NodeLoop loop = start(transport, machine);

        loop.execute(() -> machine.nextTimeout = SECONDS.toNanos(3600)); // later replaced by an earlier one
        loop.execute(() -> machine.nextTimeout = loop.nowNanos() + 20_000_000);
        long due = callOn(loop, () -> machine.nextTimeout);

        assertThat(machine.expected.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(callOn(loop, () -> machine.timeouts)).hasSize(1).allMatch(at -> at >= due);
    }

    @ParameterizedTest
    @EnumSource
    void tasksOfOneBurstAreOneTurn(UdpTransport transport) throws Exception {
        Echo machine = new Echo(false, 0);
        NodeLoop loop = start(transport, machine);
        int before = callOn(loop, () -> machine.turns);

        loop.execute(() -> {
            for (int i = 0; i < 100; i++) {
                loop.execute(() -> {});
            }
        });

        assertThat(callOn(loop, () -> machine.turns) - before).isLessThan(10);
    }

    @ParameterizedTest
    @EnumSource
    void aMachineThatThrowsLosesThatDatagramOnly(UdpTransport transport) throws Exception {
        Echo machine = new Echo(false, 1);
        PeerAddress address = open(transport, machine);
        machine.failure = new IllegalStateException("thrown by a test");
        Echo sender = new Echo(false, 0);
        NodeLoop loop = start(transport, sender);
        bind(loop, SocketId.SERVER);

        loop.execute(() -> {
            for (byte i = 0; i < 2; i++) {
                sender.toSend.add(
                        new Transmit(SocketId.SERVER, address, Bytes.copyOf(i).asByteBuffer()));
            }
        });

        assertThat(machine.expected.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(machine.received).containsExactly(Bytes.copyOf((byte) 1));
    }

    @ParameterizedTest
    @EnumSource
    void blockingIsKnownToBeForbiddenOnItsThread(UdpTransport transport) throws Exception {
        NodeLoop loop = start(transport, new Echo(false, 0));

        assertThat(NodeLoop.onLoopThread()).isFalse();
        assertThat(callOn(loop, NodeLoop::onLoopThread)).isTrue();
        assertThat(callOn(loop, () -> Thread.currentThread().isDaemon())).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aClosedLoopFreesItsPortAndTakesNoTasks(UdpTransport transport) throws Exception {
        NodeLoop loop = start(transport, new Echo(false, 0));
        PeerAddress bound = bind(loop, SocketId.SERVER);

        loop.close().get(PATIENCE_SECONDS, SECONDS);

        new DatagramSocket(bound.port(), InetAddress.getLoopbackAddress()).close();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        loop.close().get(PATIENCE_SECONDS, SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void manyStartsAndStopsLeaveNoThreadAndNoFileBehind(UdpTransport transport) throws Exception {
        startAndStop(transport); // loads classes and native libraries, which keep some open
        long threads = OpenResources.threads();
        long files = OpenResources.files();

        for (int i = 0; i < 20; i++) {
            startAndStop(transport);
        }

        await().untilAsserted(() -> {
            assertThat(OpenResources.threads()).isLessThanOrEqualTo(threads);
            assertThat(OpenResources.files()).isEqualTo(files);
        });
    }

    @Test
    void epollIsPreferredWhereItWorks() {
        assertThat(UdpTransport.best()).isEqualTo(Epoll.isAvailable() ? UdpTransport.EPOLL : UdpTransport.NIO);
    }

    private void startAndStop(UdpTransport transport) throws Exception {
        NodeLoop loop = start(transport, new Echo(false, 0));
        bind(loop, SocketId.SERVER);
        bind(loop, SocketId.CLIENT);
        loop.close().get(PATIENCE_SECONDS, SECONDS);
    }

    private NodeLoop start(UdpTransport transport, Machine machine) {
        assumeTrue(transport == UdpTransport.NIO || Epoll.isAvailable(), "epoll is missing");
        NodeLoop loop = NodeLoop.start(transport, "test-loop");
        loops.add(loop);
        loop.execute(() -> loop.drive(machine));
        return loop;
    }

    private PeerAddress open(UdpTransport transport, Machine machine) throws Exception {
        return bind(start(transport, machine), SocketId.SERVER);
    }

    private static PeerAddress bind(NodeLoop loop, SocketId id) throws Exception {
        return loop.bind(id, InetAddress.getLoopbackAddress(), IntStream.of(0)).get(PATIENCE_SECONDS, SECONDS);
    }

    private static <T> T callOn(NodeLoop loop, java.util.concurrent.Callable<T> call) throws Exception {
        var result = new java.util.concurrent.FutureTask<>(call);
        loop.execute(result);
        return result.get(PATIENCE_SECONDS, SECONDS);
    }
}
