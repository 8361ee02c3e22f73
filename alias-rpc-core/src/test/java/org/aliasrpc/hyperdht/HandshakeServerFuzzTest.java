package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.IncomingRequest;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.Peer;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.noise.NoiseException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any list of operations on a handshake server keeps its bounds, makes one connection at most of a handshake, and leaks nothing. */
class HandshakeServerFuzzTest {
    @FuzzTest(maxDuration = "5m")
    void anyOperationsKeepTheInvariants(byte[] data) {
        new Run(ByteBuffer.wrap(data)).go();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomOperationsKeepTheInvariants(long seed) {
        byte[] data = new byte[2_000];
        new Random(seed).nextBytes(data);
        Run run = new Run(ByteBuffer.wrap(data));
        run.go();
        assertThat(run.hashes).hasSizeGreaterThan(2); // else the operations are no test
    }

    /** Reads operations from the data until it ends, then waits for all deadlines and draws the balance. */
    private static final class Run {
        private static final int MAX_HANDSHAKES = 20;
        private static final int MAX_PENDING = 6;
        private static final List<Mode> MODES = List.of(Mode.values());
        private static final List<HandshakeFilter.Verdict> VERDICTS = List.of(HandshakeFilter.Verdict.values());
        private static final KeyPair SERVER = SimPeer.keyPair(500);
        private static final KeyPair CLIENT = SimPeer.keyPair(501);
        private static final NodeId TARGET = new NodeId(SERVER.publicKey().target());

        private final ByteBuffer data;
        private final Random random = new Random(1);
        private final HyperDhtNode node = new HyperDhtNode(
                HyperDhtConfig.builder(CLIENT)
                        .rpc(RpcConfig.builder().firewalled(false).build())
                        .offloadHandshakes(true)
                        .maxHandshakes(MAX_HANDSHAKES)
                        .maxPendingHandshakes(MAX_PENDING)
                        .build(),
                new Random(2));
        private final List<Bytes> sent = new ArrayList<>();
        private final List<HandshakeTask> work = new ArrayList<>();
        private final List<Long> asked = new ArrayList<>();
        private final Set<Connection> open = new HashSet<>();
        private final Set<Bytes> hashes = new HashSet<>();
        private Listener listener;
        private long now;

        Run(ByteBuffer data) {
            this.data = data;
            node.start(now);
            drain();
            node.onSocketBound(SocketId.SERVER, 1, now);
            node.onSocketBound(SocketId.CLIENT, 2, now);
            listener = listen();
        }

        private Listener listen() {
            return node.listen(
                    ListenOptions.of(SERVER).withFilter((key, payload, from) -> VERDICTS.get(from.port() % 3)), now);
        }

        private int next() {
            return data.hasRemaining() ? data.get() & 0xff : 0;
        }

        void go() {
            while (data.hasRemaining()) {
                step(next() % 12);
                drain();
                assertThat(node.core.handshakes).isBetween(0, MAX_HANDSHAKES);
                assertThat(node.core.pendingHandshakes).isBetween(0, MAX_PENDING);
                assertThat(work).hasSizeLessThanOrEqualTo(200);
                assertThat(listener.handshakes().size()).isLessThanOrEqualTo(node.core.handshakes);
            }
            finish(work.size());
            advance(TimeUnit.SECONDS.toNanos(45));
            assertThat(node.core.handshakes).isZero();
            assertThat(node.core.pendingHandshakes).isZero();
            assertThat(node.core.udx.streamCount()).isEqualTo(open.size());
            assertThat(node.connectionCount()).isEqualTo(open.size());
            node.close(now);
            advance(TimeUnit.SECONDS.toNanos(3));
            assertThat(node.core.udx.streamCount()).isZero();
            assertThat(node.core.waiting()).isZero();
            assertThat(node.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        }

        private void step(int operation) {
            switch (operation) {
                case 0, 1, 2 -> handshake(fresh());
                case 3, 4 -> handshake(sent.isEmpty() ? Bytes.EMPTY : sent.get(next() % sent.size()));
                case 5 -> handshake(damaged());
                case 6, 7 -> finish(1 + next() % 4);
                case 8 -> advance(TimeUnit.MILLISECONDS.toNanos(20L * next()));
                case 9 -> {
                    if (!asked.isEmpty()) {
                        node.onVerdict(asked.get(next() % asked.size()), next() % 2 == 0, now);
                    }
                }
                case 10 -> {
                    if (next() % 8 == 0) {
                        node.close(listener, now);
                        assertThat(listener.handshakes().size()).isZero();
                        listener = listen();
                    }
                }
                default -> {
                    byte[] packet = new byte[20];
                    packet[0] = (byte) 0xff;
                    packet[1] = 1;
                    packet[4] = (byte) next();
                    node.onDatagram(SocketId.SERVER, PeerAddress.of("9.9.9.9", 1), ByteBuffer.wrap(packet), now);
                }
            }
        }

        private void handshake(Bytes noise) {
            Mode mode = MODES.get(next() % MODES.size());
            PeerAddress peer = next() % 4 == 0 ? null : PeerAddress.of("9.9.9.9", next());
            PeerAddress relay = next() % 4 == 0 ? null : PeerAddress.of("8.8.8.8", next());
            PeerAddress from = PeerAddress.of("7.7.7.7", 1 + next());
            IncomingRequest request = new IncomingRequest(
                    next(),
                    Peer.withoutId(from),
                    PeerAddress.of("5.5.5.5", 1),
                    next() % 2 == 0 ? SocketId.SERVER : SocketId.CLIENT,
                    null,
                    Command.PEER_HANDSHAKE,
                    TARGET,
                    null);
            listener.onHandshake(request, new HandshakeMessage(mode, noise, peer, relay));
        }

        private Bytes fresh() {
            int kind = next();
            NoisePayload payload = new NoisePayload(
                    kind % 16 == 0 ? 2 : 1,
                    0,
                    kind % 2 == 0 ? Firewall.OPEN : Firewall.UNKNOWN,
                    null,
                    List.of(),
                    List.of(),
                    kind % 16 == 1 ? null : new NoisePayload.Udx(1, false, next(), 0),
                    1,
                    null,
                    null);
            try {
                HandshakeState client = HandshakeState.initiator(
                        HandshakePattern.IK, Namespaces.PEER_HANDSHAKE, CLIENT, SERVER.publicKey(), random);
                Bytes noise = client.writeMessage(
                        kind % 16 == 2 ? Bytes.utf8("no payload") : NoisePayloadCodec.INSTANCE.encode(payload));
                sent.add(noise);
                return noise;
            } catch (NoiseException e) {
                throw new AssertionError(e);
            }
        }

        private Bytes damaged() {
            byte[] noise = new byte[next()];
            random.nextBytes(noise);
            if (!sent.isEmpty() && next() % 2 == 0) {
                noise = sent.get(next() % sent.size()).toByteArray();
                noise[next() % noise.length] ^= 1;
            }
            return Bytes.wrap(noise);
        }

        private void finish(int count) {
            for (int i = 0; i < count && !work.isEmpty(); i++) {
                HandshakeTask task = work.remove(next() % work.size());
                task.run();
                node.onHandshakeDone(task, now);
                drain();
            }
        }

        private void advance(long nanos) {
            long end = now + nanos;
            while (node.nextTimeout() <= end) {
                now = Math.max(now, node.nextTimeout());
                node.onTimeout(now);
                drain();
                finish(data.hasRemaining() ? 0 : work.size());
            }
            now = end;
        }

        private void drain() {
            for (HyperDhtEvent event = node.pollEvent(); event != null; event = node.pollEvent()) {
                if (event instanceof HyperDhtEvent.HandshakeWork asking) {
                    work.add(asking.task());
                } else if (event instanceof HyperDhtEvent.VerdictRequested asking) {
                    asked.add(asking.handshake());
                } else if (event instanceof HyperDhtEvent.ConnectionOpened opening) {
                    open.add(opening.connection());
                    assertThat(hashes.add(
                                    Objects.requireNonNull(opening.connection().handshakeHash())))
                            .isTrue();
                }
            }
            for (Connection active = node.pollActive(); active != null; active = node.pollActive()) {
                for (ConnectionEvent event = active.pollEvent(); event != null; event = active.pollEvent()) {
                    if (event instanceof ConnectionEvent.Closed) {
                        assertThat(open.remove(active)).isTrue();
                    }
                }
            }
            while (node.pollTransmit(now) != null) {
                // nobody listens
            }
        }
    }
}
