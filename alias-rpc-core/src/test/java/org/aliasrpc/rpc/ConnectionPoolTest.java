package org.aliasrpc.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionPoolTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final PublicKey SERVER = new PublicKey(Bytes.fromHex("11".repeat(32)));
    private static final PoolKey KEY = new PoolKey(SERVER, "test", Bytes.EMPTY);
    private static final Bytes HASH = Bytes.fromHex("07".repeat(64));
    private static final Bytes VALUE = Bytes.fromHex("aa");
    private static final ConnectFailure FAILED = new ConnectFailure(ConnectFailure.Kind.FAILED, "no way");

    private ConnectionPool pool = new ConnectionPool(PoolOptions.DEFAULT, new Random(3));
    private final List<PoolEvent> events = new ArrayList<>();
    private final Map<Long, ServedConnection> servers = new HashMap<>();
    private final List<String> served = new ArrayList<>();
    private RpcOptions serverOptions = RpcOptions.of("test");
    private boolean answers = true;
    private long nowNanos;

    @Test
    void differentIdsAreDifferentConnections() {
        // In the reference "no id" and "empty id", and ids that are no text, share one (protomux-rpc.md §9.5).
        List<PoolKey> keys = new ArrayList<>();
        keys.add(KEY);
        keys.add(new PoolKey(SERVER, "test", null));
        keys.add(new PoolKey(SERVER, "test", Bytes.fromHex("ff")));
        keys.add(new PoolKey(SERVER, "test", Bytes.fromHex("fe")));
        keys.add(new PoolKey(SERVER, "other", Bytes.EMPTY));
        keys.add(new PoolKey(new PublicKey(Bytes.fromHex("12".repeat(32))), "test", Bytes.EMPTY));
        for (PoolKey key : keys) {
            pool.call(key, "m", VALUE, SECOND, 0);
            pool.call(key, "m", VALUE, SECOND, 0);
        }
        poll();
        assertThat(requests()).hasSize(keys.size());
        assertThat(pool.counters().entries()).isEqualTo(keys.size());
    }

    @Test
    void withoutAnIdTheServersKeyIsTheId() {
        pool.call(new PoolKey(SERVER, "test", null), "m", VALUE, SECOND, 0);
        poll();
        pool.onConnected(1, HASH, 0);
        ByteBuffer open = pool.pollFrame(1);
        assertThat(Bytes.copyOf(Objects.requireNonNull(open)).toHex())
                .isEqualTo("00010104" + "74657374" + "20" + SERVER.bytes().toHex());
    }

    @Test
    void pausesGrowAndStay() {
        List<Long> attempts = new ArrayList<>();
        pool.call(KEY, "m", VALUE, RpcChannel.NO_DEADLINE, 0);
        while (attempts.size() < 7) {
            poll();
            for (long id : requests()) {
                attempts.add(nowNanos);
                events.clear();
                pool.onConnectFailed(id, FAILED, nowNanos);
            }
            nowNanos = Math.max(nowNanos, pool.nextTimeout());
            pool.onTimeout(nowNanos);
        }
        long[] pauses = {5, 15, 60, 300, 300, 300};
        for (int i = 0; i < pauses.length; i++) {
            long pause = attempts.get(i + 1) - attempts.get(i);
            assertThat(pause).isBetween(pauses[i] * SECOND, pauses[i] * SECOND * 3 / 2);
        }
    }

    @Test
    void pausesBeginAnewWithTheNextCall() {
        pool.call(KEY, "m", VALUE, SECOND, 0);
        poll();
        pool.onConnectFailed(1, FAILED, 0);
        poll();
        assertThat(events).contains(new PoolEvent.Failed(1, new CallFailure.NotConnected(FAILED)));
        pool.call(KEY, "m", VALUE, 9 * SECOND, 0);
        poll();
        assertThat(requests()).containsExactly(1L, 2L);
    }

    @Test
    void aCallThatCannotWaitForThePauseGetsAnAttemptOfItsOwn() {
        pool.call(KEY, "m", VALUE, 100 * SECOND, 0);
        poll();
        pool.onConnectFailed(1, FAILED, 0);
        poll();
        assertThat(requests()).containsExactly(1L);
        pool.call(KEY, "m", VALUE, SECOND, 0);
        poll();
        assertThat(requests()).containsExactly(1L, 2L);
        connectAll();
        assertThat(answered()).containsExactly(1L, 2L);
    }

    @Test
    void anAttemptThatNobodyWaitsForAnyMoreIsNotWaitedForByTheNextCall() {
        nowNanos = 0;
        pool.call(KEY, "m", VALUE, 5 * SECOND, nowNanos);
        poll();
        nowNanos = 5 * SECOND;
        pool.onTimeout(nowNanos);
        poll();
        assertThat(events).contains(new PoolEvent.Failed(1, new CallFailure.TimedOut(CallStep.CONNECT)));

        pool.call(KEY, "m", VALUE, nowNanos + 5 * SECOND, nowNanos);
        poll();

        assertThat(requests()).containsExactly(1L, 2L);
        assertThat(events).contains(new PoolEvent.DisconnectRequested(1));
        pool.onConnected(1, HASH, nowNanos); // too late: it was given back
        assertThat(pool.counters().connectionsAttempted()).isEqualTo(2);
    }

    @Test
    void anAttemptThatIsStillYoungIsTakenOver() {
        pool.call(KEY, "m", VALUE, SECOND, 0);
        poll();
        nowNanos = SECOND;
        pool.onTimeout(nowNanos);
        pool.call(KEY, "m", VALUE, 10 * SECOND, nowNanos);
        poll();

        assertThat(requests()).containsExactly(1L);
        connectAll();
        assertThat(events).contains(new PoolEvent.Answered(2, VALUE));
    }

    @Test
    void oneDeadlineCoversAllSteps() {
        answers = false;
        for (int i = 0; i < 17; i++) {
            pool.call(KEY, "m", VALUE, 10 * SECOND, 0);
        }
        poll();
        nowNanos = 6 * SECOND;
        connectAll();
        assertThat(served).hasSize(16);
        nowNanos = 10 * SECOND - 1;
        pool.onTimeout(nowNanos);
        poll();
        assertThat(events).noneMatch(PoolEvent.Failed.class::isInstance);
        nowNanos++;
        pool.onTimeout(nowNanos);
        poll();
        for (long call = 1; call <= 16; call++) {
            assertThat(events).contains(new PoolEvent.Failed(call, new CallFailure.TimedOut(CallStep.REQUEST)));
        }
        assertThat(events.toString()).contains("callId=17, failure=TimedOut");
    }

    @Test
    void waitingCallsAreBounded() {
        pool = new ConnectionPool(PoolOptions.DEFAULT.withBounds(2, 3), new Random(3));
        for (int i = 0; i < 6; i++) {
            pool.call(KEY, "m", VALUE, SECOND, 0);
        }
        poll();
        assertThat(events).contains(new PoolEvent.Failed(6, new CallFailure.QueueFull()));
        connectAll();
        assertThat(answered()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void callsOfAFailingServerAreNotTriedOneByOne() {
        for (int i = 0; i < 100; i++) {
            pool.call(KEY, "m", VALUE, SECOND, 0);
        }
        poll();
        pool.onConnectFailed(1, FAILED, 0);
        poll();
        assertThat(events).filteredOn(PoolEvent.Failed.class::isInstance).hasSize(100);
        assertThat(requests()).containsExactly(1L);
    }

    @Test
    void idleConnectionsAreCollected() {
        pool.call(KEY, "m", VALUE, SECOND, 0);
        poll();
        connectAll();
        nowNanos = 60 * SECOND;
        assertThat(pool.nextTimeout()).isEqualTo(nowNanos);
        pool.onTimeout(nowNanos);
        poll();
        assertThat(events).noneMatch(PoolEvent.Collected.class::isInstance);
        nowNanos = 120 * SECOND;
        pool.onTimeout(nowNanos);
        poll();
        assertThat(events).contains(new PoolEvent.DisconnectRequested(1), new PoolEvent.Collected(1));
        assertThat(pool.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        assertThat(pool.counters()).isEqualTo(new PoolCounters(1, 1, 1, 1, 0, 0));
    }

    @Test
    void theConnectionIdleLongestIsEndedOnDemandAndNoneThatIsInUse() {
        PoolKey second = new PoolKey(SERVER, "second", Bytes.EMPTY);
        assertThat(pool.endIdlest()).isFalse();
        pool.call(KEY, "m", VALUE, SECOND, 0);
        poll();
        connectAll();
        assertThat(answered()).containsExactly(1L);
        nowNanos = 10;
        pool.call(second, "m", VALUE, SECOND, nowNanos);
        poll();
        assertThat(events).contains(new PoolEvent.ConnectRequested(2, SERVER));

        assertThat(pool.endIdlest()).isTrue();
        poll();
        assertThat(events)
                .contains(new PoolEvent.DisconnectRequested(1))
                .doesNotContain(new PoolEvent.DisconnectRequested(2));
        assertThat(pool.endIdlest()).isFalse(); // the other one is being made for a call
        pool.call(KEY, "m", VALUE, SECOND, nowNanos);
        poll();
        assertThat(events).contains(new PoolEvent.ConnectRequested(3, SERVER));
    }

    @Test
    void suspendedPoolsMakeNoConnections() {
        answers = false;
        pool.call(KEY, "m", VALUE, 100 * SECOND, 0);
        poll();
        connectAll();
        pool.suspend(0);
        poll();
        assertThat(events)
                .contains(
                        new PoolEvent.DisconnectRequested(1),
                        new PoolEvent.Failed(1, new CallFailure.ConnectionLost("suspended", false)));
        pool.call(KEY, "m", VALUE, 100 * SECOND, 0);
        pool.onTimeout(10 * SECOND);
        poll();
        assertThat(requests()).containsExactly(1L);
        assertThat(pool.nextTimeout()).isGreaterThan(10 * SECOND);
        pool.resume(20 * SECOND);
        answers = true;
        connectAll();
        assertThat(answered()).containsExactly(2L);
    }

    @Test
    void eventsAreSentOnceConnectedAndNobodyLearns() {
        pool.event(KEY, "m", VALUE, SECOND, 0);
        poll();
        connectAll();
        assertThat(served).containsExactly("event aa");
        assertThat(pool.counters().eventsSent()).isOne();
        pool.event(new PoolKey(SERVER, "nowhere", Bytes.EMPTY), "m", VALUE, SECOND, 0);
        pool.onTimeout(SECOND);
        poll();
        assertThat(events).noneMatch(PoolEvent.Failed.class::isInstance);
    }

    @Test
    void errorsOfTheServerAreTold() {
        serverOptions = serverOptions.withBounds(1, 1);
        answers = false;
        pool.call(KEY, "m", VALUE, SECOND, 0);
        pool.call(KEY, "unknown", VALUE, SECOND, 0);
        pool.call(KEY, "m", VALUE, SECOND, 0);
        poll();
        connectAll();
        RpcError unknown = new RpcError(RpcErrorCode.UNKNOWN_METHOD, "Unknown method 'unknown'", null);
        RpcError busy =
                new RpcError(RpcErrorCode.REQUEST_ERROR, "Request failed", new RpcError.Cause("Too many requests"));
        assertThat(events)
                .contains(
                        new PoolEvent.Failed(2, new CallFailure.Remote(unknown)),
                        new PoolEvent.Failed(3, new CallFailure.Remote(busy)));
    }

    @ParameterizedTest
    @CsvSource({
        "true, af9f8758e600429a66049b2e5130ba119b40961e80f240e25ec670c80f52a14d",
        "false, 59344c9a579ab1582637bb7efaabf2a9f4a2f9ef8f86e74f21dddf893fc5b196"
    })
    void capabilitiesAreTheReferences(boolean initiator, String proof) throws DecodeException {
        Capability capability = capability("03");
        Bytes handshake = capability.handshake(HASH, initiator);
        assertThat(handshake.toHex()).isEqualTo("01" + proof);
        assertThat(capability.verify(handshake, HASH, initiator)).isTrue();
        assertThat(capability.verify(handshake, HASH, !initiator)).isFalse();
        assertThat(capability.verify(Bytes.fromHex("00"), HASH, initiator)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"03", "04", "none", "missing"})
    void callsAreHeldBackUntilTheServerHasProvenItsCapability(String serverKey) {
        pool = new ConnectionPool(PoolOptions.DEFAULT.withCapability(capability("03")), new Random(3));
        serverOptions = serverOptions.withHandshake(
                switch (serverKey) {
                    case "none" -> Bytes.fromHex("00");
                    case "missing" -> Bytes.EMPTY;
                    default -> capability(serverKey).handshake(HASH, false);
                });
        pool.call(KEY, "m", VALUE, SECOND, 0);
        poll();
        connectAll();
        switch (serverKey) {
            case "03" -> assertThat(answered()).containsExactly(1L);
            case "missing" -> {
                assertThat(served).isEmpty();
                assertThat(events.toString()).contains("NotConnected", "the handshake holds no capability");
            }
            default -> {
                assertThat(served).isEmpty();
                assertThat(events).contains(new PoolEvent.Failed(1, new CallFailure.InvalidCapability()));
                assertThat(requests()).hasSize(1);
            }
        }
    }

    private static Capability capability(String key) {
        return new Capability(SecretBytes.copyOf(Bytes.fromHex(key.repeat(32)).toByteArray()));
    }

    private List<Long> requests() {
        return events.stream()
                .filter(PoolEvent.ConnectRequested.class::isInstance)
                .map(event -> ((PoolEvent.ConnectRequested) event).connectionId())
                .toList();
    }

    private List<Long> answered() {
        return events.stream()
                .filter(PoolEvent.Answered.class::isInstance)
                .map(event -> ((PoolEvent.Answered) event).callId())
                .sorted()
                .toList();
    }

    private void poll() {
        for (PoolEvent event = pool.pollEvent(); event != null; event = pool.pollEvent()) {
            events.add(event);
        }
    }

    /** Connects what was asked for and carries frames until nothing is left to do. */
    private void connectAll() {
        poll();
        for (long id : requests()) {
            if (!servers.containsKey(id) && !events.contains(new PoolEvent.DisconnectRequested(id))) {
                servers.put(id, new ServedConnection(serverOptions, "m"));
                pool.onConnected(id, HASH, nowNanos);
            }
        }
        boolean progress = true;
        while (progress) {
            progress = false;
            poll();
            for (Map.Entry<Long, ServedConnection> entry : servers.entrySet()) {
                ServedConnection server = entry.getValue();
                for (ByteBuffer f = pool.pollFrame(entry.getKey()); f != null; f = pool.pollFrame(entry.getKey())) {
                    server.onFrame(f);
                    progress = true;
                }
                serve(server);
                for (ByteBuffer f = server.pollFrame(); f != null; f = server.pollFrame()) {
                    pool.onFrame(entry.getKey(), f, nowNanos);
                    progress = true;
                }
            }
        }
    }

    private void serve(ServedConnection server) {
        for (RpcEvent event = server.pollEvent(); event != null; event = server.pollEvent()) {
            if (event instanceof RpcEvent.RequestReceived request) {
                served.add("request " + request.value());
                if (answers) {
                    server.answer(request.handle(), request.value());
                }
            } else if (event instanceof RpcEvent.EventReceived received) {
                served.add("event " + received.value());
            }
        }
    }
}
