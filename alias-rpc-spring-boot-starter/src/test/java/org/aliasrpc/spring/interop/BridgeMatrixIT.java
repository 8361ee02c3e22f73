package org.aliasrpc.spring.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.HyperDht;
import org.aliasrpc.HyperDhtOptions;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Applications of ours and of the reference (dht-prom-client), with a service of ours and with the npm bridge, on a DHT of
 * ours and on one of the reference: registration, scrapes over HTTP, and what goes wrong.
 */
@RequiresTool("node")
@Timeout(60)
@ParameterizedClass(name = "on a DHT of {0} with a service of {1}")
@CsvSource({"JAVA, JAVA", "JAVA, NODE", "NODE, JAVA", "NODE, NODE"})
class BridgeMatrixIT {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** What a target costs that does not answer. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static final int SHARED = 1;
    private static final int OWN = 2;
    private static final int STRANGER = 3;
    private static final int LATER = 4;

    @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static Network network;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static Service shared;

    /** Of the last application's key pair. Nothing but a restarted application has a key that there was before. */
    private static int lastSeed = LATER;

    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
    @Parameter(0)
    Side dht;

    @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
    @Parameter(1)
    Side side;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeParameterizedClassInvocation
    static void start(Side dht, Side service) throws Exception {
        network = Network.start(dht);
        Path file = directory.resolve(dht + "-" + service + ".json");
        shared = Service.start(service, network, new Service.Setup(file, SHARED, LONG));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        shared.close();
        network.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "JAVA, 10_000",
        "JAVA, 1_000_000",
        "JAVA, 8_000_000",
        "NODE, 10_000",
        "NODE, 1_000_000",
        "NODE, 8_000_000"
    })
    void registersAndIsScraped(Side kind, String length) {
        App.Setup setup = setup("app-" + length, Integer.parseInt(length.replace("_", "")));
        App app = app(kind, setup);
        app.awaitRegistered();
        assertThat(shared.target(setup.alias())).isEqualTo(hex(setup.publicKey()));
        Metrics expected = app.metrics();
        for (int i = 0; i < 2; i++) {
            Service.Scrape scrape = shared.scrape(setup.alias());
            assertThat(scrape.status()).as(scrape.text()).isEqualTo(200);
            assertThat(scrape.metrics()).isEqualTo(expected);
            assertThat(scrape.contentType()).startsWith("text/plain").contains("charset=utf-8");
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsThatMetricsCouldNotBeCollected(Side kind) {
        App.Setup setup = setup("broken", -1);
        app(kind, setup).awaitRegistered();
        Service.Scrape scrape = shared.scrape(setup.alias());
        assertThat(scrape.status()).isEqualTo(502);
        assertThat(scrape.text()).matches("Upstream error: Failed to obtain metrics \\(uid [0-9a-f-]{36}\\)");
    }

    @ParameterizedTest
    @EnumSource
    void isScrapedAgainAfterARestart(Side kind) throws Exception {
        App.Setup setup = setup("restarted", 1000);
        try (App first = App.start(kind, network, setup)) {
            first.awaitRegistered();
            assertThat(shared.scrape(setup.alias()).metrics()).isEqualTo(first.metrics());
        }
        App second = app(kind, new App.Setup("restarted", setup.seed(), setup.server(), setup.admitted(), 2000));
        second.awaitRegistered();
        Service.Scrape scrape = shared.scrape(setup.alias());
        assertThat(scrape.status()).as(scrape.text()).isEqualTo(200);
        assertThat(scrape.metrics()).isEqualTo(second.metrics());
    }

    /** The service has the alias, but the application lets in somebody else only. */
    @Test
    void doesNotAnswerStrangers() throws Exception {
        Service service = service(side, new Service.Setup(directory.resolve("strangers-" + dht + side), OWN, SHORT));
        Map<Side, App> apps = new EnumMap<>(Side.class);
        Map<Side, CompletableFuture<Service.Scrape>> scrapes = new EnumMap<>(Side.class);
        for (Side kind : Side.values()) {
            App.Setup setup = new App.Setup("stranger-" + kind, ++lastSeed, Keys.key(OWN), Keys.key(STRANGER), 10);
            apps.put(kind, app(kind, setup));
            register(setup);
            scrapes.put(kind, service.scrapeAsync(setup.alias()));
        }
        for (Side kind : Side.values()) {
            Objects.requireNonNull(apps.get(kind)).awaitFirewallBlock(Keys.key(OWN));
            assertThat(resultOf(Objects.requireNonNull(scrapes.get(kind))).status())
                    .isIn(502, 504);
        }
    }

    /** One service after the other with the same key and file, the second of the same kind, the third of the other. */
    @Test
    void theFileOutlivesTheService() throws Exception {
        Service.Setup setup = new Service.Setup(directory.resolve("outlives-" + dht + side), OWN, LONG);
        Map<String, App> apps = new LinkedHashMap<>();
        try (Service first = Service.start(side, network, setup)) {
            for (Side kind : Side.values()) {
                App.Setup app = new App.Setup("a-" + kind, ++lastSeed, Keys.key(OWN), Keys.key(OWN), 5000);
                apps.put(app.alias(), app(kind, app));
                apps.get(app.alias()).awaitRegistered();
            }
            await().untilAsserted(() -> assertThat(first.registrations()).isEqualTo(2));
        }
        byte[] written = Files.readAllBytes(setup.file());
        for (Side kind : List.of(side, side.other())) {
            try (Service next = Service.start(kind, network, setup)) {
                assertThat(next.registrations()).isZero();
                for (Map.Entry<String, App> app : apps.entrySet()) {
                    assertThat(next.scrape(app.getKey()).metrics())
                            .as(app.getKey() + " by " + kind)
                            .isEqualTo(app.getValue().metrics());
                }
            }
            assertThat(Files.readAllBytes(setup.file())).isEqualTo(written);
        }
        try (Service last = Service.start(side.other(), network, setup)) {
            register(new App.Setup("later", LATER, Keys.key(OWN), Keys.key(OWN), 0));
            assertThat(last.target("later")).isEqualTo(hex(Keys.key(LATER)));
        }
        assertThat(setup.file())
                .hasContent(new String(written, UTF_8)
                        .replace("\n  ]", ",\n   \"later:" + Keys.key(LATER) + ":host-later:later\"\n  ]"));
    }

    private static App.Setup setup(String alias, int length) {
        return new App.Setup(alias, ++lastSeed, Keys.key(SHARED), Keys.key(SHARED), length);
    }

    private App app(Side kind, App.Setup setup) {
        App app = App.start(kind, network, setup);
        opened.add(0, app);
        return app;
    }

    private Service service(Side kind, Service.Setup setup) throws InterruptedException {
        Service service = Service.start(kind, network, setup);
        opened.add(0, service);
        return service;
    }

    /** Registers an alias for a key, as anybody can who knows the secret. */
    private static void register(App.Setup app) throws InterruptedException {
        HyperDhtOptions options = HyperDhtOptions.builder()
                .bootstrap(network.bootstrap())
                .host("127.0.0.1")
                .port(0)
                .build();
        try (HyperDht dht = HyperDht.create(options);
                SecretBytes secret = SecretBytes.parse(Keys.SECRET, "secret");
                AliasRpcClient client =
                        AliasRpcClient.builder(app.server(), secret, dht).build()) {
            client.registerAlias(new AliasRegistration(app.alias(), app.publicKey(), app.hostname(), app.alias()));
        }
    }

    private static String hex(PublicKey key) {
        return key.bytes().toHex();
    }
}
