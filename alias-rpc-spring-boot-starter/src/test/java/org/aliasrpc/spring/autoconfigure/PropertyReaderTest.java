package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What we read ourselves is what Boot's binder makes of the same properties. */
class PropertyReaderTest {
    private static final Map<Class<?>, String> PREFIXES = Map.of(
            AliasRpcProperties.class, "alias-rpc",
            AliasRpcDhtProperties.class, "alias-rpc.dht",
            AliasRpcClientProperties.class, "alias-rpc.client");

    private static final Map<Class<?>, Function<Environment, Object>> READERS = Map.of(
            AliasRpcProperties.class, PropertyReader::common,
            AliasRpcDhtProperties.class, PropertyReader::dht,
            AliasRpcClientProperties.class, PropertyReader::client);

    /** Of each record's component by name, in the notation of files. */
    private static final Map<String, String> VALUES = values();

    private static Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("alias-rpc.enabled", "off");
        values.put("alias-rpc.key-pair.seed", "seed");
        values.put("alias-rpc.key-pair.location", "/a/file");
        values.put("alias-rpc.events.publish", "false");
        values.put("alias-rpc.events.audit", "no");
        values.put("alias-rpc.events.ring", "17");
        values.put("alias-rpc.dht.bootstrap", "a:1, b:2");
        values.put("alias-rpc.dht.host", "127.0.0.1");
        values.put("alias-rpc.dht.port", "0");
        values.put("alias-rpc.dht.transport", "nio");
        values.put("alias-rpc.dht.connection-keep-alive", "90s");
        values.put("alias-rpc.client.enabled", "false");
        values.put("alias-rpc.client.server-public-key", "key");
        values.put("alias-rpc.client.secret", "secret");
        values.put("alias-rpc.client.secret-file", "/b/file");
        values.put("alias-rpc.client.servers", "");
        values.put("alias-rpc.client.alias", "${other}-alias");
        values.put("alias-rpc.client.service", "service");
        values.put("alias-rpc.client.hostname", "host");
        values.put("alias-rpc.client.target-public-key", "target");
        values.put("alias-rpc.client.interval", "30m");
        values.put("alias-rpc.client.jitter", "0.5");
        values.put("alias-rpc.client.request-timeout", "PT3S");
        values.put("alias-rpc.client.startup.mode", "BLOCKING");
        values.put("alias-rpc.client.startup.timeout", "1500");
        values.put("alias-rpc.client.startup.fail-fast", "true");
        values.put("alias-rpc.client.retry.delay", "3s");
        values.put("alias-rpc.client.retry.multiplier", "1.5");
        values.put("alias-rpc.client.retry.max-delay", "1d");
        values.put("alias-rpc.client.retry.jitter", "0");
        values.put("alias-rpc.client.retry.max-retries", "9");
        values.put("alias-rpc.client.stale-after", "4h");
        return values;
    }

    @Test
    void nothingIsSet() {
        READERS.keySet().forEach(type -> assertSame(type, environment(Map.of())));
    }

    @TestFactory
    List<DynamicTest> onePropertyIsSet() {
        return VALUES.entrySet().stream()
                .map(property -> DynamicTest.dynamicTest(
                        property.getKey(),
                        () -> READERS.keySet()
                                .forEach(type ->
                                        assertSame(type, environment(Map.of(property.getKey(), property.getValue()))))))
                .toList();
    }

    @TestFactory
    List<DynamicTest> onePropertyIsEmpty() {
        return VALUES.keySet().stream()
                .map(property -> DynamicTest.dynamicTest(
                        property,
                        () -> READERS.keySet().forEach(type -> assertSame(type, environment(Map.of(property, ""))))))
                .toList();
    }

    @TestFactory
    List<DynamicTest> oneVariableIsSet() {
        return VALUES.entrySet().stream()
                .map(property -> DynamicTest.dynamicTest(property.getKey(), () -> {
                    String name =
                            property.getKey().replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
                    var environment = new StandardEnvironment();
                    environment
                            .getPropertySources()
                            .addFirst(new SystemEnvironmentPropertySource(
                                    "systemEnvironment", Map.of(name, property.getValue(), "OTHER", "an")));
                    ConfigurationPropertySources.attach(environment);
                    READERS.keySet().forEach(type -> assertSame(type, environment));
                }))
                .toList();
    }

    @Test
    void everythingIsSet() {
        var environment = environment(VALUES);
        READERS.forEach((type, reader) -> {
            assertSame(type, environment);
            assertThat(reader.apply(environment)).isNotEqualTo(reader.apply(environment(Map.of())));
        });
    }

    @Test
    void listsAndMapsHaveElements() {
        assertSame(
                AliasRpcDhtProperties.class,
                environment(Map.of("alias-rpc.dht.bootstrap[0]", "a:1", "alias-rpc.dht.bootstrap[1]", "b:2")));
        var environment = environment(Map.of(
                "alias-rpc.client.servers.eu.public-key", "key",
                "alias-rpc.client.servers.eu.secretFile", "/c/file",
                "alias-rpc.client.servers.us.secret", "secret"));
        assertSame(AliasRpcClientProperties.class, environment);
        assertThat(PropertyReader.client(environment).servers()).containsOnlyKeys("eu", "us");
    }

    @Test
    void aWrongValueFailsAlike() {
        var environment = environment(Map.of("alias-rpc.client.interval", "soon"));
        BindException ours = catchThrowableOfType(BindException.class, () -> PropertyReader.client(environment));
        assertThat(ours.getName()).hasToString("alias-rpc.client.interval");
        assertThat(Objects.requireNonNull(ours.getProperty()).getOrigin()).isNotNull();
    }

    /** The records are not made by Boot's binder, and still are what the endpoint configprops reports. */
    @Test
    void theyAreReported() {
        new ApplicationContextRunner()
                .withUserConfiguration(AliasRpcAutoConfiguration.class, Report.class)
                .withPropertyValues("alias-rpc.dht.port=4711")
                .run(context -> assertThat(context.getBean(ConfigurationPropertiesReportEndpoint.class)
                                .configurationPropertiesWithPrefix("alias-rpc.dht")
                                .getContexts()
                                .values())
                        .singleElement()
                        .satisfies(reported -> assertThat(reported.getBeans().values())
                                .singleElement()
                                .satisfies(bean -> assertThat(bean.getProperties())
                                        .containsEntry("port", 4711)
                                        .containsEntry("connectionKeepAlive", "PT5S"))));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties
    static class Report {
        @Bean
        ConfigurationPropertiesReportEndpoint report() {
            return new ConfigurationPropertiesReportEndpoint(List.of(), Show.ALWAYS);
        }
    }

    /** Whoever adds a property to a record adds it to the reader, and here. */
    @Test
    void everyPropertyIsCompared() throws IOException {
        try (InputStream json = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            if (json == null) {
                return; // made by the annotation processor, which an IDE may not run; MetadataTest insists on it
            }
            for (JsonNode property : JsonMapper.shared().readTree(json).get("properties")) {
                JsonNode type = property.get("sourceType");
                String source = type == null ? "" : type.asString().replaceAll("[$].*", "");
                if (READERS.keySet().stream().anyMatch(known -> known.getName().equals(source))) {
                    assertThat(VALUES).containsKey(property.get("name").asString());
                }
            }
        }
    }

    private static void assertSame(Class<?> type, Environment environment) {
        Function<Environment, Object> reader = Objects.requireNonNull(READERS.get(type));
        Object bound;
        try {
            bound = Binder.get(environment).bindOrCreate(Objects.requireNonNull(PREFIXES.get(type)), type);
        } catch (BindException expected) { // a number must not be empty
            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(() -> reader.apply(environment))
                    .withMessageContaining(innermost(expected).getName().toString());
            return;
        }
        assertThat(reader.apply(environment)).isEqualTo(bound);
    }

    private static BindException innermost(BindException failure) {
        return failure.getCause() instanceof BindException cause ? innermost(cause) : failure;
    }

    private static Environment environment(Map<String, String> properties) {
        Map<String, Object> all = new LinkedHashMap<>(properties);
        all.put("other", "an");
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", all));
        ConfigurationPropertySources.attach(environment);
        return environment;
    }
}
