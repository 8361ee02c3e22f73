package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an editor is told about our properties: everything described, and with the defaults of the code. */
class MetadataTest {
    private static List<Class<?>> propertiesClasses() {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        return scanner.findCandidateComponents("org.aliasrpc.spring").stream()
                .<Class<?>>map(found -> ClassUtils.resolveClassName(
                        String.valueOf(found.getBeanClassName()), MetadataTest.class.getClassLoader()))
                .toList();
    }

    @Test
    void everyPropertyIsDescribedInBootsStyle() throws IOException {
        assertThat(metadata()).isNotEmpty().allSatisfy((name, property) -> {
            String description = property.path("description").asString("");
            assertThat(description).as("description of %s", name).isNotBlank();
            assertThat(description).as(name).doesNotStartWith("The ").doesNotStartWith("A ");
            if (property.path("type").asString("").equals("java.lang.Boolean")) {
                assertThat(description.toLowerCase(Locale.ROOT)).as(name).startsWith("whether ");
            }
        });
    }

    @Test
    void defaultsAreThoseOfTheCode() throws IOException {
        Map<String, JsonNode> metadata = metadata();
        Map<String, String> defaults = new LinkedHashMap<>();
        for (Class<?> type : propertiesClasses()) {
            collect(type, type.getAnnotation(ConfigurationProperties.class).value(), defaults);
        }
        assertThat(defaults).hasSizeGreaterThan(25);
        assertThat(metadata.keySet()).containsAll(defaults.keySet());
        metadata.forEach(
                (name, property) -> assertThat(property.path("defaultValue").asString("none"))
                        .as("default of %s", name)
                        .isEqualTo(defaults.getOrDefault(name, "none")));
    }

    private static void collect(Class<?> type, String prefix, Map<String, String> defaults) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "."
                    + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            DefaultValue value = defaultOf(type, component);
            if (component.getType().isRecord() && component.getType().getEnclosingClass() == type) {
                collect(component.getType(), name, defaults);
            } else if (value != null && value.value().length == 1) {
                defaults.put(name, value.value()[0]);
            }
        }
    }

    /** On the constructor's parameter: the annotation does not go to record components. */
    private static @Nullable DefaultValue defaultOf(Class<?> type, RecordComponent component) {
        var parameters = type.getDeclaredConstructors()[0].getParameters();
        for (int i = 0; i < parameters.length; i++) {
            if (type.getRecordComponents()[i].getName().equals(component.getName())) {
                return parameters[i].getAnnotation(DefaultValue.class);
            }
        }
        return null;
    }

    private static Map<String, JsonNode> metadata() throws IOException {
        List<JsonNode> roots = new ArrayList<>();
        var all = AliasRpcProperties.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json");
        while (all.hasMoreElements()) {
            try (InputStream in = all.nextElement().openStream()) {
                roots.add(new JsonMapper().readTree(in));
            }
        }
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        for (JsonNode root : roots) {
            StreamSupport.stream(root.path("properties").spliterator(), false)
                    .filter(property -> property.path("name").asString("").startsWith("alias-rpc"))
                    .forEach(property -> properties.put(property.get("name").asString(), property));
        }
        return properties;
    }
}
