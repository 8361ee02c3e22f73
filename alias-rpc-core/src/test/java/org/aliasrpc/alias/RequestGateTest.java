package org.aliasrpc.alias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.alias.RequestGate.Verdict;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a session does with the verdicts of its gate. */
class RequestGateTest {
    private static final UUID UID = UUID.fromString("00000000-0000-4000-8000-000000000002");
    private static final PeerAddress ADDRESS = PeerAddress.of("127.0.0.1", 40000);
    private static final SecretBytes OTHER = secret("66");
    private static final SecretBytes WRONG = secret("77");

    private final List<AliasServerEvent> events = new ArrayList<>();
    private final List<String> frames = new ArrayList<>();
    private final List<@Nullable String> names = new ArrayList<>();
    private Verdict verdict = Verdict.PASS;
    private final AliasServerSession session = new AliasServerSession(
            new AliasConnection(UID, AliasNetwork.CLIENT, ADDRESS),
            SecretCheck.of(secrets()),
            (registration, secretName) -> {
                names.add(secretName);
                return verdict;
            },
            AliasServerLimits.DEFAULT,
            0);

    private static Map<String, SecretBytes> secrets() {
        Map<String, SecretBytes> secrets = new LinkedHashMap<>();
        secrets.put("first", AliasNetwork.SECRET);
        secrets.put("team", OTHER);
        secrets.put("same-as-team", secret("66"));
        return secrets;
    }

    @Test
    void theGateAndThePutAreToldWhichSecretItWas() {
        receive(1, AliasNetwork.SECRET);
        receive(2, OTHER);
        receive(3, WRONG);
        assertThat(names).containsExactly("first", "team", null);
        assertThat(events)
                .filteredOn(AliasServerEvent.PutRequested.class::isInstance)
                .extracting(event -> ((AliasServerEvent.PutRequested) event).secretName())
                .containsExactly("first", "team");
        assertThat(session.isAuthorised()).isTrue();
    }

    @Test
    void noGateMakesAWrongSecretRight() {
        receive(1, WRONG);
        assertThat(events).containsExactly(unauthorised());
        assertThat(frames).containsExactly(refusal(1, "Unauthorised"));
        assertThat(session.isAuthorised()).isFalse();
    }

    @Test
    void aRefusalIsToldTheClientAndIsAnError() {
        verdict = new Verdict.Refused("Too many registrations");
        receive(1, AliasNetwork.SECRET);
        assertThat(events).hasSize(1);
        assertThat(((AliasServerEvent.Failed) events.get(0)).error()).hasMessage("Too many registrations");
        assertThat(frames).containsExactly(refusal(1, "Too many registrations"));
    }

    @Test
    void whatASecretIsNotGoodForIsUnauthorisedWithAReason() {
        verdict = new Verdict.Forbidden("not with this secret");
        receive(1, OTHER);
        assertThat(events).containsExactly(unauthorised());
        assertThat(frames).containsExactly(refusal(1, "not with this secret"));
        assertThat(session.isAuthorised()).isTrue();
    }

    @Test
    void aLateAnswerWaitsForItsTimeWhileOthersPass() {
        verdict = new Verdict.Unauthorised(500, false);
        receive(1, WRONG);
        assertThat(events).containsExactly(unauthorised(), new AliasServerEvent.AnswerHeld(1, 500));
        verdict = Verdict.PASS;
        receive(2, AliasNetwork.SECRET);
        session.onPutResult(2, true);
        poll();
        assertThat(frames).containsExactly("0101000201010101");
        session.onHoldOver(1);
        session.onHoldOver(1);
        session.onHoldOver(99);
        poll();
        assertThat(frames).containsExactly("0101000201010101", refusal(1, "Unauthorised"));
        assertThat(session.failure()).isNull();
    }

    @Test
    void afterTheLastAnswerNothingIsServed() {
        verdict = new Verdict.Unauthorised(500, true);
        receive(1, WRONG);
        receive(2, WRONG);
        events.clear();
        session.onHoldOver(1);
        session.onHoldOver(2);
        verdict = Verdict.PASS;
        receive(3, AliasNetwork.SECRET);
        assertThat(events).containsExactly(new AliasServerEvent.LastAnswered());
        assertThat(frames).containsExactly(refusal(1, "Unauthorised"));
        assertThat(session.failure()).isNull();
        session.cutOff("it does not end");
        assertThat(session.failure()).isEqualTo("it does not end");
    }

    @Test
    void whoIsCutOffHearsNothingAndRaisesNothing() {
        verdict = new Verdict.CutOff("too many wrong secrets");
        List<Bytes> batch = List.of(request(1, WRONG), request(2, WRONG));
        batch.forEach(frame -> session.onFrame(ByteBuffer.wrap(frame.toByteArray()), 1));
        poll();
        receive(3, AliasNetwork.SECRET);
        assertThat(names).hasSize(1);
        assertThat(events).isEmpty();
        assertThat(frames).isEmpty();
        assertThat(session.failure()).isEqualTo("too many wrong secrets");
    }

    @Test
    void heldAnswersEndWithTheConnection() {
        verdict = new Verdict.Unauthorised(500, true);
        receive(1, WRONG);
        session.onConnectionClosed(null);
        session.onHoldOver(1);
        poll();
        assertThat(frames).isEmpty();
        assertThat(events.get(events.size() - 1)).isInstanceOf(AliasServerEvent.ConnectionClose.class);
        assertThat(session.isFinished()).isTrue();
    }

    @Test
    void noDelayIsNegativeAndNoSetOfSecretsEmpty() {
        assertThatThrownBy(() -> new Verdict.Unauthorised(-1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SecretCheck.of(Map.of())).hasMessage("no secret");
    }

    {
        session.onFrame(
                ByteBuffer.wrap(
                        Bytes.fromHex("0001010e72656769737465722d616c69617300").toByteArray()),
                0);
        poll();
        events.clear();
        frames.clear();
    }

    private void receive(long id, SecretBytes secret) {
        session.onFrame(ByteBuffer.wrap(request(id, secret).toByteArray()), 1);
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

    private static AliasServerEvent unauthorised() {
        return new AliasServerEvent.Unauthorised(UID, AliasNetwork.CLIENT, AliasNetwork.TARGET, "alias", ADDRESS);
    }

    private static Bytes request(long id, SecretBytes secret) {
        Registration registration = new Registration("alias", AliasNetwork.TARGET, "h", "s");
        Bytes value = AliasRequestCodec.INSTANCE.encode(new AliasRequest(secret, registration));
        return new Writer().uint(1).uint(0).uint(id).utf8("alias").fixed(value).toBytes();
    }

    private static String refusal(long id, String reason) {
        return new Writer()
                .uint(1)
                .uint(1)
                .uint(0)
                .uint(id)
                .uint(1)
                .uint(1)
                .bool(false)
                .utf8(reason)
                .toBytes()
                .toHex();
    }

    private static SecretBytes secret(String octet) {
        return SecretBytes.copyOf(Bytes.fromHex(octet.repeat(32)).toByteArray());
    }
}
