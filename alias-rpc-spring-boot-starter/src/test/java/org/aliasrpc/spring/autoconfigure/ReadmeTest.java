package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.spring.registration.ErrorKind;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The README's table of properties and the generated metadata tell the same. */
class ReadmeTest {
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    @Test
    void everyPropertyHasARowAndEveryRowIsAProperty() throws IOException {
        assertThat(rows().keySet())
                .containsExactlyInAnyOrderElementsOf(metadata().keySet());
    }

    @Test
    void defaultsAreThoseOfTheMetadata() throws IOException {
        Map<String, String> metadata = metadata();
        Map<String, String> shown = new LinkedHashMap<>();
        rows().forEach((name, value) -> {
            if (!value.isEmpty() && !metadata.getOrDefault(name, "").isEmpty()) {
                shown.put(name, value);
            }
        });
        assertThat(shown)
                .hasSizeGreaterThan(25)
                .allSatisfy((name, value) -> assertThat(value).as(name).isEqualTo(metadata.get(name)));
    }

    @Test
    void everyKindOfFailureIsExplained() throws IOException {
        Set<String> kinds = new TreeSet<>(Set.of("unexpected"));
        for (Class<?> failure : AliasRpcException.class.getPermittedSubclasses()) {
            if (failure != AliasRpcException.TimedOut.class) {
                kinds.add(failure.getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                        .toLowerCase(Locale.ROOT));
            }
        }
        for (AliasRpcException.TimedOut.Step step : AliasRpcException.TimedOut.Step.values()) {
            kinds.add(ErrorKind.of(new AliasRpcException.TimedOut(step, "")));
        }
        kinds.remove("timed_out_announce"); // of servers, who are not asked for their kind
        String readme = Files.readString(Path.of("..", "README.md"));
        String section = readme.substring(readme.indexOf("\n## When it does not work"));
        assertThat(code(section.substring(0, section.indexOf("\n## ", 1)))).containsAll(kinds);
    }

    /** Property to default, empty where the row has none or not one for each property. */
    private static Map<String, String> rows() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        String section = readme.substring(readme.indexOf("\n## Properties"));
        Map<String, String> rows = new LinkedHashMap<>();
        section.substring(0, section.indexOf("\n## ", 1)).lines().forEach(line -> {
            String[] cells = line.split("(?<!\\\\)\\|", 0);
            if (cells.length > 3 && cells[1].contains("`alias-rpc.")) {
                List<String> names = names(cells[1]);
                List<String> defaults = code(cells[2]);
                for (int i = 0; i < names.size(); i++) {
                    rows.put(names.get(i), defaults.size() == names.size() ? defaults.get(i) : "");
                }
            }
        });
        return rows;
    }

    /** {@code `a.b.c`, `.d`} are a.b.c and a.b.d; below a name that the user chooses the metadata has nothing. */
    private static List<String> names(String cell) {
        List<String> names = new ArrayList<>();
        String parent = "";
        for (String text : code(cell)) {
            String name = text.startsWith(".") ? parent + text : text;
            if (!text.startsWith(".")) {
                parent = name.substring(0, name.lastIndexOf('.'));
            }
            String known = name.replaceAll("\\.NAME(\\..*)?", "");
            if (!names.contains(known)) {
                names.add(known);
            }
        }
        return names;
    }

    private static List<String> code(String cell) {
        List<String> code = new ArrayList<>();
        for (Matcher matcher = CODE.matcher(cell); matcher.find(); ) {
            code.add(matcher.group(1));
        }
        return code;
    }

    private static Map<String, String> metadata() throws IOException {
        Map<String, String> properties = new LinkedHashMap<>();
        var all = AliasRpcProperties.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json");
        while (all.hasMoreElements()) {
            try (InputStream in = all.nextElement().openStream()) {
                JsonNode root = new JsonMapper().readTree(in);
                StreamSupport.stream(root.path("properties").spliterator(), false)
                        .filter(property -> property.path("name").asString("").startsWith("alias-rpc"))
                        .forEach(property -> properties.put(
                                property.get("name").asString(),
                                property.path("defaultValue").asString("")));
            }
        }
        return properties;
    }
}
