package org.aliasrpc.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever connections, servers and owner do, in whatever order: every call ends once and within its deadline, what the
 * pool asked to connect it asks to disconnect, and in the end no timer is left.
 */
class CallsFuzzTest {
    private static final long UNIT = 1_000_000_000;
    private static final Bytes HASH = Bytes.fromHex("07".repeat(64));

    @FuzzTest(maxDuration = "5m")
    void anyOperationsKeepThePoolsInvariants(byte[] data) {
        new Run(new ConnectionPool(PoolOptions.DEFAULT.withBounds(3, 4), new Random(1)), data).go();
    }

    @FuzzTest(maxDuration = "5m")
    void anyOperationsKeepTheInvariantsOfSingleCalls(byte[] data) {
        new Run(new SingleCalls(2, 4), data).go();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomOperationsKeepTheInvariants(long seed) {
        Random random = new Random(seed);
        int answered = 0;
        int failed = 0;
        for (int run = 0; run < 200; run++) {
            byte[] data = new byte[500];
            random.nextBytes(data);
            Calls calls = run % 2 == 0
                    ? new ConnectionPool(PoolOptions.DEFAULT.withBounds(3, 4), new Random(run))
                    : new SingleCalls(2, 4);
            Run operations = new Run(calls, data);
            operations.go();
            answered += operations.answered;
            failed += operations.failed;
        }
        assertThat(answered).as("calls that were answered").isGreaterThan(300); // it was not all for nothing
        assertThat(failed).as("calls that failed").isGreaterThan(300);
    }

    /** A list of operations, read from bytes. */
    private static final class Run {
        private final Calls calls;
        private final byte[] data;
        private int at;
        private long nowNanos;
        private final Map<Long, Long> deadlines = new HashMap<>();
        private final List<Long> connecting = new ArrayList<>();
        private final Map<Long, ServedConnection> servers = new HashMap<>();
        private final Map<Long, List<Long>> requests = new HashMap<>();
        private final Set<Long> seen = new HashSet<>();
        int answered;
        int failed;

        Run(Calls calls, byte[] data) {
            this.calls = calls;
            this.data = data;
        }

        void go() {
            while (at < data.length) {
                step();
                poll();
                for (Map.Entry<Long, Long> call : deadlines.entrySet()) {
                    assertThat(call.getValue())
                            .as("deadline of call %s", call.getKey())
                            .isGreaterThan(nowNanos);
                }
            }
            calls.close();
            poll();
            assertThat(deadlines).as("calls that never ended").isEmpty();
            assertThat(connecting).as("attempts that were not given up").isEmpty();
            assertThat(servers).as("connections that were not given up").isEmpty();
            assertThat(calls.nextTimeout()).isEqualTo(Long.MAX_VALUE);
            assertThat(calls.pollSendable()).isEqualTo(Calls.NONE);
        }

        private void step() {
            switch (next() % 16) {
                case 0, 1, 2 -> call();
                case 3, 4, 5 -> connect();
                case 6 -> {
                    if (!connecting.isEmpty()) {
                        long id = connecting.remove(next() % connecting.size());
                        calls.onConnectFailed(id, failure(), nowNanos);
                    }
                }
                case 7 -> {
                    List<Long> ids = List.copyOf(servers.keySet());
                    if (!ids.isEmpty()) {
                        long id = ids.get(next() % ids.size());
                        servers.remove(id);
                        calls.onConnectionClosed(id, next() % 2 == 0 ? null : "reset", nowNanos);
                    }
                }
                case 8, 9, 10, 11, 12 -> carry(next() % 16 == 0);
                case 13 -> calls.onFrame(next() % 10, ByteBuffer.wrap(new byte[] {1, 1, 0, 1}), nowNanos);
                case 14 -> calls.onConnected(next() % 10 + 1000, HASH, nowNanos);
                default -> {
                    nowNanos += (next() % 40) * UNIT / 4;
                    calls.onTimeout(nowNanos);
                }
            }
        }

        private void call() {
            PoolKey key = new PoolKey(
                    new PublicKey(Bytes.fromHex("11".repeat(32))), next() % 3 == 0 ? "q" : "p", Bytes.EMPTY);
            long deadline = nowNanos + (1 + next() % 60) * UNIT / 4;
            long id = calls.call(key, next() % 8 == 0 ? "unknown" : "m", Bytes.copyOf((byte) 5), deadline, nowNanos);
            deadlines.put(id, deadline);
        }

        private void connect() {
            if (!connecting.isEmpty()) {
                long id = connecting.remove(next() % connecting.size());
                servers.put(id, new ServedConnection(RpcOptions.of(next() % 4 == 0 ? "q" : "p"), "m"));
                calls.onConnected(id, HASH, nowNanos);
            }
        }

        private ConnectFailure failure() {
            ConnectFailure.Kind[] kinds = ConnectFailure.Kind.values();
            return new ConnectFailure(kinds[next() % kinds.length], "reason");
        }

        /** Frames of all connections, once in each direction; servers answer some requests. */
        private void carry(boolean garbage) {
            for (Map.Entry<Long, ServedConnection> entry : List.copyOf(servers.entrySet())) {
                ServedConnection server = entry.getValue();
                for (ByteBuffer f = calls.pollFrame(entry.getKey()); f != null; f = calls.pollFrame(entry.getKey())) {
                    server.onFrame(f);
                }
                List<Long> pending = requests.computeIfAbsent(entry.getKey(), absent -> new ArrayList<>());
                for (RpcEvent event = server.pollEvent(); event != null; event = server.pollEvent()) {
                    if (event instanceof RpcEvent.RequestReceived request) {
                        pending.add(request.handle());
                    }
                }
                while (!pending.isEmpty() && next() % 4 != 0) {
                    server.answer(pending.remove(0), Bytes.copyOf((byte) 6));
                }
                for (ByteBuffer f = server.pollFrame(); f != null; f = server.pollFrame()) {
                    calls.onFrame(entry.getKey(), f, nowNanos);
                }
                if (garbage) {
                    byte[] bytes = new Writer()
                            .uint(next() % 3)
                            .uint(next() % 4)
                            .uint(next())
                            .toByteArray();
                    calls.onFrame(entry.getKey(), ByteBuffer.wrap(bytes), nowNanos);
                }
            }
        }

        private void poll() {
            for (PoolEvent event = calls.pollEvent(); event != null; event = calls.pollEvent()) {
                if (event instanceof PoolEvent.ConnectRequested wish) {
                    assertThat(seen.add(wish.connectionId())).isTrue();
                    connecting.add(wish.connectionId());
                } else if (event instanceof PoolEvent.DisconnectRequested wish) {
                    assertThat(seen).contains(wish.connectionId());
                    connecting.remove(wish.connectionId());
                    servers.remove(wish.connectionId());
                } else if (event instanceof PoolEvent.Answered done) {
                    assertThat(deadlines.remove(done.callId())).isNotNull();
                    answered++;
                } else if (event instanceof PoolEvent.Failed done) {
                    assertThat(deadlines.remove(done.callId())).isNotNull();
                    failed++;
                }
            }
        }

        private int next() {
            return at < data.length ? data[at++] & 0xff : 0;
        }
    }
}
