package org.aliasrpc;

import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends of alias registration on a local DHT; a subclass for each kind of sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class AliasRpcContract {
    private static final Random RANDOM = new Random(7);
    private static final SecretBytes SECRET = SecretBytes.random(RANDOM, 32);
    private static final PublicKey TARGET = KeyPair.generate(RANDOM).publicKey();
    private static final Duration SHORT = Duration.ofMillis(800);

    private final Table table = new Table();
    private final List<AliasServerEvent> serverEvents = new CopyOnWriteArrayList<>();
    private final List<AliasClientEvent> clientEvents = new CopyOnWriteArrayList<>();
    private final LocalTestnet testnet;
    private final HyperDht serverNode;
    private final HyperDht clientNode;
    private final Hyperswarm swarm;
    private final AliasRpcServer server;
    private final AliasRpcClient client;

    AliasRpcContract(HyperDhtOptions.Transport transport) throws Exception {
        assumeTrue(transport == HyperDhtOptions.Transport.NIO || Epoll.isAvailable(), "epoll is missing");
        testnet = LocalTestnet.builder().transport(transport).start();
        serverNode = HyperDht.create(testnet.options().transport(transport).build());
        clientNode = HyperDht.create(testnet.options().transport(transport).build());
        swarm = Hyperswarm.builder(serverNode, KeyPair.generate(RANDOM))
                .connectionsPerPeer(AliasRpcServer.CONNECTIONS_PER_PEER)
                .build();
        server = AliasRpcServer.builder(swarm, SECRET, table)
                .listener(serverEvents::add)
                .build();
        server.listen();
        client = AliasRpcClient.builder(server.publicKey(), SECRET, clientNode)
                .listener(clientEvents::add)
                .build();
    }

    @AfterAll
    void close() {
        client.close();
        server.close();
        swarm.close();
        clientNode.close();
        serverNode.close();
        testnet.close();
    }

    @BeforeEach
    void forgetEvents() {
        serverEvents.clear();
        clientEvents.clear();
    }

    @Test
    void aNewAliasIsAnUpdateAndTheSameAgainIsNot() throws Exception {
        AliasRegistration registration = new AliasRegistration("new", TARGET, "host", "service");

        assertThat(client.registerAlias(registration)).isTrue();
        assertThat(client.registerAlias(registration)).isFalse();

        assertThat(table.registrations.get("new")).isEqualTo(registration);
        AliasRegistrar.Origin origin = Objects.requireNonNull(table.origins.get("new"));
        assertThat(origin.remotePublicKey())
                .isEqualTo(clientNode.defaultKeyPair().publicKey());
        assertThat(origin.remoteAddress().getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void theNotationOfTheReferenceWorks() throws Exception {
        assertThat(client.registerAlias("z32", TARGET.toString(), "host", "service"))
                .isTrue();
        assertThat(client.registerAlias("z32", "pear://" + TARGET, "host", "service"))
                .isFalse();
        assertThat(client.registerAlias("z32", TARGET.bytes().toHex(), "host", "service"))
                .isFalse();
    }

    @Test
    void eventsOfBothSidesComeInOrderWithTheirFields() throws Exception {
        SecretBytes secret = SECRET;
        List<AliasClientEvent> events = new CopyOnWriteArrayList<>();
        AliasRegistration registration = new AliasRegistration("events", TARGET, "host", "service");
        KeyPair keyPair = KeyPair.generate(RANDOM);
        try (AliasRpcClient once = AliasRpcClient.builder(server.publicKey(), secret, clientNode)
                .lifeCycle(AliasRpcClient.LifeCycle.PER_CALL)
                .keyPair(keyPair)
                .listener(events::add)
                .build()) {
            once.registerAlias(registration);
        }

        PublicKey remote = keyPair.publicKey();
        Predicate<AliasServerEvent> ofThisClient =
                event -> event.remotePublicKey().equals(remote);
        await().until(() -> serverEvents.stream()
                .filter(ofThisClient)
                .anyMatch(event -> event instanceof AliasServerEvent.ConnectionClose));
        List<AliasServerEvent> seen = serverEvents.stream().filter(ofThisClient).toList();
        UUID uid = seen.get(0).uid();
        var open = (AliasServerEvent.ConnectionOpen) seen.get(0);
        assertThat(open.remoteAddress().getPort()).isNotZero();
        assertThat(seen)
                .containsExactly(
                        open,
                        new AliasServerEvent.AliasRequest(uid, remote, TARGET, "events", "host", "service"),
                        new AliasServerEvent.AliasSuccess(uid, remote, "events", TARGET, true),
                        new AliasServerEvent.ConnectionError(uid, remote, "connection reset by peer"),
                        new AliasServerEvent.ConnectionClose(uid, remote));

        await().until(() -> events.size() == 2);
        UUID attempt = events.get(0).uid();
        assertThat(attempt).isNotEqualTo(uid);
        assertThat(events)
                .containsExactly(
                        new AliasClientEvent.AliasAttempt(attempt, registration),
                        new AliasClientEvent.AliasRegistered(attempt, registration, true));
    }

    @Test
    void aWrongSecretIsRefusedAndTheServerSaysWho() throws Exception {
        KeyPair keyPair = KeyPair.generate(RANDOM);
        try (AliasRpcClient stranger = AliasRpcClient.builder(
                        server.publicKey(), SecretBytes.random(RANDOM, 32), clientNode)
                .keyPair(keyPair)
                .build()) {
            var failure = catchThrowableOfType(
                    AliasRpcException.Refused.class,
                    () -> stranger.registerAlias(new AliasRegistration("mine", TARGET, "host", "service")));

            assertThat(failure).hasMessage("Unauthorised");
        }
        assertThat(table.registrations).doesNotContainKey("mine");
        await().until(() -> serverEvents.stream()
                .anyMatch(event -> event instanceof AliasServerEvent.AliasUnauthorised refused
                        && refused.alias().equals("mine")
                        && refused.targetPublicKey().equals(TARGET)
                        && refused.remotePublicKey().equals(keyPair.publicKey())));
    }

    @Test
    void aRegistrarThatFailsRefusesWithoutTellingWhy() throws Exception {
        var failure = catchThrowableOfType(
                AliasRpcException.Refused.class,
                () -> client.registerAlias(new AliasRegistration("failing", TARGET, "host", "fail")));

        await().until(() -> serverEvents.stream().anyMatch(event -> event instanceof AliasServerEvent.AliasError));
        AliasServerEvent.AliasError error = serverEvents.stream()
                .filter(event -> event instanceof AliasServerEvent.AliasError)
                .map(event -> (AliasServerEvent.AliasError) event)
                .findAny()
                .orElseThrow();
        assertThat(error.error()).hasMessage("thrown by a test");
        assertThat(failure).hasMessage("Failed to register alias (uid " + error.uid() + ")");
    }

    @Test
    void aRefusalCarriesItsReason() {
        var failure = catchThrowableOfType(
                AliasRpcException.Refused.class,
                () -> client.registerAlias(new AliasRegistration("taken", TARGET, "host", "refuse")));

        assertThat(failure).hasMessage("this alias is taken");
    }

    @Test
    void aSlowRegistrarTimesOutInItsStepAndFinishesAllTheSame() throws Exception {
        client.registerAlias(new AliasRegistration("connected", TARGET, "host", "service"));
        long start = System.nanoTime();

        Throwable failure =
                failureOf(client.registerAliasAsync(new AliasRegistration("slow", TARGET, "host", "never"), SHORT)
                        .toCompletableFuture());

        assertThat(System.nanoTime() - start)
                .isBetween(SHORT.toNanos(), client.timeout().toNanos()); // its own time, not that of the client
        assertThat(failure)
                .isInstanceOfSatisfying(
                        AliasRpcException.TimedOut.class,
                        timedOut -> assertThat(timedOut.step()).isEqualTo(AliasRpcException.TimedOut.Step.REQUEST));
        table.answerAll(true);
        await().until(() -> serverEvents.stream()
                .anyMatch(event -> event instanceof AliasServerEvent.AliasSuccess success
                        && success.alias().equals("slow")));
        assertThat(client.registerAlias(new AliasRegistration("after", TARGET, "host", "service")))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatNobodyAnnouncedIsNotFoundBeforeTheDeadline(AliasRpcClient.LifeCycle lifeCycle) {
        try (AliasRpcClient lost = AliasRpcClient.builder(TARGET, SECRET, clientNode)
                .timeout(Duration.ofSeconds(4))
                .lifeCycle(lifeCycle)
                .build()) {
            Throwable failure = failureOf(lost.registerAliasAsync(new AliasRegistration("x", TARGET, "h", "s"))
                    .toCompletableFuture());

            assertThat(failure).isInstanceOf(AliasRpcException.PeerNotFound.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "äöü 你好 \uD83D\uDE00 \u0000\n\u001b[31m", "with:colon/and/slash"})
    void anyTextArrivesAsItWas(String text) throws Exception {
        AliasRegistration registration = new AliasRegistration("any " + text, TARGET, text, text);

        assertThat(client.registerAlias(registration)).isTrue();

        assertThat(table.registrations.get("any " + text)).isEqualTo(registration);
    }

    @Test
    void sixtyKilobytesArriveAsTheyWere() throws Exception {
        AliasRegistration registration = new AliasRegistration("long", TARGET, "ä".repeat(30_000), "service");

        assertThat(client.registerAlias(registration)).isTrue();

        assertThat(table.registrations.get("long")).isEqualTo(registration);
    }

    @Test
    void whatDoesNotFitAFrameIsSaidSoAtOnceAndHarmsNothing() throws Exception {
        AliasRegistration tooLong = new AliasRegistration("too long", TARGET, "x".repeat(17_000_000), "service");

        Throwable failure = failureOf(client.registerAliasAsync(tooLong).toCompletableFuture());

        assertThat(failure).isInstanceOf(AliasRpcException.ProtocolViolation.class);
        assertThat(client.registerAlias(new AliasRegistration("after that", TARGET, "h", "s")))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aHundredRegistrationsAtOnceAllSucceed(AliasRpcClient.LifeCycle lifeCycle) {
        try (AliasRpcClient busy = AliasRpcClient.builder(server.publicKey(), SECRET, clientNode)
                .keyPair(KeyPair.generate(RANDOM))
                .lifeCycle(lifeCycle)
                .timeout(PATIENCE)
                .build()) {
            List<CompletableFuture<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                results.add(
                        busy.registerAliasAsync(new AliasRegistration(lifeCycle + " " + i, TARGET, "host", "service"))
                                .toCompletableFuture());
            }

            assertThat(results).allSatisfy(result -> assertThat(result).succeedsWithin(PATIENCE));
            assertThat(results).allMatch(CompletableFuture::join);
        }
    }

    @Test
    void manyClientsWithOneKeyRegisterAtOnce() {
        List<AliasRpcClient> clients = new ArrayList<>();
        List<CompletableFuture<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(AliasRpcClient.create(server.publicKey(), SECRET, clientNode));
            results.add(clients.get(i)
                    .registerAliasAsync(new AliasRegistration("one key " + i, TARGET, "host", "service"))
                    .toCompletableFuture());
        }

        assertThat(results).allSatisfy(result -> assertThat(result).succeedsWithin(PATIENCE));
        clients.forEach(AliasRpcClient::close);
    }
}
