package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.MetricsScraper;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.event.AliasRpcEventRing;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.scrape.ScrapeHistory;
import org.aliasrpc.spring.testing.FakeClient;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.FakeServer;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A bean of the user's makes ours step back; roles that are switched off leave nothing. */
class ReplaceableBeansTest {
    private final ApplicationContextRunner nothing = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AliasRpcAutoConfiguration.class,
                    AliasRpcClientAutoConfiguration.class,
                    AliasRpcServerAutoConfiguration.class,
                    AliasRpcScrapeProxyAutoConfiguration.class,
                    AliasRpcDiscoveryAutoConfiguration.class,
                    AliasRpcStatusPageAutoConfiguration.class,
                    AliasRpcActuatorAutoConfiguration.class))
            .withPropertyValues(
                    "spring.application.name=app",
                    "alias-rpc.dht.host=127.0.0.1",
                    "alias-rpc.dht.port=0",
                    "alias-rpc.dht.bootstrap=127.0.0.1:1",
                    "alias-rpc.server.store.type=memory");

    private final ApplicationContextRunner runner = nothing.withBean(
                    AliasRpcClient.class, () -> new FakeClient(Keys.key(1)))
            .withBean(AliasRpcServer.class, FakeServer::new)
            .withPropertyValues("alias-rpc.server.enabled=true");

    private <T> void assertReplaces(Class<T> type, Supplier<T> own) {
        T bean = own.get();
        runner.withBean("own", type, () -> bean)
                .run(context -> assertThat(context).hasNotFailed().getBean(type).isSameAs(bean));
    }

    @Test
    void identity() {
        assertReplaces(AliasRpcIdentity.class, () -> AliasRpcIdentity.of(Keys.pair(9), true));
    }

    @Test
    void registration() {
        assertReplaces(AliasRegistration.class, () -> new AliasRegistration("own", Keys.key(2), "host", "service"));
    }

    @Test
    void registrationsNeedNoServerOfOurs() {
        nothing.withBean("own", AliasRegistrations.class, OwnRegistrations::new)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(AliasRegistrations.class)
                        .hasBean("aliasRpcHealthIndicator"));
    }

    @Test
    void registry() {
        assertReplaces(FakeRegistry.class, FakeRegistry::new);
        runner.withBean(FakeRegistry.class).run(context -> assertThat(context).hasSingleBean(AliasRegistry.class));
    }

    @Test
    void registrarThatCannotBeLookedAt() {
        AliasRegistrar own = AliasRegistrar.blocking((registration, origin) -> true);
        runner.withBean("own", AliasRegistrar.class, () -> own)
                .withPropertyValues("alias-rpc.server.status-page.enabled=true")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(AliasRegistrar.class)
                        .doesNotHaveBean(AliasRegistry.class)
                        .doesNotHaveBean(MetricsScraper.class)
                        .doesNotHaveBean("aliasRpcTargets"));
    }

    @Test
    void scraperAndHistory() {
        assertReplaces(FakeScraper.class, FakeScraper::new);
        assertReplaces(ScrapeHistory.class, () -> new ScrapeHistory(1));
    }

    @Test
    void events() {
        assertReplaces(AliasRpcEventRing.class, () -> new AliasRpcEventRing(1));
    }

    @Test
    void clientAndServer() {
        runner.run(context -> assertThat(context)
                .hasNotFailed()
                .hasSingleBean(AliasRpcServer.class)
                .getBean(AliasRpcServer.class)
                .isInstanceOf(FakeServer.class));
        runner.run(context -> assertThat(context.getBean(AliasRegistrations.class)
                        .status()
                        .get(0)
                        .serverPublicKey())
                .isEqualTo(Keys.key(1)));
    }

    @Test
    void aRoleThatIsNotAskedForIsNotThere() {
        nothing.run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(AliasRpcServer.class)
                .doesNotHaveBean(AliasRegistrar.class)
                .doesNotHaveBean(AliasRpcConnectionDetails.class)
                .doesNotHaveBean(AliasRegistrations.class)
                .doesNotHaveBean(MetricsScraper.class));
        runner.withPropertyValues("alias-rpc.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(AliasRegistrar.class)
                        .doesNotHaveBean(AliasRegistrations.class)
                        .doesNotHaveBean(MetricsScraper.class));
        runner.withPropertyValues(
                        "alias-rpc.server.scrape-proxy.enabled=false", "alias-rpc.server.discovery.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(AliasRegistry.class)
                        .doesNotHaveBean(MetricsScraper.class)
                        .doesNotHaveBean("aliasRpcTargets"));
    }

    @Test
    void severalRegistriesOfWhichNoneIsPrimaryDoNotBreakTheStart() {
        runner.withBean("meters", MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("otherMeters", MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("observations", ObservationRegistry.class, ObservationRegistry::create)
                .withBean("otherObservations", ObservationRegistry.class, ObservationRegistry::create)
                .withConfiguration(AutoConfigurations.of(AliasRpcMetricsAutoConfiguration.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(MetricsScraper.class)
                        .doesNotHaveBean(ScrapeGauges.class)
                        .doesNotHaveBean(ServerMeters.class)
                        .doesNotHaveBean(RegistrationObservations.class));
    }

    @Test
    void badValuesOfTheProxyAndOfDiscoveryNameTheProperty() {
        for (String property : new String[] {
            "alias-rpc.server.scrape-proxy.max-size=0B",
            "alias-rpc.server.discovery.address=host",
            "alias-rpc.server.discovery.labels.9x=y",
            "alias-rpc.server.discovery.labels.__x=y",
        }) {
            String name = property.substring(0, property.indexOf('='));
            runner.withPropertyValues(property)
                    .run(context -> assertThat(context)
                            .hasFailed()
                            .getFailure()
                            .rootCause()
                            .hasMessageContaining(name));
        }
    }

    /** An application that registers in a way of its own. */
    private static final class OwnRegistrations implements AliasRegistrations {
        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public List<RegistrationStatus> status() {
            return List.of();
        }

        @Override
        public List<String> servers() {
            return List.of("mine");
        }

        @Override
        public void registerNow() {}

        @Override
        public void connectionLost(String server) {}

        @Override
        public CompletionStage<Void> registeredAsync() {
            return CompletableFuture.completedStage(null);
        }
    }
}
