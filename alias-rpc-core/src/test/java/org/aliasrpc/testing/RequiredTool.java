package org.aliasrpc.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Looks for the tools that {@link RequiresTool} names. */
final class RequiredTool implements ExecutionCondition {
    /** Set, and not to {@code false}: a missing tool fails the test. */
    static final String REQUIRE_TOOLS = "alias-rpc.require-tools";

    /** Where to look for commands; the environment's {@code PATH} unless set. */
    static final String TOOL_PATH = "alias-rpc.tool-path";

    private static final String NETNS = "root-netns";

    /** For each tool, the commands that must be on the path. */
    private static final Map<String, List<String>> COMMANDS = Map.of(
            "node",
            List.of("node", "npm"),
            "prometheus",
            List.of("prometheus"),
            "promtool",
            List.of("promtool"),
            "chromium",
            List.of("chromium"),
            NETNS,
            List.of("unshare", "ip", "nft"));

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String path = context.getConfigurationParameter(TOOL_PATH)
                .or(() -> Optional.ofNullable(System.getenv("PATH")))
                .orElse("");
        List<String> missing = AnnotationSupport.findAnnotation(context.getElement(), RequiresTool.class).stream()
                .flatMap(annotation -> Stream.of(annotation.value()))
                .filter(tool -> !present(tool, path))
                .toList();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("every tool is here");
        }
        String reason = "missing tool: " + String.join(", ", missing);
        if (context.getConfigurationParameter(REQUIRE_TOOLS)
                .filter(value -> !value.equals("false"))
                .isPresent()) {
            throw new ExtensionConfigurationException(reason + ", and " + REQUIRE_TOOLS + " is set");
        }
        return ConditionEvaluationResult.disabled(reason);
    }

    private static boolean present(String tool, String path) {
        List<String> commands = COMMANDS.get(tool);
        if (commands == null) {
            // A misspelt name would skip its test for ever.
            throw new ExtensionConfigurationException("no such tool: " + tool + "; known are " + COMMANDS.keySet());
        }
        return commands.stream().allMatch(command -> onPath(command, path)) && (!tool.equals(NETNS) || mayMakeNetns());
    }

    private static boolean onPath(String command, String path) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    /** Asks the kernel: being root is not enough in a container, and the namespace ends with the command. */
    private static boolean mayMakeNetns() {
        try {
            Process process = new ProcessBuilder("unshare", "--net", "nft", "list", "ruleset")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
