package org.aliasrpc.spring.registration;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.spring.testing.FakeClient;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ScheduledRegistrationsTest {
    private static final AliasRegistration REGISTRATION = new AliasRegistration("app", Keys.key(9), "host", "service");
    private static final RegistrationTiming HOURLY = timing(Duration.ofHours(1));

    private final List<ScheduledRegistrations> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(ScheduledRegistrations::stop);
    }

    @Test
    void registersOnceAndSaysSo() {
        var client = new FakeClient(Keys.key(1)).answers(true);
        var registrations = start(HOURLY, List.of(), client);
        await().until(() ->
                registrations.registeredAsync().toCompletableFuture().isDone());

        assertThat(client.asked).containsExactly(REGISTRATION);
        RegistrationStatus status = registrations.status().get(0);
        assertThat(status.state()).isEqualTo(RegistrationStatus.State.REGISTERED);
        assertThat(status.attempts()).isEqualTo(1);
        assertThat(status.lastSuccess()).isNotNull();
        assertThat(status.lastError()).isNull();
        assertThat(status.nextAttempt()).isAfter(Clock.systemUTC().instant().plusSeconds(3000));
    }

    @Test
    void repeatsAfterFailuresUntilItSucceeds() {
        var client = new FakeClient(Keys.key(1))
                .fails(new AliasRpcException.PeerNotFound("nobody"))
                .fails(new AliasRpcException.Refused("Unauthorised"))
                .then(() -> {
                    throw new IllegalStateException("a client that breaks its promise");
                })
                .answers(false);
        var registrations = start(HOURLY, List.of(), client);
        await().until(() ->
                registrations.registeredAsync().toCompletableFuture().isDone());

        RegistrationStatus status = registrations.status().get(0);
        assertThat(status.attempts()).isEqualTo(4);
        assertThat(status.retries()).isEqualTo(3);
        assertThat(status.successes()).isEqualTo(1);
    }

    @Test
    void renewsAtTheInterval() {
        var client = new FakeClient(Keys.key(1)).answers(false);
        start(timing(Duration.ofMillis(20)), List.of(), client);
        await().until(() -> client.asked.size() >= 5);
    }

    @Test
    void aServerThatNeverAnswersDoesNotHoldUpAnother() {
        var silent = new FakeClient(Keys.key(1));
        var good = new FakeClient(Keys.key(2)).answers(true);
        var registrations = start(HOURLY, List.of(), silent, good);
        await().until(() -> registrations.status().get(1).state() == RegistrationStatus.State.REGISTERED);
        assertThat(registrations.status().get(0).state()).isEqualTo(RegistrationStatus.State.PENDING);
        assertThat(registrations.registeredAsync().toCompletableFuture()).isNotDone();
    }

    @Test
    void asksAgainAtOnceWhenTheConnectionIsLostOrSomebodyWantsIt() {
        var first = new FakeClient(Keys.key(1)).answers(true);
        var second = new FakeClient(Keys.key(2)).answers(true);
        var registrations = start(HOURLY, List.of(), first, second);
        await().until(() ->
                registrations.registeredAsync().toCompletableFuture().isDone());

        registrations.connectionLost("server-0");
        await().until(() -> first.asked.size() == 2);
        assertThat(second.asked).hasSize(1);

        registrations.registerNow();
        await().until(() -> first.asked.size() == 3 && second.asked.size() == 2);
    }

    @Test
    void observersSeeEveryAttemptAndItsEnd() {
        List<String> seen = new CopyOnWriteArrayList<>();
        RegistrationObserver observer = target -> {
            seen.add("begin " + target.server());
            return (updated, failure) -> seen.add(failure == null ? "updated " + updated : ErrorKind.of(failure));
        };
        var client = new FakeClient(Keys.key(1))
                .fails(new AliasRpcException.TimedOut(AliasRpcException.TimedOut.Step.CONNECT, "10 s"))
                .answers(true);
        var registrations = start(HOURLY, List.of(observer), client);
        await().until(() ->
                registrations.registeredAsync().toCompletableFuture().isDone());
        assertThat(seen).containsExactly("begin server-0", "timed_out_connect", "begin server-0", "updated true");
    }

    @Test
    void anObserverThatThrowsDoesNotEndTheRegistration() {
        RegistrationObserver atBegin = target -> {
            throw new IllegalStateException("an observation handler of the application's");
        };
        RegistrationObserver atEnd = target -> (updated, failure) -> {
            throw new IllegalStateException("another");
        };
        List<Boolean> seen = new CopyOnWriteArrayList<>();
        RegistrationObserver last = target -> (updated, failure) -> seen.add(updated);
        var client = new FakeClient(Keys.key(1)).answers(true);
        start(timing(Duration.ofMillis(5)), List.of(atBegin, atEnd, last), client);
        await().until(() -> seen.size() >= 3);
    }

    @Test
    void aMissingLibraryIsAFailureLikeAnother(CapturedOutput output) {
        var client = new FakeClient(Keys.key(1))
                .then(() -> {
                    throw new NoClassDefFoundError("io/netty/channel/Channel");
                })
                .answers(true);
        var registrations = start(HOURLY, List.of(), client);
        await().until(() ->
                registrations.registeredAsync().toCompletableFuture().isDone());
        assertThat(output).contains("unexpected: io/netty/channel/Channel");
    }

    @Test
    void logsChangesOnly(CapturedOutput output) {
        var client = new FakeClient(Keys.key(1));
        for (int i = 0; i < 5; i++) {
            client.fails(new AliasRpcException.Refused("no\nFAKE LINE"));
        }
        client.answers(true);
        start(timing(Duration.ofMillis(5)), List.of(), client);
        await().until(() -> client.asked.size() >= 12);
        assertThat(output.getOut().split("Could not register alias app", -1)).hasSize(2);
        assertThat(output.getOut().split("Registered alias app", -1)).hasSize(2);
        assertThat(output.getOut()).contains("no\\u{a}FAKE LINE");
    }

    @Test
    void afterTheStopNothingBeginsAndTheThreadIsGone() {
        var answer = new CompletableFuture<Boolean>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        var client = new FakeClient(Keys.key(1)).then(() -> {
            threads.add(Thread.currentThread());
            return answer;
        });
        var registrations = start(HOURLY, List.of(), client);
        await().until(() -> client.asked.size() == 1);
        Thread thread = threads.get(0);
        assertThat(thread.getName()).isEqualTo("alias-rpc-registration");
        registrations.stop();
        registrations.stop();
        answer.complete(true);
        registrations.registerNow();
        registrations.connectionLost("server-0");
        await().until(() -> !thread.isAlive());
        assertThat(client.asked).hasSize(1);

        registrations.start();
        await().until(() -> client.asked.size() == 2);
    }

    private ScheduledRegistrations start(
            RegistrationTiming timing, List<RegistrationObserver> observers, FakeClient... clients) {
        Map<String, AliasRpcClient> targets = new LinkedHashMap<>();
        for (FakeClient client : clients) {
            targets.put("server-" + targets.size(), client);
        }
        var registrations = new ScheduledRegistrations(
                targets, () -> REGISTRATION, timing, Clock.systemUTC(), new Random(1), observers);
        running.add(registrations);
        registrations.start();
        registrations.start();
        return registrations;
    }

    private static RegistrationTiming timing(Duration interval) {
        return new RegistrationTiming(
                interval,
                0,
                new RegistrationTiming.Retry(Duration.ofMillis(5), 1, Duration.ofMillis(5), Duration.ZERO, -1));
    }
}
