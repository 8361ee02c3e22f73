package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.spring.actuate.AliasRpcEndpoint;
import org.aliasrpc.spring.actuate.AliasRpcEventsEndpoint;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registry.MemoryAliasStore;
import org.aliasrpc.spring.testing.FakeClient;
import org.aliasrpc.spring.testing.FakeServer;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Both roles, with each optional module absent, and with all of them present. */
class OptionalModulesTest {
    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AliasRpcAutoConfiguration.class,
                    AliasRpcClientAutoConfiguration.class,
                    AliasRpcServerAutoConfiguration.class,
                    AliasRpcJdbcStoreAutoConfiguration.class,
                    AliasRpcActuatorAutoConfiguration.class,
                    AliasRpcMetricsServerAutoConfiguration.class,
                    AliasRpcMetricsAutoConfiguration.class))
            .withBean(AliasRpcClient.class, () -> new FakeClient(Keys.key(1)))
            .withBean(AliasRpcServer.class, FakeServer::new)
            .withPropertyValues(
                    "spring.application.name=app",
                    "alias-rpc.dht.host=127.0.0.1",
                    "alias-rpc.dht.port=0",
                    "alias-rpc.dht.bootstrap=127.0.0.1:1",
                    "alias-rpc.server.enabled=true",
                    "alias-rpc.server.store.type=memory",
                    "management.info.alias-rpc.enabled=true",
                    "management.endpoints.web.exposure.include=*");

    private final ApplicationContextRunner withRegistries = contextRunner
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withBean(ObservationRegistry.class, ObservationRegistry::create);

    @Test
    void everythingIsThereWhenEveryModuleIs() {
        withRegistries.run(context -> assertThat(context)
                .hasNotFailed()
                .hasSingleBean(AliasRpcEndpoint.class)
                .hasSingleBean(AliasRpcEventsEndpoint.class)
                .hasSingleBean(AuditEvents.class)
                .hasSingleBean(SecretSanitizer.class)
                .hasSingleBean(RegistrationTimer.class)
                .hasSingleBean(ServerMeters.class)
                .hasSingleBean(StoreMeters.class)
                .hasBean("aliasRpcStoreHealthIndicator")
                .hasSingleBean(RegistrationObservations.class)
                .hasBean("aliasRpcHealthIndicator")
                .hasBean("aliasRpcInfoContributor")
                .hasBean("aliasRpcDhtMeters"));
    }

    @Test
    void worksWithoutActuatorsCore() {
        withRegistries
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate.", "org.springframework.boot.health."))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(AliasRegistrations.class)
                        .doesNotHaveBean("aliasRpcEndpoint")
                        .doesNotHaveBean("aliasRpcAuditEvents")
                        .doesNotHaveBean("aliasRpcHealthIndicator"));
    }

    @Test
    void worksWithoutActuatorsAutoConfiguration() {
        withRegistries
                .withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class, Endpoint.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("aliasRpcEndpoint"));
    }

    @Test
    void worksWithoutTheHealthModule() {
        withRegistries
                .withClassLoader(new FilteredClassLoader(
                        HealthIndicator.class, HealthContributor.class, ConditionalOnEnabledHealthIndicator.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(AliasRpcEndpoint.class)
                        .doesNotHaveBean("aliasRpcStoreHealthIndicator")
                        .doesNotHaveBean("aliasRpcHealthIndicator"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.jdbc.",
                "org.springframework.boot.jdbc.",
                "org.springframework.boot.sql.",
                "org.springframework.transaction."
            })
    void worksWithoutJdbc(String module) {
        withRegistries
                .withClassLoader(new FilteredClassLoader(module))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(MemoryAliasStore.class));
        withRegistries
                .withClassLoader(new FilteredClassLoader(module))
                .withPropertyValues("alias-rpc.server.store.type=jdbc")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("alias-rpc.server.store.type")
                        .hasMessageContaining("jdbc"));
    }

    @Test
    void worksWithoutAuditOrSanitizers() {
        withRegistries
                .withClassLoader(new FilteredClassLoader(AuditApplicationEvent.class, SanitizingFunction.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("aliasRpcAuditEvents")
                        .doesNotHaveBean("aliasRpcSecretSanitizer"));
    }

    @Test
    void worksWithoutMicrometer() {
        contextRunner
                .withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean("aliasRpcRegistrationTimer")
                        .doesNotHaveBean("aliasRpcServerMeters")
                        .doesNotHaveBean("aliasRpcDhtMeters"));
    }

    @Test
    void worksWithoutRegistries() {
        contextRunner.run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(RegistrationTimer.class)
                .doesNotHaveBean(RegistrationObservations.class));
    }

    @Test
    void worksWithoutSpringTest() {
        withRegistries
                .withClassLoader(new FilteredClassLoader("org.springframework.test"))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void eachOfItCanBeSwitchedOff() {
        withRegistries
                .withPropertyValues(
                        "management.endpoint.aliasrpc.access=NONE",
                        "management.endpoint.aliasrpcevents.access=NONE",
                        "management.health.alias-rpc.enabled=false",
                        "management.info.alias-rpc.enabled=false",
                        "alias-rpc.events.audit=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(AliasRpcEndpoint.class)
                        .doesNotHaveBean(AliasRpcEventsEndpoint.class)
                        .doesNotHaveBean("aliasRpcHealthIndicator")
                        .doesNotHaveBean("aliasRpcInfoContributor")
                        .doesNotHaveBean(AuditEvents.class));
    }

    @Test
    void severalServersAreSeveralHealthComponents() {
        contextRunner
                .withBean("other", AliasRpcClient.class, () -> new FakeClient(Keys.key(2)))
                .run(context -> assertThat(context.getBean("aliasRpcHealthIndicator"))
                        .isInstanceOf(CompositeHealthContributor.class));
    }
}
