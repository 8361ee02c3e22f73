package org.aliasrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of CONTRIBUTING.md about source text, which class files no longer show. */
class SourceRulesTest {
    /** Past about 400 lines look for the second concept; this is where looking ends. */
    private static final int MAX_LINES = 450;

    // In pieces, so that this file does not break its own rules.
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b|@Dis" + "abled\\b");

    private static final Pattern SLEEP = Pattern.compile("\\bThread\\.sl" + "eep\\b|TimeUnit\\.\\w+\\.sl" + "eep\\b");

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java", "src/test/java"})
    void aFileHoldsOneConcept(String root) {
        assertThat(sources(root))
                .allSatisfy(
                        file -> assertThat(lines(file)).as("lines of %s", file).hasSizeLessThanOrEqualTo(MAX_LINES));
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java", "src/test/java"})
    void nothingIsLeftUnfinished(String root) {
        assertThat(linesWith(UNFINISHED, root)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java", "src/test/java"})
    void nobodySleeps(String root) {
        assertThat(linesWith(SLEEP, root)).isEmpty();
    }

    private static List<String> linesWith(Pattern pattern, String root) {
        return sources(root).stream()
                .flatMap(file -> {
                    List<String> lines = lines(file);
                    return IntStream.range(0, lines.size())
                            .filter(line -> pattern.matcher(lines.get(line)).find())
                            .mapToObj(line -> file + ":" + (line + 1) + " " + lines.get(line));
                })
                .toList();
    }

    /** The Java files below a directory of this module, at least one. */
    private static List<Path> sources(String root) {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources).as("Java files in %s", root).isNotEmpty();
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
