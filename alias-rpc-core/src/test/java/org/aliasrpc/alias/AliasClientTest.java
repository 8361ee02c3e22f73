package org.aliasrpc.alias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.rpc.CallStep;
import org.aliasrpc.rpc.ConnectFailure;
import org.aliasrpc.rpc.ConnectFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AliasClientTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long TIMEOUT = 10 * SECOND;
    private static final Registration DUMMY = AliasNetwork.registration("dummy");
    private static final ConnectFailure NOT_FOUND = new ConnectFailure(Kind.PEER_NOT_FOUND, "PEER_NOT_FOUND");

    private static AliasNetwork network(AliasClientOptions.LifeCycle lifeCycle) {
        return new AliasNetwork(
                lifeCycle == AliasClientOptions.LifeCycle.POOLED
                        ? AliasClientOptions.POOLED
                        : AliasClientOptions.PER_CALL,
                new Random(7));
    }

    private final AliasNetwork pooled = network(AliasClientOptions.LifeCycle.POOLED);
    private final AliasNetwork perCall = network(AliasClientOptions.LifeCycle.PER_CALL);

    @Test
    void pooledCallsShareOneConnection() {
        for (int i = 0; i < 5; i++) {
            assertThat(pooled.outcome(pooled.register(DUMMY, TIMEOUT))).isEqualTo(new AliasOutcome.Registered(true));
        }
        assertThat(pooled.connectRequests).hasSize(1);
        assertThat(pooled.sessions).hasSize(1);
    }

    @Test
    void callsWithAConnectionEachLeaveNoneBehind() {
        for (int i = 0; i < 5; i++) {
            assertThat(perCall.outcome(perCall.register(DUMMY, TIMEOUT))).isEqualTo(new AliasOutcome.Registered(true));
        }
        assertThat(perCall.connectRequests).hasSize(5);
        assertThat(perCall.sessions).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(AliasClientOptions.LifeCycle.class)
    void aHundredAtOnceAllSucceed(AliasClientOptions.LifeCycle lifeCycle) {
        AliasNetwork network = network(lifeCycle);
        List<Long> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(network.client.register(AliasNetwork.registration("alias-" + i), TIMEOUT, 0));
        }
        network.run();
        assertThat(calls)
                .allSatisfy(call -> assertThat(network.outcome(call)).isEqualTo(new AliasOutcome.Registered(true)));
        assertThat(network.connections.nextTimeout() == Long.MAX_VALUE)
                .isEqualTo(lifeCycle == AliasClientOptions.LifeCycle.PER_CALL);
    }

    @Test
    void noMoreThanSixteenPooledCallsRunAtATime() {
        List<Runnable> puts = new ArrayList<>();
        pooled.registrar = (session, put) -> puts.add(() -> session.onPutResult(put.requestId(), false));
        for (int i = 0; i < 40; i++) {
            pooled.client.register(DUMMY, TIMEOUT, 0);
        }
        pooled.run();
        assertThat(puts).hasSize(16);
        puts.remove(0).run();
        pooled.run();
        assertThat(puts).hasSize(16);
        assertThat(pooled.outcomes).hasSize(1);
    }

    @Test
    void anUnknownServerIsTriedAgainWhileTimeAllows() {
        pooled.connectFailures.addAll(List.of(NOT_FOUND, NOT_FOUND, NOT_FOUND));
        long call = pooled.register(DUMMY, TIMEOUT);
        assertThat(pooled.outcomes).isEmpty();
        // The second attempt comes after 5 to 7.5 s; the third one would come after the deadline.
        pooled.advance(5 * SECOND - 1);
        assertThat(pooled.connectRequests).hasSize(1);
        pooled.advance(TIMEOUT - 5 * SECOND);
        assertThat(pooled.connectRequests).hasSize(2);
        assertThat(pooled.outcome(call)).isEqualTo(new AliasOutcome.PeerNotFound());
    }

    @Test
    void aServerThatComesBackInTimeIsFound() {
        pooled.connectFailures.add(NOT_FOUND);
        long call = pooled.register(DUMMY, TIMEOUT);
        pooled.advance(TIMEOUT);
        assertThat(pooled.outcome(call)).isEqualTo(new AliasOutcome.Registered(true));
    }

    @Test
    void theTrueCauseIsToldWhenALaterAttemptHangs() {
        pooled.connectFailures.add(new ConnectFailure(Kind.FAILED, "PEER_CONNECTION_FAILED"));
        long call = pooled.register(DUMMY, TIMEOUT);
        pooled.connectHangs = true;
        pooled.advance(TIMEOUT - 1);
        assertThat(pooled.outcomes).isEmpty();
        pooled.advance(1);
        assertThat(pooled.outcome(call)).isEqualTo(new AliasOutcome.ConnectionFailed("PEER_CONNECTION_FAILED"));
    }

    @Test
    void aClosedNodeEndsAllCallsAtOnce() {
        pooled.connectFailures.add(new ConnectFailure(Kind.NODE_CLOSED, "the node is closed"));
        assertThat(pooled.outcome(pooled.register(DUMMY, TIMEOUT)))
                .isEqualTo(new AliasOutcome.ConnectionFailed("the node is closed"));
    }

    @Test
    void callsWithAConnectionEachAreNotTriedAgain() {
        perCall.connectFailures.add(NOT_FOUND);
        assertThat(perCall.outcome(perCall.register(DUMMY, TIMEOUT))).isEqualTo(new AliasOutcome.PeerNotFound());
        assertThat(perCall.clientEvents).hasAtLeastOneElementOfType(AliasClientEvent.ConnectionError.class);
        AliasClientEvent.Attempt attempt = (AliasClientEvent.Attempt) perCall.clientEvents.get(0);
        assertThat(perCall.clientEvents)
                .contains(new AliasClientEvent.ConnectionError(
                        "PEER_NOT_FOUND", "dummy", AliasNetwork.TARGET, attempt.uid()));
    }

    @ParameterizedTest
    @EnumSource(AliasClientOptions.LifeCycle.class)
    void aConnectionThatDoesNotComeAboutTimesOut(AliasClientOptions.LifeCycle lifeCycle) {
        AliasNetwork network = network(lifeCycle);
        network.connectHangs = true;
        long call = network.register(DUMMY, TIMEOUT);
        network.advance(TIMEOUT - 1);
        assertThat(network.outcomes).isEmpty();
        network.advance(1);
        assertThat(network.outcome(call)).isEqualTo(new AliasOutcome.TimedOut(CallStep.CONNECT));
    }

    @ParameterizedTest
    @EnumSource(AliasClientOptions.LifeCycle.class)
    void aServerThatNeverOpensTheChannelTimesOut(AliasClientOptions.LifeCycle lifeCycle) {
        AliasNetwork network = network(lifeCycle);
        network.serverIsSilent = true;
        long call = network.register(DUMMY, TIMEOUT);
        network.advance(TIMEOUT);
        assertThat(network.outcome(call)).isEqualTo(new AliasOutcome.TimedOut(CallStep.OPEN));
        assertThat(network.sessions).as("connections that hang are given up").isEmpty();
        network.serverIsSilent = false;
        assertThat(network.outcome(network.register(DUMMY, TIMEOUT))).isEqualTo(new AliasOutcome.Registered(true));
    }

    @ParameterizedTest
    @EnumSource(AliasClientOptions.LifeCycle.class)
    void aSlowServerTimesOut(AliasClientOptions.LifeCycle lifeCycle) {
        AliasNetwork network = network(lifeCycle);
        List<Runnable> puts = new ArrayList<>();
        network.registrar = (session, put) -> puts.add(() -> session.onPutResult(put.requestId(), false));
        long call = network.register(DUMMY, TIMEOUT);
        network.advance(TIMEOUT);
        assertThat(network.outcome(call)).isEqualTo(new AliasOutcome.TimedOut(CallStep.REQUEST));
        puts.remove(0).run();
        network.run();
        assertThat(network.outcomes).hasSize(1);
        network.registrar = (session, put) -> session.onPutResult(put.requestId(), true);
        assertThat(network.outcome(network.register(DUMMY, TIMEOUT))).isEqualTo(new AliasOutcome.Registered(true));
        assertThat(network.connectRequests).hasSize(lifeCycle == AliasClientOptions.LifeCycle.POOLED ? 1 : 2);
    }

    @Test
    void aCallThatOnlyWaitedForOthersSaysSo() {
        perCall.registrar = (session, put) -> {};
        perCall.client.register(DUMMY, 2 * TIMEOUT, 0);
        long waiting = perCall.register(DUMMY, TIMEOUT);
        perCall.advance(TIMEOUT);
        assertThat(perCall.outcome(waiting)).isEqualTo(new AliasOutcome.TimedOut(CallStep.QUEUE));
    }

    @ParameterizedTest
    @EnumSource(AliasClientOptions.LifeCycle.class)
    void aConnectionLostDuringARequestIsNotRepeated(AliasClientOptions.LifeCycle lifeCycle) {
        AliasNetwork network = network(lifeCycle);
        network.registrar = (session, put) -> {};
        long call = network.register(DUMMY, TIMEOUT);
        network.breakConnection(1, "reset", "reset by peer");
        assertThat(network.outcome(call)).isEqualTo(new AliasOutcome.ConnectionLost("reset by peer"));
        assertThat(network.connectRequests).hasSize(1);
        network.registrar = (session, put) -> session.onPutResult(put.requestId(), true);
        assertThat(network.outcome(network.register(DUMMY, TIMEOUT))).isEqualTo(new AliasOutcome.Registered(true));
        assertThat(network.connectRequests).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(AliasClientOptions.LifeCycle.class)
    void aPeerWithoutTheProtocolIsNamed(AliasClientOptions.LifeCycle lifeCycle) {
        AliasNetwork network = network(lifeCycle);
        network.serverIsSilent = true;
        long call = network.register(DUMMY, 4 * SECOND);
        network.connections.onFrame(1, Bytes.fromHex("000201").asByteBuffer(), 0);
        network.run();
        assertThat(network.outcome(call)).isEqualTo(new AliasOutcome.ChannelRejected());
    }

    @ParameterizedTest
    @EnumSource(AliasClientOptions.LifeCycle.class)
    void aPeerThatBreaksTheProtocolIsLeft(AliasClientOptions.LifeCycle lifeCycle) {
        AliasNetwork network = network(lifeCycle);
        network.registrar = (session, put) -> {};
        long call = network.register(DUMMY, 4 * SECOND);
        network.connections.onFrame(1, Bytes.fromHex("000105016100").asByteBuffer(), 0);
        network.run();
        assertThat(network.outcome(call)).isEqualTo(new AliasOutcome.ProtocolViolation("Invalid open message"));
        assertThat(network.sessions).isEmpty();
    }

    @Test
    void anIdleConnectionIsClosedAfterOneToTwoMinutes() {
        pooled.register(DUMMY, TIMEOUT);
        pooled.advance(59 * SECOND);
        assertThat(pooled.sessions).hasSize(1);
        pooled.advance(62 * SECOND);
        assertThat(pooled.sessions).isEmpty();
        assertThat(pooled.connections.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        assertThat(pooled.outcome(pooled.register(DUMMY, TIMEOUT))).isEqualTo(new AliasOutcome.Registered(true));
    }

    @ParameterizedTest
    @EnumSource(AliasClientOptions.LifeCycle.class)
    void closingEndsEverything(AliasClientOptions.LifeCycle lifeCycle) {
        AliasNetwork network = network(lifeCycle);
        network.registrar = (session, put) -> {};
        long running = network.register(DUMMY, TIMEOUT);
        network.connections.close();
        network.run();
        long late = network.register(DUMMY, TIMEOUT);
        assertThat(network.outcome(running)).isEqualTo(new AliasOutcome.Closed());
        assertThat(network.outcome(late)).isEqualTo(new AliasOutcome.Closed());
        assertThat(network.sessions).isEmpty();
        assertThat(network.connections.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void stringsMayFillAFrame() {
        // Frame: channel, type, id, method (1 + 5), version (2), secret and key (64), three lengths, alias and texts.
        int overhead = 1 + 1 + 1 + 6 + 2 + 64 + 1 + 5 + 1;
        String service = "s".repeat(16_777_198 - overhead);
        Registration longest = new Registration("", AliasNetwork.TARGET, "", service);
        assertThat(pooled.outcome(pooled.register(longest, TIMEOUT))).isEqualTo(new AliasOutcome.Registered(true));
        assertThat(pooled.serverEvents).contains(new AliasServerEvent.PutRequested(1, longest, "0"));
        assertThat(pooled.fromClient.get(1).length()).isEqualTo(16_777_198);

        Registration tooLong = new Registration("", AliasNetwork.TARGET, "", service + "s");
        assertThat(pooled.outcome(pooled.register(tooLong, TIMEOUT)))
                .isEqualTo(new AliasOutcome.ProtocolViolation("The registration does not fit a frame"));
        assertThat(pooled.outcome(pooled.register(DUMMY, TIMEOUT))).isEqualTo(new AliasOutcome.Registered(true));
    }

    @Test
    void refusesASecretOfAnotherLengthWithoutShowingIt() {
        SecretBytes secret = SecretBytes.copyOf("hunter2-hunter2".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> new AliasClient(AliasNetwork.SERVER, secret, AliasClientOptions.POOLED, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a secret of 15 bytes, it must be 32");
    }
}
