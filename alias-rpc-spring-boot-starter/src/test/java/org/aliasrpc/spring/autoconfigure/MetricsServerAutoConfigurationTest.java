package org.aliasrpc.spring.autoconfigure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.HyperDht;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.MetricsCollector;
import org.aliasrpc.MetricsScraper;
import org.aliasrpc.MetricsServer;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.AliasRpcClientFactory;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcMetricsEvent;
import org.aliasrpc.spring.metrics.MetricsServing;
import org.aliasrpc.spring.metrics.PrometheusMetricsCollector;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.testing.FakeClient;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

/** Metrics of an application, scraped by a real scraper on a local DHT; the alias server is a fake. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class MetricsServerAutoConfigurationTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private static LocalTestnet testnet;
    private static HyperDht serviceNode;

    private final FakeClient client = new FakeClient(Keys.key(1));
    private final List<AliasRpcEvent> events = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        testnet = LocalTestnet.start(3);
        serviceNode = testnet.newNode();
    }

    @AfterAll
    static void stop() {
        serviceNode.close();
        testnet.close();
    }

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AliasRpcAutoConfiguration.class,
                        AliasRpcClientAutoConfiguration.class,
                        AliasRpcServerAutoConfiguration.class,
                        AliasRpcActuatorAutoConfiguration.class,
                        AliasRpcMetricsAutoConfiguration.class,
                        AliasRpcMetricsServerAutoConfiguration.class))
                .withBean(AliasRpcClientFactory.class, () -> (name, server) -> client)
                .withBean(Events.class, () -> new Events(events))
                .withPropertyValues(
                        "spring.application.name=app",
                        "alias-rpc.key-pair.seed=" + Keys.seed(7),
                        "alias-rpc.client.server-public-key=" + Keys.key(1),
                        "alias-rpc.client.secret=" + Keys.SECRET,
                        "alias-rpc.dht.host=127.0.0.1",
                        "alias-rpc.dht.port=0",
                        "alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0));
    }

    private ApplicationContextRunner withRegistry() {
        return runner().withBean(PrometheusMeterRegistry.class, () -> {
            var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            registry.counter("orders").increment(5);
            registry.gauge("queue.size", 3);
            return registry;
        });
    }

    /** Collects what is published. */
    static final class Events {
        private final List<AliasRpcEvent> seen;

        Events(List<AliasRpcEvent> seen) {
            this.seen = seen;
        }

        @EventListener
        void onEvent(AliasRpcMetricsEvent event) {
            seen.add(event);
        }
    }

    @Test
    void aServerAndARegistryAreAllThatIsNeeded() {
        withRegistry().run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(MetricsServer.class)
                    .hasSingleBean(MetricsCollector.class);
            PublicKey target = context.getBean(MetricsServer.class).publicKey();
            assertThat(target).isEqualTo(Keys.key(7));
            assertThat(context.getBean(MetricsServing.class)).hasToString("served under " + target);
            assertThat(detail(context)).isEqualTo("served under " + target);

            begin(context);
            assertThat(client.asked.get(0).targetPublicKey()).isEqualTo(target);
            assertThat(scrape(target)).contains("orders_total 5.0", "queue_size 3.0");
            assertThat(scrape(target)).contains("alias_rpc_metrics_request_seconds_count{outcome=\"success\"} 1");

            await().until(() -> types().contains("connection-close"));
            assertThat(types()).contains("connection-open", "metrics-request", "metrics-success");
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("alias.rpc.metrics.response.size").summary().mean())
                    .isGreaterThan(50);
        });
    }

    @Test
    void itListensBeforeTheFirstRegistration() {
        withRegistry().run(context -> {
            MetricsServer server = context.getBean(MetricsServer.class);
            CompletableFuture<Boolean> listeningThen = new CompletableFuture<>();
            client.then(() -> {
                listeningThen.complete(
                        server.listenAsync().toCompletableFuture().isDone());
                return CompletableFuture.completedStage(true);
            });
            context.getBean(RegistrationRunner.class).run(new DefaultApplicationArguments());
            assertThat(context.getBean(AliasRegistrations.class)
                            .registeredAsync()
                            .toCompletableFuture())
                    .succeedsWithin(30, TimeUnit.SECONDS);
            assertThat(listeningThen).isCompletedWithValue(true);
            assertThat(scrape(server.publicKey())).contains("orders_total");
        });
    }

    @Test
    void aStrangerIsRefusedAndCounted() {
        withRegistry().run(context -> {
            begin(context);
            PublicKey target = context.getBean(MetricsServer.class).publicKey();
            try (MetricsScraper stranger =
                    MetricsScraper.builder(serviceNode, Keys.pair(2)).build()) {
                assertThatThrownBy(() -> stranger.scrape(target, Duration.ofMillis(300)))
                        .isInstanceOf(AliasRpcException.class);
            }
            await().until(() -> types().contains("firewall-block"));
            assertThat(context.getBean(MeterRegistry.class)
                            .get("alias.rpc.metrics.firewall.blocked")
                            .counter()
                            .count())
                    .isPositive();
        });
    }

    @Test
    void othersMayBeAllowedInstead() {
        withRegistry()
                .withPropertyValues("alias-rpc.metrics.allowed-public-keys=" + Keys.key(2) + "," + Keys.key(1))
                .run(context -> {
                    begin(context);
                    PublicKey target = context.getBean(MetricsServer.class).publicKey();
                    try (MetricsScraper second =
                            MetricsScraper.builder(serviceNode, Keys.pair(2)).build()) {
                        assertThat(second.scrape(target, LONG).remaining()).isPositive();
                    }
                    assertThat(scrape(target)).contains("orders");
                });
    }

    @Test
    void familiesAreFiltered() {
        withRegistry()
                .withPropertyValues("alias-rpc.metrics.exclude=orders.*,alias_.*")
                .run(context -> {
                    begin(context);
                    assertThat(scrape(context.getBean(MetricsServer.class).publicKey()))
                            .contains("queue_size")
                            .doesNotContain("orders", "alias_rpc");
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("alias.rpc.metrics.filtered.bytes")
                                    .summary()
                                    .max())
                            .isPositive();
                });
    }

    @Test
    void aReplyThatIsTooLongIsAnErrorForTheScraper() {
        withRegistry().withPropertyValues("alias-rpc.metrics.max-size=20B").run(context -> {
            begin(context);
            PublicKey target = context.getBean(MetricsServer.class).publicKey();
            assertThatThrownBy(() -> scrape(target))
                    .isInstanceOf(AliasRpcException.Refused.class)
                    .hasMessageContaining("longer than the limit of 20");
        });
    }

    @Test
    void aProcessThatIsAnAliasServerTooHasAKeyOfItsOwnForMetrics() {
        withRegistry()
                .withPropertyValues("alias-rpc.server.enabled=true", "alias-rpc.server.secret=" + Keys.SECRET)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    PublicKey target = context.getBean(MetricsServer.class).publicKey();
                    assertThat(target)
                            .isNotEqualTo(Keys.key(7))
                            .isEqualTo(context.getBean(AliasRpcIdentity.class)
                                    .metrics()
                                    .publicKey());
                    begin(context);
                    assertThat(scrape(target)).contains("orders_total 5.0");
                });
    }

    @Test
    void staysScrapableWhileItLingers(CapturedOutput output) throws Exception {
        Duration linger = Duration.ofMillis(1200);
        List<String> scrapedLast = new CopyOnWriteArrayList<>();
        CompletableFuture<Long> refused = new CompletableFuture<>();
        try (MetricsScraper scraper =
                MetricsScraper.builder(serviceNode, Keys.pair(1)).build()) {
            long[] closing = new long[1];
            withRegistry()
                    .withPropertyValues("alias-rpc.client.shutdown.linger=" + linger.toMillis() + "ms")
                    .run(context -> {
                        begin(context);
                        PublicKey key = context.getBean(MetricsServer.class).publicKey();
                        text(scraper, key);
                        Thread scraping = new Thread(() -> {
                            try {
                                while (true) {
                                    boolean lingering = output.getOut().contains("stay scrapable");
                                    String text = text(scraper, key);
                                    if (lingering) {
                                        scrapedLast.add(text);
                                    }
                                }
                            } catch (InterruptedException | AliasRpcException e) {
                                refused.complete(System.nanoTime());
                            }
                        });
                        scraping.start();
                        closing[0] = System.nanoTime();
                    });
            assertThat(Duration.ofNanos(System.nanoTime() - closing[0])).isGreaterThanOrEqualTo(linger);
            assertThat(Duration.ofNanos(refused.get(30, TimeUnit.SECONDS) - closing[0]))
                    .as("until then no scrape fails, and then it does")
                    .isGreaterThanOrEqualTo(linger);
            assertThat(scrapedLast)
                    .isNotEmpty()
                    .allSatisfy(text -> assertThat(text).contains("orders_total 5.0"));
        }
    }

    @Test
    void isScrapedAgainAfterTheContextWasStoppedAndStarted() {
        withRegistry().run(context -> {
            begin(context);
            MetricsServer server = context.getBean(MetricsServer.class);
            assertThat(scrape(server.publicKey())).contains("orders_total 5.0");
            ((ConfigurableApplicationContext) context).stop();
            assertThat(server.connectionCount()).isZero();
            ((ConfigurableApplicationContext) context).start();
            await().ignoreExceptions().until(() -> scrape(server.publicKey()).contains("orders_total 5.0"));
        });
    }

    @Test
    void severalRegistriesOfWhichNoneIsPrimaryDoNotBreakTheStart() {
        withRegistry()
                .withBean(
                        "second",
                        PrometheusMeterRegistry.class,
                        () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(MetricsServer.class);
                    assertThat(detail(context))
                            .isEqualTo(
                                    "not served: there are 2 beans of type PrometheusMeterRegistry and none is primary");
                });
    }

    @Test
    void saysWhyNothingIsServed(CapturedOutput output) {
        runner().run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(MetricsServer.class);
            assertThat(detail(context)).isEqualTo("not served: there is no PrometheusMeterRegistry");
            assertThat(output).contains("its metrics are not served: there is no PrometheusMeterRegistry");
        });
        runner().withClassLoader(new FilteredClassLoader("io.micrometer.prometheusmetrics.", "io.prometheus."))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(MetricsServer.class);
                    assertThat(detail(context))
                            .isEqualTo("not served: micrometer-registry-prometheus is not on the class path");
                });
        withRegistry().withPropertyValues("alias-rpc.metrics.enabled=false").run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(MetricsServer.class)
                    .doesNotHaveBean(MetricsMeters.class);
            assertThat(detail(context)).isEqualTo("not served: alias-rpc.metrics.enabled is false");
        });
    }

    @Test
    void doesNothingWithoutAServerOrAClient() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AliasRpcAutoConfiguration.class,
                        AliasRpcClientAutoConfiguration.class,
                        AliasRpcMetricsServerAutoConfiguration.class))
                .withBean(PrometheusMeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(MetricsServer.class)
                        .doesNotHaveBean(MetricsServing.class));
    }

    @Test
    void anApplicationMayBringACollectorOfItsOwn() {
        withRegistry()
                .withBean(
                        MetricsCollector.class,
                        () -> () -> CompletableFuture.completedFuture(ByteBuffer.wrap("own 1\n".getBytes(UTF_8))))
                .run(context -> {
                    assertThat(context).doesNotHaveBean(PrometheusMetricsCollector.class);
                    begin(context);
                    assertThat(scrape(context.getBean(MetricsServer.class).publicKey()))
                            .isEqualTo("own 1\n");
                });
    }

    @Test
    void badPropertiesAreNamed() {
        Map<String, String> bad = Map.of(
                "alias-rpc.metrics.include=ok,a(", "alias-rpc.metrics.include[1]",
                "alias-rpc.metrics.exclude=*", "alias-rpc.metrics.exclude[0]",
                "alias-rpc.metrics.allowed-public-keys=abc", "alias-rpc.metrics.allowed-public-keys[0]",
                "alias-rpc.metrics.max-size=17MB", "alias-rpc.metrics.max-size",
                "alias-rpc.metrics.timeout=0s", "alias-rpc.metrics.timeout",
                "alias-rpc.client.shutdown.linger=30s", "alias-rpc.client.shutdown.linger");
        bad.forEach((property, name) -> withRegistry()
                .withPropertyValues(property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .satisfiesAnyOf(
                                failure -> assertThat(failure)
                                        .isInstanceOfSatisfying(
                                                InvalidConfigurationPropertyValueException.class,
                                                e -> assertThat(e.getName()).isEqualTo(name)),
                                failure -> assertThat(context.getStartupFailure())
                                        .hasStackTraceContaining("Property " + name + " "))));
    }

    private void begin(ApplicationContext context) {
        try {
            context.getBean(RegistrationRunner.class).run(new DefaultApplicationArguments());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        await().until(() -> !client.asked.isEmpty());
    }

    private static String scrape(PublicKey target) throws InterruptedException {
        try (MetricsScraper scraper =
                MetricsScraper.builder(serviceNode, Keys.pair(1)).build()) {
            return text(scraper, target);
        }
    }

    private static String text(MetricsScraper scraper, PublicKey target) throws InterruptedException {
        return UTF_8.decode(scraper.scrape(target, LONG)).toString();
    }

    private List<String> types() {
        return events.stream().map(AliasRpcEvent::type).toList();
    }

    private static Object detail(AssertableApplicationContext context) {
        var indicator = (HealthIndicator) context.getBean("aliasRpcHealthIndicator");
        return Objects.requireNonNull(
                Objects.requireNonNull(indicator.health()).getDetails().get("metrics"));
    }
}
