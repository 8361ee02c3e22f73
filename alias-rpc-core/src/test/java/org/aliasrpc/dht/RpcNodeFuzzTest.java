package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.testing.Mutations;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, nothing is thrown, nothing grows without bound, and everything started ends once (appendix B 2). */
class RpcNodeFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void anyBytesDecodeOrAreRefused(byte[] data) {
        decode(data);
    }

    @FuzzTest(maxDuration = "5m")
    void anyOperationsKeepTheInvariants(byte[] data) {
        new Run(data).go();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomOperationsKeepTheInvariants(long seed) {
        byte[] data = new byte[60_000];
        new Random(seed).nextBytes(data);
        Run run = new Run(data);
        run.go();
        assertThat(run.node.stats().responses()).isGreaterThan(100); // it was not all for nothing
        assertThat(run.node.stats().queries()).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"requests", "responses", "inbound"})
    void everyPrefixAndEveryChangedByteOfAKnownDatagramDecodesOrIsRefused(String section) {
        Vectors.cases("dht-rpc", section)
                .map(vector -> Vectors.hex(vector, "hex"))
                .forEach(datagram -> Mutations.forEach(datagram, RpcNodeFuzzTest::decode));
    }

    private static void decode(byte[] data) {
        try {
            RequestMessage request = RequestMessage.CODEC.decode(new Reader(ByteBuffer.wrap(data)));
            assertThat(RequestMessage.CODEC.decode(RequestMessage.CODEC.encode(request)))
                    .isEqualTo(request);
        } catch (DecodeException e) {
            // Refused; anything else that is thrown fails the test.
        }
        try {
            ResponseMessage response = ResponseMessage.CODEC.decode(new Reader(ByteBuffer.wrap(data)));
            assertThat(ResponseMessage.CODEC.decode(ResponseMessage.CODEC.encode(response)))
                    .isEqualTo(response);
        } catch (DecodeException e) {
            // as above
        }
    }

    /** Reads operations from the data until it ends, then closes the node and draws the balance. */
    private static final class Run {
        private static final int MAX_TABLE = 256 * RoutingTable.K;

        private final ByteBuffer data;
        private final RpcNode node;
        private final List<Transmit> sent = new ArrayList<>();
        private final List<IncomingRequest> received = new ArrayList<>();
        private final Map<Long, Integer> ends = new HashMap<>();
        private final List<Long> sessions = new ArrayList<>(List.of(0L));
        private long now;

        Run(byte[] data) {
            this.data = ByteBuffer.wrap(data);
            RpcConfig.Mode[] modes = RpcConfig.Mode.values();
            node = new RpcNode(
                    RpcConfig.builder()
                            .bootstrap(List.of(
                                    BootstrapNode.of(address(1)), BootstrapNode.parse("10.0.0.2@name.example:2")))
                            .mode(modes[next() % modes.length])
                            .adaptiveTimeout(next() % 2 == 0)
                            .build(),
                    new Random(1));
        }

        void go() {
            node.start(now);
            node.onSocketBound(SocketId.SERVER, 1000, now);
            node.onSocketBound(SocketId.CLIENT, 1001, now);
            drain();
            while (data.remaining() > 1) {
                step(next());
                drain();
                assertThat(node.stats().activeRequests()).isLessThanOrEqualTo(RpcNode.MAX_REQUESTS);
                assertThat(node.nodes(Integer.MAX_VALUE)).hasSizeLessThanOrEqualTo(MAX_TABLE);
                assertThat(node.nextTimeout()).isGreaterThanOrEqualTo(0);
            }
            node.close(now);
            drain();
            assertThat(node.stats().activeRequests()).isZero();
            assertThat(node.stats().activeQueries()).isZero();
            assertThat(node.nextTimeout()).isEqualTo(Long.MAX_VALUE);
            assertThat(ends.values()).allMatch(count -> count == 1);
        }

        private void step(int operation) {
            switch (operation % 14) {
                case 0 -> receive(bytes());
                case 1, 2, 3, 4, 5 -> answer();
                case 6 -> request();
                case 7 -> query();
                case 8 -> time(next() * 20);
                case 9 -> time(next() * 100);
                case 10 -> reply();
                case 11 -> ask();
                case 12 -> node.cancelSession(sessions.get(next() % sessions.size()), now);
                default -> lifeCycle();
            }
        }

        /** A datagram that answers one of ours, honestly or not. */
        private void answer() {
            if (sent.isEmpty()) {
                return;
            }
            Transmit transmit = sent.remove(next() % sent.size());
            try {
                RequestMessage request = RequestMessage.CODEC.decode(Bytes.copyOf(transmit.payload()));
                PeerAddress from = next() % 8 == 0 ? address(next()) : transmit.to();
                List<PeerAddress> closer = new ArrayList<>();
                for (int i = next() % 30; i > 0; i--) {
                    closer.add(address(next()));
                }
                PeerAddress to = PeerAddress.of("10.9.0.1", transmit.socket().equals(SocketId.SERVER) ? 1000 : 1001);
                ResponseMessage response = new ResponseMessage(
                        request.tid(),
                        next() % 8 == 0 ? address(next()) : to,
                        next() % 8 == 0 ? null : NodeId.of(from),
                        next() % 2 == 0 ? null : Bytes.wrap(new byte[32]),
                        closer,
                        next() % 16 == 0 ? 16 : 0,
                        null);
                SocketId socket = next() % 4 == 0 ? SocketId.SERVER : transmit.socket();
                node.onDatagram(
                        socket, from, ResponseMessage.CODEC.encode(response).asByteBuffer(), now);
            } catch (DecodeException e) {
                return; // it was an answer of ours
            }
        }

        /** A request of another node. */
        private void ask() {
            PeerAddress from = address(next());
            RequestMessage request = new RequestMessage(
                    next(),
                    address(next()),
                    next() % 4 == 0 ? null : NodeId.of(from),
                    next() % 4 == 0 ? Bytes.wrap(new byte[32]) : null,
                    next() % 4 != 0,
                    next() % 6,
                    next() % 2 == 0 ? null : NodeId.of(address(next())),
                    Bytes.wrap(bytes()));
            SocketId socket = new SocketId(next() % 3);
            node.onDatagram(socket, from, RequestMessage.CODEC.encode(request).asByteBuffer(), now);
        }

        private void request() {
            RequestOptions options =
                    RequestOptions.DEFAULT.withRetries(next() % 4).withSession(sessions.get(next() % sessions.size()));
            ends.put(node.request(address(next()), new OutgoingRequest(next(), null, null), options, now), 0);
        }

        private void query() {
            QueryOptions options = QueryOptions.of(NodeId.of(address(next())), next(), null)
                    .withSession(sessions.get(next() % sessions.size()))
                    .withRetries(next() % 3);
            options = next() % 2 == 0 ? options : options.withSeeds(List.of(address(next()), address(next())));
            options = next() % 2 == 0 ? options : options.withRepeatingCommit();
            ends.put(next() % 3 == 0 ? node.findNode(options, now) : node.query(options, now), 0);
        }

        private void reply() {
            if (received.isEmpty()) {
                return;
            }
            IncomingRequest request = received.remove(next() % received.size());
            switch (next() % 3) {
                case 0 -> node.reply(request, null, ReplyOptions.FULL);
                case 1 -> node.decline(request);
                default -> node.relay(request, Bytes.EMPTY, address(next()), null);
            }
        }

        private void lifeCycle() {
            switch (next() % 16) {
                case 0 -> node.suspend(now);
                case 1, 2 -> {
                    node.resume(now);
                    node.onSocketBound(SocketId.SERVER, 1000, now);
                    node.onSocketBound(SocketId.CLIENT, 1001, now);
                }
                case 3 -> node.wakeUp();
                case 4 -> node.addNode(address(next()), now);
                case 5 -> sessions.add(node.openSession());
                case 6 -> node.refresh(now);
                default -> node.onResolved("name.example", next() % 2 == 0 ? null : address(next()), now);
            }
        }

        private void time(int millis) {
            now += TimeUnit.MILLISECONDS.toNanos(millis);
            node.onTimeout(now);
        }

        private void receive(byte[] datagram) {
            node.onDatagram(new SocketId(next() % 3), address(next()), ByteBuffer.wrap(datagram), now);
        }

        private void drain() {
            for (Transmit transmit = node.pollTransmit(); transmit != null; transmit = node.pollTransmit()) {
                sent.add(transmit);
            }
            for (RpcEvent event = node.pollEvent(); event != null; event = node.pollEvent()) {
                if (event instanceof RpcEvent.RequestReceived request) {
                    received.add(request.request());
                } else if (event instanceof RpcEvent.Replied end) {
                    ends.merge(end.request(), 1, Integer::sum);
                } else if (event instanceof RpcEvent.Failed end) {
                    ends.merge(end.request(), 1, Integer::sum);
                } else if (event instanceof RpcEvent.QueryEnded end) {
                    ends.merge(end.query(), 1, Integer::sum);
                }
            }
            while (sent.size() > 300) {
                sent.remove(0); // lost
            }
        }

        private byte[] bytes() {
            byte[] content = new byte[Math.min(next() % 64, data.remaining())];
            data.get(content);
            return content;
        }

        private int next() {
            return data.hasRemaining() ? data.get() & 0xff : 0;
        }

        private static PeerAddress address(int number) {
            return PeerAddress.of("10.0.0." + (number & 255), number & 255);
        }
    }
}
