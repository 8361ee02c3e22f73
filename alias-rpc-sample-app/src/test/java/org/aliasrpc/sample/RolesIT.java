package org.aliasrpc.sample;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasrpc.testing.TestHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every role as a process of its own, as a person would run it. */
class RolesIT {
    private static final String SECRET = "5a".repeat(32);
    private static final String Z32_KEY = "[a-z0-9]{52}";

    /** Also as it would start in a native image: with the beans that were prepared when the jar was built. */
    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void demoRegistersItselfAndSaysWhereToLook(String aot) throws Exception {
        try (var demo = SampleProcess.startWith(List.of("-Dspring.aot.enabled=" + aot), "--server.port=0")) {
            String client = demo.awaitReady("client");
            String server = demo.awaitReady("server");
            assertThat(client).matches("ready role=client publicKey=" + Z32_KEY + " alias=alias-rpc-sample");
            assertThat(server).matches("ready role=server publicKey=" + Z32_KEY + " http=127\\.0\\.0\\.1:\\d+");
            assertThat(fact(client, "publicKey")).isNotEqualTo(fact(server, "publicKey"));

            String http = "http://" + fact(server, "http");
            assertThat(get(http + "/actuator/health")).contains("\"UP\"");
            await().untilAsserted(() -> assertThat(demo.output())
                    .anySatisfy(line -> assertThat(line).matches("\\s+\\d+ series, \\d+ bytes, in \\d+ ms"))
                    .anySatisfy(line -> assertThat(line).contains(http + "/alias-rpc ")));
            assertThat(get(http + "/scrape/alias-rpc-sample/metrics")).contains("jvm_memory_used_bytes{");
            assertThat(get(http + "/alias-rpc")).contains("<title>");
            assertThat(get(http + "/actuator/aliasrpctargets")).contains("\"__metrics_path__\":\"/scrape/");
            assertThat(get(http + "/actuator/aliasrpc/alias-rpc-sample")).contains("\"outcome\":\"success\"");
            demo.terminate();
        }
    }

    /** Also with each store that outlives the process. */
    @ParameterizedTest
    @ValueSource(strings = {"file", "jdbc"})
    void theRolesFindEachOtherAsProcesses(String store, @TempDir Path directory) throws Exception {
        Path targets = directory.resolve("targets.json");
        try (var testnet = SampleProcess.start("--spring.profiles.active=testnet", "--alias-rpc.testnet.nodes=3")) {
            String bootstrap = fact(testnet.awaitReady("testnet"), "bootstrap");
            assertThat(bootstrap).matches("127\\.0\\.0\\.1:\\d+");
            try (var server = SampleProcess.start(
                    "--spring.profiles.active=server",
                    "--server.port=0",
                    "--alias-rpc.dht.host=127.0.0.1",
                    "--alias-rpc.dht.bootstrap=" + bootstrap,
                    "--alias-rpc.server.store.type=" + store,
                    "--alias-rpc.server.store.location=" + targets,
                    "--spring.datasource.url=jdbc:h2:file:" + directory.resolve("aliases"),
                    "--management.info.alias-rpc.enabled=true",
                    "--alias-rpc.server.secret=" + SECRET)) {
                String serverReady = server.awaitReady("server");
                String serverKey = fact(serverReady, "publicKey");
                try (var client = SampleProcess.start(
                        "--spring.profiles.active=client",
                        "--server.port=0",
                        "--alias-rpc.dht.host=127.0.0.1",
                        "--alias-rpc.dht.bootstrap=" + bootstrap,
                        "--alias-rpc.client.alias=an-app",
                        "--alias-rpc.client.server-public-key=" + serverKey,
                        "--alias-rpc.client.secret=" + SECRET)) {
                    String ready = client.awaitReady("client");
                    assertThat(fact(ready, "alias")).isEqualTo("an-app");
                    await().untilAsserted(() -> assertThat(server.output())
                            .anySatisfy(line ->
                                    assertThat(line).contains("Alias an-app points to " + fact(ready, "publicKey"))));
                    String http = "http://" + fact(serverReady, "http");
                    assertThat(get(http + "/actuator/health/aliasRpcStore"))
                            .contains("\"UP\"")
                            .contains("\"store\":\"" + store + "\"");
                    assertThat(get(http + "/actuator/info")).containsPattern("\"version\":\"\\d+\\.\\d+");
                    assertThat(Files.exists(targets)).isEqualTo(store.equals("file"));
                    assertThat(Files.exists(directory.resolve("aliases.mv.db"))).isEqualTo(store.equals("jdbc"));
                    assertThat(get(http + "/scrape/an-app/metrics")).contains("jvm_info");
                    client.terminate();
                }
                server.terminate();
                assertThat(String.join("\n", server.output())).doesNotContain(SECRET);
            }
            testnet.terminate();
        }
    }

    @Test
    void aBadSecretStopsTheStartAndIsNotShown() throws Exception {
        try (var server = SampleProcess.start(
                "--spring.profiles.active=server",
                "--server.port=0",
                "--alias-rpc.dht.host=127.0.0.1",
                "--alias-rpc.dht.bootstrap=127.0.0.1:1",
                "--alias-rpc.server.secret=hush-" + SECRET)) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(String.join("\n", server.output()))
                    .contains("APPLICATION FAILED TO START")
                    .contains("alias-rpc.server.secret")
                    .doesNotContain(SECRET);
        }
    }

    private static String fact(String line, String name) {
        Matcher fact = Pattern.compile(" " + name + "=(\\S+)").matcher(line);
        assertThat(fact.find()).as("%s in: %s", name, line).isTrue();
        return fact.group(1);
    }

    private static String get(String url) throws InterruptedException {
        return TestHttp.get(url).body();
    }
}
