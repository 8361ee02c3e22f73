package org.aliasrpc.alias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.junit.jupiter.api.Test;

class AliasServerSessionTest {
    private static final UUID UID = UUID.fromString("00000000-0000-4000-8000-000000000002");
    private static final String OPEN = "0001010e72656769737465722d616c69617300";
    private static final SecretBytes OTHER_SECRET =
            SecretBytes.copyOf(Bytes.fromHex("66".repeat(32)).toByteArray());
    private static final AliasConnection CONNECTION =
            new AliasConnection(UID, AliasNetwork.CLIENT, PeerAddress.of("127.0.0.1", 40000));

    private final List<AliasServerEvent> events = new ArrayList<>();
    private final List<String> frames = new ArrayList<>();
    private AliasServerSession session = session(AliasServerLimits.DEFAULT);

    private static AliasServerSession session(AliasServerLimits limits) {
        SecretCheck check = SecretCheck.anyOf(List.of(AliasNetwork.SECRET, OTHER_SECRET));
        return new AliasServerSession(CONNECTION, check, limits, 5);
    }

    @Test
    void tellsOfTheConnectionAndOpensTheChannelAtOnce() {
        poll();
        assertThat(events)
                .containsExactly(new AliasServerEvent.ConnectionOpen(
                        UID, AliasNetwork.CLIENT, PeerAddress.of("127.0.0.1", 40000)));
        assertThat(frames).containsExactly(OPEN);
        assertThat(session.lastActivityNanos()).isEqualTo(5);
    }

    @Test
    void acceptsEachOfSeveralSecrets() {
        open();
        receive(request(1, OTHER_SECRET, "a"));
        assertThat(events).hasAtLeastOneElementOfType(AliasServerEvent.PutRequested.class);
        assertThatThrownBy(() -> SecretCheck.anyOf(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SecretCheck.anyOf(List.of(SecretBytes.copyOf(new byte[31]))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a secret of 31 bytes, it must be 32");
    }

    @Test
    void otherMethodsAreUnknown() {
        open();
        receive(frame(1, "other", Bytes.EMPTY));
        assertThat(events).isEmpty();
        assertThat(frames)
                .containsExactly(
                        "0101030116556e6b6e6f776e206d6574686f6420276f74686572270e554e4b4e4f574e5f4d4554484f44");
    }

    @Test
    void undecodableRequestsRaiseNoEventAndKeepTheConnection() {
        open();
        receive(frame(1, "alias", Bytes.fromHex("0101")));
        assertThat(events).isEmpty();
        assertThat(frames).hasSize(1);
        assertThat(frames.get(0))
                .startsWith("01010701")
                .contains(Bytes.utf8("Out of bounds").toHex());
        receive(request(2, AliasNetwork.SECRET, "a"));
        assertThat(events).hasAtLeastOneElementOfType(AliasServerEvent.PutRequested.class);
    }

    @Test
    void answersInTheOrderOfCompletion() {
        open();
        receive(request(1, AliasNetwork.SECRET, "a"));
        receive(request(2, AliasNetwork.SECRET, "b"));
        List<Long> puts = puts();
        session.onPutResult(puts.get(1), true);
        session.onPutResult(puts.get(0), false);
        poll();
        assertThat(frames).containsExactly("0101000201010101", "0101000101010100");
    }

    @Test
    void aResultCountsOnce() {
        open();
        receive(request(1, AliasNetwork.SECRET, "a"));
        long put = puts().get(0);
        events.clear();
        session.onPutResult(put, true);
        session.onPutResult(put, false);
        session.onPutFailed(put, new IllegalStateException("late"));
        session.onPutResult(99, true);
        poll();
        assertThat(frames).containsExactly("0101000101010101");
        assertThat(events)
                .containsExactly(
                        new AliasServerEvent.Succeeded(UID, "a", AliasNetwork.CLIENT, AliasNetwork.TARGET, true));
    }

    @Test
    void aRefusalMayNameItsReason() {
        open();
        receive(request(1, AliasNetwork.SECRET, "a"));
        session.onPutFailed(puts().get(0), new IllegalArgumentException("inner"), "alias a is taken");
        poll();
        assertThat(frames)
                .containsExactly("01010001010100"
                        + new Writer().utf8("alias a is taken").toBytes().toHex());
    }

    @Test
    void putsOverTheLimitAreRefusedAndTheOthersGoOn() {
        session = session(new AliasServerLimits(2, 1000));
        open();
        for (int id = 1; id <= 3; id++) {
            receive(request(id, AliasNetwork.SECRET, "a" + id));
        }
        assertThat(puts()).hasSize(2);
        assertThat(frames)
                .containsExactly("01010003010100"
                        + new Writer()
                                .utf8("Too many registrations at a time (limit 2)")
                                .toBytes()
                                .toHex());
        assertThat(events.get(events.size() - 2))
                .isEqualTo(new AliasServerEvent.OverLimit(AliasServerEvent.Limit.CONCURRENT_PUTS));
        assertThat(events.get(events.size() - 1)).isInstanceOf(AliasServerEvent.Failed.class);
        session.onPutResult(puts().get(0), true);
        receive(request(4, AliasNetwork.SECRET, "a4"));
        assertThat(puts()).hasSize(3);
    }

    @Test
    void requestsOverTheSizeLimitAreRefusedWithAClearText() {
        session = session(new AliasServerLimits(2, 100));
        open();
        receive(request(1, AliasNetwork.SECRET, "a".repeat(100)));
        assertThat(events).containsExactly(new AliasServerEvent.OverLimit(AliasServerEvent.Limit.REQUEST_SIZE));
        assertThat(frames).hasSize(1);
        assertThat(frames.get(0))
                .endsWith(new Writer()
                        .utf8("Request of 171 bytes is too large (limit 100)")
                        .toBytes()
                        .toHex());
    }

    @Test
    void resultsAreToldAfterTheConnectionHasEnded() {
        open();
        receive(request(1, AliasNetwork.SECRET, "a"));
        receive(request(2, AliasNetwork.SECRET, "b"));
        List<Long> puts = puts();
        events.clear();
        session.onConnectionClosed("connection reset");
        session.onConnectionClosed("again");
        assertThat(session.isFinished()).isFalse();
        session.onPutResult(puts.get(0), true);
        IllegalStateException failure = new IllegalStateException("disk full");
        session.onPutFailed(puts.get(1), failure);
        poll();
        assertThat(events)
                .containsExactly(
                        new AliasServerEvent.ConnectionError("connection reset", UID, AliasNetwork.CLIENT),
                        new AliasServerEvent.ConnectionClose(UID, AliasNetwork.CLIENT),
                        new AliasServerEvent.Succeeded(UID, "a", AliasNetwork.CLIENT, AliasNetwork.TARGET, true),
                        new AliasServerEvent.Failed(UID, AliasNetwork.CLIENT, failure));
        assertThat(frames).isEmpty();
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void whatArrivedBeforeTheEndCounts() {
        open();
        session.onFrame(ByteBuffer.wrap(request(1, AliasNetwork.SECRET, "a").toByteArray()), 9);
        session.onConnectionClosed(null);
        poll();
        assertThat(events).hasSize(3);
        assertThat(events.get(1)).isInstanceOf(AliasServerEvent.PutRequested.class);
        assertThat(events.get(2)).isEqualTo(new AliasServerEvent.ConnectionClose(UID, AliasNetwork.CLIENT));
    }

    @Test
    void aClientThatClosesTheChannelIsNotNoticed() {
        open();
        receive(Bytes.fromHex("000301"));
        assertThat(events).isEmpty();
        assertThat(session.failure()).isNull();
        assertThat(session.isFinished()).isFalse();
    }

    @Test
    void saysWhatThePeerDidWrong() {
        open();
        receive(Bytes.fromHex("000105016100"));
        assertThat(session.failure()).isEqualTo("Invalid open message");
        session.onConnectionClosed(session.failure());
        poll();
        assertThat(events)
                .containsExactly(
                        new AliasServerEvent.ConnectionError("Invalid open message", UID, AliasNetwork.CLIENT),
                        new AliasServerEvent.ConnectionClose(UID, AliasNetwork.CLIENT));
    }

    @Test
    void doesNotShowTheSecretAnywhere() {
        open();
        receive(request(1, AliasNetwork.SECRET, "a"));
        assertThat(events.toString()).doesNotContain("5555");
        assertThat(new AliasRequest(AliasNetwork.SECRET, AliasNetwork.registration("a")).toString())
                .doesNotContain("5555");
    }

    private List<Long> puts() {
        return events.stream()
                .filter(AliasServerEvent.PutRequested.class::isInstance)
                .map(event -> ((AliasServerEvent.PutRequested) event).requestId())
                .toList();
    }

    private void open() {
        receive(Bytes.fromHex(OPEN));
        events.clear();
        frames.clear();
    }

    private void receive(Bytes frame) {
        session.onFrame(ByteBuffer.wrap(frame.toByteArray()), 9);
        poll();
    }

    private void poll() {
        for (AliasServerEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
            events.add(event);
        }
        for (ByteBuffer frame = session.pollFrame(); frame != null; frame = session.pollFrame()) {
            frames.add(Bytes.copyOf(frame).toHex());
        }
    }

    private static Bytes request(long id, SecretBytes secret, String alias) {
        Registration registration = new Registration(alias, AliasNetwork.TARGET, "h", "s");
        return frame(id, "alias", AliasRequestCodec.INSTANCE.encode(new AliasRequest(secret, registration)));
    }

    private static Bytes frame(long id, String method, Bytes value) {
        return new Writer().uint(1).uint(0).uint(id).utf8(method).fixed(value).toBytes();
    }
}
