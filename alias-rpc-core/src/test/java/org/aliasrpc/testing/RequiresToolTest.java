package org.aliasrpc.testing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.skippedWithReason;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class RequiresToolTest {
    @TempDir
    Path tools;

    @Test
    void aTestWhoseToolIsMissingIsSkippedWithItsName() {
        Events tests = run(OnAMethod.class, "false").testEvents();
        tests.assertStatistics(events -> events.started(0).skipped(1));
        tests.assertThatEvents().haveExactly(1, skippedWithReason("missing tool: prometheus"));
    }

    @Test
    void aClassWhoseToolIsMissingIsSkippedWithItsName() {
        Events containers = run(OnAClass.class, "false").containerEvents();
        containers.assertThatEvents().haveExactly(1, skippedWithReason("missing tool: chromium, promtool"));
    }

    @Test
    void aMissingToolFailsTheTestWhereToolsAreRequired() {
        Events tests = run(OnAMethod.class, "true").testEvents();
        tests.assertStatistics(events -> events.skipped(0).failed(1));
        tests.assertThatEvents()
                .haveExactly(1, finishedWithFailure(message(text -> text.contains("missing tool: prometheus"))));
    }

    @Test
    void aMissingToolFailsTheClassWhereToolsAreRequired() {
        Events containers = run(OnAClass.class, "").containerEvents();
        containers
                .assertThatEvents()
                .haveExactly(
                        1, finishedWithFailure(message(text -> text.contains("missing tool: chromium, promtool"))));
    }

    @Test
    void aTestWhoseToolIsHereRuns() throws IOException {
        Path command = Files.createFile(tools.resolve("prometheus"));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        run(OnAMethod.class, "true").testEvents().assertStatistics(events -> events.succeeded(1));
    }

    @Test
    void anUnknownNameFailsEvenWhereToolsAreNotRequired() {
        run(Misspelt.class, "false")
                .testEvents()
                .assertThatEvents()
                .haveExactly(1, finishedWithFailure(message(text -> text.contains("no such tool: nod;"))));
    }

    private EngineExecutionResults run(Class<?> testClass, String requireTools) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .configurationParameter(RequiredTool.REQUIRE_TOOLS, requireTools)
                .configurationParameter(RequiredTool.TOOL_PATH, tools.toString())
                .execute();
    }

    static class OnAMethod {
        @Test
        @RequiresTool("prometheus")
        void needsIt() {}
    }

    @RequiresTool({"chromium", "promtool"})
    static class OnAClass {
        @Test
        void needsBoth() {}
    }

    static class Misspelt {
        @Test
        @RequiresTool("nod")
        void needsIt() {}
    }
}
