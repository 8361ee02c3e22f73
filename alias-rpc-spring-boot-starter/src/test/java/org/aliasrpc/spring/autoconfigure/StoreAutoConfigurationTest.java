package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.spring.testing.RegistryFixture.limits;
import static org.aliasrpc.spring.testing.RegistryFixture.put;
import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRegistrar.Refusal;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.registry.AliasStore;
import org.aliasrpc.spring.registry.FileAliasStore;
import org.aliasrpc.spring.registry.MemoryAliasStore;
import org.aliasrpc.spring.registry.StoredAliasRegistry;
import org.aliasrpc.spring.registry.jdbc.JdbcAliasStore;
import org.aliasrpc.spring.registry.jdbc.SchemaInitializer;
import org.aliasrpc.spring.testing.FakeServer;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

/** Which store an alias server has, and what is seen of it. */
class StoreAutoConfigurationTest {
    @TempDir
    Path directory;

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AliasRpcAutoConfiguration.class,
                    AliasRpcServerAutoConfiguration.class,
                    AliasRpcJdbcStoreAutoConfiguration.class,
                    AliasRpcActuatorAutoConfiguration.class,
                    AliasRpcMetricsAutoConfiguration.class,
                    DataSourceAutoConfiguration.class,
                    JdbcClientAutoConfiguration.class))
            .withBean(AliasRpcServer.class, FakeServer::new)
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withBean(Heard.class, Heard::new)
            .withPropertyValues("alias-rpc.server.enabled=true", "spring.datasource.generate-unique-name=true");

    static final class Heard {
        final List<String> types = new CopyOnWriteArrayList<>();

        @EventListener
        void onEvent(AliasRpcEvent event) {
            types.add(event.type());
        }
    }

    private String location() {
        return "alias-rpc.server.store.location=" + directory.resolve("deep/down/targets.json");
    }

    @Test
    void theDefaultIsAFileInTheWorkingDirectory() {
        contextRunner
                .withBean(AliasRegistrar.class, () -> AliasRegistrar.blocking((registration, origin) -> true))
                .run(context -> assertThat(context.getBean(AliasRpcStoreProperties.class))
                        .isEqualTo(new AliasRpcStoreProperties(AliasRpcStoreProperties.Type.FILE, "targets.json")));
    }

    @Test
    void prometheusFileFollowsEveryStore() {
        for (String type : List.of("memory", "file", "jdbc")) {
            Path file = directory.resolve("sd-" + type + ".json");
            contextRunner
                    .withConfiguration(AutoConfigurations.of(AliasRpcDiscoveryAutoConfiguration.class))
                    .withPropertyValues(
                            "alias-rpc.server.store.type=" + type,
                            location(),
                            "alias-rpc.server.discovery.address=127.0.0.1:9100",
                            "alias-rpc.server.discovery.file=" + file)
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        AliasRegistry registry = context.getBean(AliasRegistry.class);
                        put(registry, "app", Keys.key(1), Keys.key(2));
                        put(registry, "gone", Keys.key(1), Keys.key(2));
                        assertThat(registry.remove("gone"))
                                .isTrue(); // reported, unlike what the fake server did not do
                        await().until(() -> Files.exists(file)
                                && Files.readString(file).contains("\"__metrics_path__\":\"/scrape/app/metrics\""));
                    });
        }
    }

    @Test
    void theFileIsMadeWithItsDirectoriesAndOutlivesTheContext() {
        contextRunner.withPropertyValues(location()).run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(FileAliasStore.class)
                    .doesNotHaveBean(SchemaInitializer.class);
            put(context.getBean(AliasRegistry.class), "app", Keys.key(1), Keys.key(2));
            assertThat(directory.resolve("deep/down/targets.json")).content().contains("app:" + Keys.key(1));
            await().untilAsserted(
                            () -> assertThat(context.getBean(Heard.class).types).contains("aliases-updated"));
            assertThat(context.getBean(MeterRegistry.class)
                            .get("alias.rpc.server.store.operation")
                            .tags("operation", "write", "outcome", "success")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
            assertThat(health(context).getDetails())
                    .containsEntry("store", "file")
                    .containsEntry("aliases", 1)
                    .containsKeys("location", "lastWrite");
        });
        contextRunner
                .withPropertyValues(location())
                .run(context -> assertThat(context.getBean(AliasRegistry.class).find("app"))
                        .isPresent());
    }

    @Test
    void aFileThatCannotBeWrittenIsSeenInHealth() {
        contextRunner.withPropertyValues(location()).run(context -> {
            Files.createDirectory(directory.resolve("deep/down/targets.json.tmp"));
            assertThatThrownBy(() -> put(context.getBean(AliasRegistry.class), "app", Keys.key(1), Keys.key(2)))
                    .isInstanceOf(Refusal.class);
            assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
            assertThat(health(context).getDetails()).containsKey("problem");
            Files.delete(directory.resolve("deep/down/targets.json.tmp"));
            await().untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(Status.UP)); // by itself
        });
    }

    private static Health health(ApplicationContext context) {
        Health health = context.getBean("aliasRpcStoreHealthIndicator", HealthIndicator.class)
                .health();
        assertThat(health).isNotNull();
        return Objects.requireNonNull(health);
    }

    @Test
    void jdbcWorksOutOfTheBoxWithH2() {
        contextRunner.withPropertyValues("alias-rpc.server.store.type=jdbc").run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(AliasStore.class).hasSingleBean(JdbcAliasStore.class);
            AliasRegistry registry = context.getBean(AliasRegistry.class);
            assertThat(put(registry, "app", Keys.key(1), Keys.key(2))).isTrue();
            assertThat(registry.entries()).hasSize(1);
            assertThat(health(context).getDetails())
                    .containsEntry("store", "jdbc")
                    .containsEntry("table", "alias_rpc_alias");
            assertThat(context.getBean(MeterRegistry.class)
                            .get("alias.rpc.server.store.operation")
                            .tags("operation", "change", "outcome", "success")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void anH2FileOutlivesTheContext() {
        var runner = contextRunner.withPropertyValues(
                "alias-rpc.server.store.type=jdbc",
                "alias-rpc.server.jdbc.initialize-schema=always",
                "alias-rpc.server.jdbc.table-prefix=my_",
                "spring.threads.virtual.enabled=true",
                "spring.datasource.generate-unique-name=false",
                "spring.datasource.url=jdbc:h2:file:" + directory.resolve("aliases"));
        runner.run(context -> put(context.getBean(AliasRegistry.class), "app", Keys.key(1), Keys.key(2)));
        runner.run(context ->
                assertThat(context.getBean(AliasRegistry.class).find("app")).isPresent());
    }

    @Test
    void aNativeImageHasTheScripts() {
        RuntimeHints hints = new RuntimeHints();
        new AliasRpcJdbcStoreAutoConfiguration.Scripts().registerHints(hints, null);
        for (String script : List.of("schema-h2.sql", "schema-postgresql.sql", "flyway/R__alias_rpc.sql")) {
            String resource = "org/aliasrpc/spring/registry/jdbc/" + script;
            assertThat(RuntimeHintsPredicates.resource().forResource(resource)).accepts(hints);
            assertThat(getClass().getClassLoader().getResource(resource)).isNotNull();
        }
    }

    @Test
    void withoutATableAndWithoutLeaveToMakeOneHealthSaysSo() {
        contextRunner
                .withPropertyValues("alias-rpc.server.store.type=jdbc", "alias-rpc.server.jdbc.initialize-schema=never")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
                    assertThat((String) health(context).getDetails().get("problem"))
                            .containsIgnoringCase("alias_rpc_alias");
                });
    }

    @Test
    void aBadTablePrefixIsNamed() {
        contextRunner
                .withPropertyValues("alias-rpc.server.store.type=jdbc", "alias-rpc.server.jdbc.table-prefix=a;b")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("letters, digits and underscores"));
    }

    @Test
    void aRegistrarOfTheApplicationReplacesEverything() throws IOException {
        for (String type : List.of("file", "jdbc")) {
            contextRunner
                    .withPropertyValues(location(), "alias-rpc.server.store.type=" + type)
                    .withBean(AliasRegistrar.class, () -> AliasRegistrar.blocking((registration, origin) -> true))
                    .run(context -> assertThat(context)
                            .hasNotFailed()
                            .doesNotHaveBean(AliasStore.class)
                            .doesNotHaveBean(StoredAliasRegistry.class)
                            .doesNotHaveBean("aliasRpcStoreHealthIndicator"));
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aStoreOfTheApplicationKeepsOurRules() {
        contextRunner
                .withPropertyValues("alias-rpc.server.store.type=jdbc", "alias-rpc.server.alias-pattern=team-.*")
                .withBean(AliasStore.class, () -> new MemoryAliasStore(limits(), Clock.systemUTC()))
                .run(context -> {
                    AliasRegistry registry = context.getBean(AliasRegistry.class);
                    assertThat(registry.store()).isEqualTo("memory");
                    assertThat(put(registry, "team-a with space", Keys.key(1), Keys.key(2)))
                            .isTrue();
                    assertThatThrownBy(() -> put(registry, "other", Keys.key(1), Keys.key(2)))
                            .hasMessageContaining("team-");
                });
    }
}
