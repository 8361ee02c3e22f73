package org.aliasrpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.crypto.PublicKey;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** One cell of the interoperability matrix: a kind of client and a running server, and everything they must agree on. */
final class AliasCell {
    static final String SECRET = "5e".repeat(32);

    private static final String WRONG_SECRET = "5f".repeat(32);
    private static final PublicKey TARGET = PublicKey.parse("07".repeat(32));
    private static final PublicKey OTHER_TARGET = PublicKey.parse("08".repeat(32));
    private static final Duration TIMEOUT = NodePeer.PATIENCE;
    private static final Duration SHORT_TIMEOUT = Duration.ofMillis(700);
    private static final int SLOW_MILLIS = 60_000;
    private static final int LONG_STRING = 60_000;
    private static final int BURST = 100;

    private final AliasClientSide clientSide;
    private final AliasServerSide serverSide;
    private final AliasClientSide.Settings settings;

    /** @param server of the kind {@code serverSide}, shared with other cells */
    AliasCell(
            AliasClientSide clientSide,
            AliasServerSide serverSide,
            AliasServerSide.Running server,
            List<BootstrapNode> bootstrap) {
        this.clientSide = clientSide;
        this.serverSide = serverSide;
        this.settings = new AliasClientSide.Settings(bootstrap, server.publicKey(), SECRET, TIMEOUT);
    }

    /** What every cell must do. */
    DynamicContainer tests() {
        Stream<DynamicTest> tests = Stream.of(
                test("registers, renews and moves an alias", this::registersRenewsAndMoves),
                test("a wrong secret is unauthorised", this::wrongSecret),
                test("a registrar that fails refuses", this::failingRegistrar),
                test("a registrar that takes too long is not waited for", this::slowRegistrar),
                test("versions that differ are told apart", this::versions),
                test("strings of every kind arrive", this::strings),
                test("a server that goes leaves nobody waiting", this::serverGoes),
                test("100 clients register at once", this::burst));
        return DynamicContainer.dynamicContainer(clientSide + " with " + serverSide, tests);
    }

    /** Reports number dynamic tests instead of naming them, so a failure names itself. */
    private DynamicTest test(String name, Executable body) {
        return DynamicTest.dynamicTest(name, () -> {
            try {
                body.execute();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(clientSide + " with " + serverSide + ": " + name + ": " + e.getMessage(), e);
            }
        });
    }

    private void registersRenewsAndMoves() {
        try (AliasClientSide.Running client = clientSide.start(settings)) {
            assertThat(client.register(attempt("main", TARGET))).isEqualTo(new Outcome.Registered(true));
            assertThat(client.register(attempt("main", TARGET))).isEqualTo(new Outcome.Registered(false));
            assertThat(client.register(attempt("main", OTHER_TARGET))).isEqualTo(new Outcome.Registered(true));
        }
    }

    private void wrongSecret() {
        try (AliasClientSide.Running client = clientSide.start(settings.withSecret(WRONG_SECRET))) {
            assertThat(client.register(attempt("wrong", TARGET))).isEqualTo(new Outcome.Refused("Unauthorised"));
        }
    }

    private void failingRegistrar() {
        try (AliasClientSide.Running client = clientSide.start(settings)) {
            Outcome outcome = client.register(attempt("refused", "host", AliasServerSide.REFUSE));

            // The registrar's own reason stays with the server (alias-rpc.md §4, 5b).
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused -> assertThat(refused.reason())
                                    .matches("Failed to register alias \\(uid [0-9a-f-]{36}\\)"));
        }
    }

    private void slowRegistrar() {
        try (AliasClientSide.Running client = clientSide.start(settings.withTimeout(SHORT_TIMEOUT))) {
            // Opens a pooled connection, so that the time is that of the request.
            client.register(attempt("quick", TARGET));

            Outcome outcome = client.register(attempt("slow", "host", AliasServerSide.slow(SLOW_MILLIS)));

            assertThat(outcome).isEqualTo(new Outcome.TimedOut());
        }
    }

    private void versions() {
        if (!clientSide.claimsVersions()) {
            return; // ours always sends its own version; what it makes of other servers is in OddServersInteropIT
        }
        AliasRegistration registration = attempt("version", TARGET).registration();
        try (AliasClientSide.Running client = clientSide.start(settings)) {
            assertThat(client.register(new Attempt(registration, 2, 1)))
                    .isEqualTo(new Outcome.Incompatible(
                            "Cannot decode RegisterRequest of other major version 2 (own major: 1)"));
            assertThat(client.register(new Attempt(registration, 1, 9)))
                    .isEqualTo(new Outcome.Incompatible(
                            "Cannot decode RegisterRequest of higher minor version 9 (own minor: 1)"));
            assertThat(client.register(new Attempt(registration))).isEqualTo(new Outcome.Registered(true));
        }
    }

    private void strings() {
        try (AliasClientSide.Running client = clientSide.start(settings)) {
            for (String alias :
                    List.of("ünï-çødé 别名 🦜", "", " \t\n\0", "x".repeat(LONG_STRING), "別".repeat(LONG_STRING / 3))) {
                Attempt attempt = attempt(alias, alias, alias);
                client.register(attempt); // another cell may have been here before

                assertThat(client.register(attempt)).isEqualTo(new Outcome.Registered(false));
            }
        }
    }

    private void serverGoes() {
        AliasServerSide.Running leaving = serverSide.start(settings.bootstrap(), SECRET);
        try (AliasClientSide.Running client = clientSide.start(settings.withServer(leaving.publicKey()))) {
            Attempt attempt = attempt("leaving", "host", AliasServerSide.slow(SLOW_MILLIS));
            CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(() -> client.register(attempt));
            leaving.awaitRequest(attempt.registration().alias());

            leaving.close();

            assertThat(outcome.orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join())
                    .isEqualTo(new Outcome.Lost());
        }
        try (AliasClientSide.Running client =
                clientSide.start(settings.withServer(leaving.publicKey()).withTimeout(SHORT_TIMEOUT))) {
            // A pooled client keeps trying until its time is over; one connection for each call knows at once.
            assertThat(client.register(attempt("left", TARGET)))
                    .isIn(new Outcome.Unreachable(), new Outcome.TimedOut());
        }
    }

    private void burst() {
        assertThat(clientSide.burst(settings.withTimeout(NodePeer.PATIENCE), BURST, clientSide + " "))
                .isEqualTo(BURST);
    }

    /** Aliases of different cells that share a server differ. */
    private Attempt attempt(String alias, PublicKey target) {
        return new Attempt(new AliasRegistration(clientSide + " " + alias, target, "host", "service"));
    }

    private Attempt attempt(String alias, String hostname, String service) {
        return new Attempt(new AliasRegistration(alias, TARGET, hostname, service));
    }
}
