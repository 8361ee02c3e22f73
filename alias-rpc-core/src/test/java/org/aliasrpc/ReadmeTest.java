package org.aliasrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every piece of Java in the README stands, line by line, in a test that is compiled and run. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..");

    /** A block of Java, and before it, in a comment, the file that it is taken from. */
    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- from (\\S+) -->\\s*)?```java\\n(.*?)```", Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> javaIsTakenFromATest() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        List<DynamicTest> tests = BLOCK.matcher(readme)
                .results()
                .map(block -> DynamicTest.dynamicTest(
                        block.group(2).lines().findFirst().orElse("").strip(),
                        () -> assertTaken(block.group(1), block.group(2))))
                .toList();
        assertThat(tests).as("blocks of Java in the README").isNotEmpty();
        return tests.stream();
    }

    private static void assertTaken(String file, String block) throws IOException {
        assertThat(file).as("the comment that names the file").isNotNull();
        assertThat(stripped(Files.readString(ROOT.resolve(file)))).contains(stripped(block));
    }

    /** Without indentation and empty lines. */
    private static String stripped(String code) {
        StringBuilder lines = new StringBuilder();
        code.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> lines.append(line).append('\n'));
        return lines.toString();
    }
}
