package org.aliasrpc.spring.autoconfigure;

import static org.aliasrpc.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.TestHttp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.boot.actuate.audit.listener.AuditListener;
import org.springframework.boot.actuate.autoconfigure.audit.AuditAutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server and a client with real web servers: what Actuator shows of them, and in which shape. */
@TestMethodOrder(MethodOrderer.MethodName.class)
class ActuatorTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static LocalTestnet testnet;
    private static ConfigurableApplicationContext server;
    private static ConfigurableApplicationContext client;
    private static ConfigurableApplicationContext thief;

    @BeforeAll
    static void start() throws InterruptedException {
        testnet = LocalTestnet.start(3);
        server = start(
                "alias-rpc.server.enabled=true",
                "alias-rpc.server.store.type=memory",
                "alias-rpc.server.secret=" + Keys.SECRET,
                "management.endpoint.aliasrpc.access=unrestricted");
        server.getBean(AliasRpcServer.class).listen();
        assertThat(types(server, "")).as("the web server is up, too").isEmpty();
        client = start(
                "spring.application.name=app",
                "alias-rpc.client.hostname=a-host",
                "alias-rpc.client.server-public-key="
                        + server.getBean(AliasRpcServer.class).publicKey(),
                "alias-rpc.client.secret=" + Keys.SECRET);
        thief = start(
                "spring.application.name=thief",
                "alias-rpc.client.server-public-key="
                        + server.getBean(AliasRpcServer.class).publicKey(),
                "alias-rpc.client.secret=" + Keys.seed(1),
                "alias-rpc.client.retry.max-retries=3"); // with the fifth it would be blocked for a while
        await().until(() -> status(client).state() == RegistrationStatus.State.REGISTERED
                && status(thief).state() == RegistrationStatus.State.FAILING);
        await().until(() -> types(server, "").contains("alias-unauthorised"));
    }

    @AfterAll
    static void stop() {
        for (ConfigurableApplicationContext context : List.of(client, thief, server)) {
            context.close();
        }
        testnet.close();
    }

    @Test
    void theClientShowsItsServers() throws Exception {
        JsonNode body = json(get(client, "/actuator/aliasrpc"));
        assertThat(texts(body.get("roles"))).containsExactly("client");
        JsonNode own = body.get("client");
        assertThat(own.get("alias").asString()).isEqualTo("app");
        assertThat(own.get("hostname").asString()).isEqualTo("a-host");
        assertThat(own.get("service").asString()).isEqualTo("app");
        assertThat(own.get("publicKey").asString()).isEqualTo(metricsKey(client));
        JsonNode status = own.get("servers").get("default");
        assertThat(status.propertyNames())
                .containsExactlyInAnyOrder(
                        "publicKey",
                        "state",
                        "attempts",
                        "successes",
                        "retries",
                        "lastAttempt",
                        "lastSuccess",
                        "nextAttempt");
        assertThat(status.get("state").asString()).isEqualTo("REGISTERED");
        assertThat(status.get("successes").asInt()).isEqualTo(1);
        assertThat(Instant.parse(status.get("nextAttempt").asString()))
                .isAfter(Instant.parse(status.get("lastSuccess").asString()));

        JsonNode failing = json(get(thief, "/actuator/aliasrpc"))
                .get("client")
                .get("servers")
                .get("default");
        assertThat(failing.get("state").asString()).isEqualTo("FAILING");
        assertThat(failing.get("lastError").asString()).isEqualTo("refused");
    }

    @Test
    void theServerShowsItsTable() throws Exception {
        JsonNode body = json(get(server, "/actuator/aliasrpc"));
        assertThat(texts(body.get("roles"))).containsExactly("server");
        JsonNode own = body.get("server");
        assertThat(own.propertyNames())
                .containsExactlyInAnyOrder(
                        "publicKey", "connections", "aliases", "store", "limits", "usage", "secrets");
        assertThat(own.get("limits").get("unauthorisedRate").asString()).isEqualTo("5/1m");
        assertThat(own.get("usage").propertyNames())
                .containsExactlyInAnyOrder("blockedPeers", "blockedHosts", "refused", "connectionsRefused");
        assertThat(texts(own.get("secrets").get(0))).containsExactly("default", "true");
        assertThat(own.get("aliases").asInt()).isEqualTo(1);
        assertThat(own.get("store").asString()).isEqualTo("memory");
        assertThat(own.get("limits").get("maxAliases").asInt()).isEqualTo(10_000);

        JsonNode entry = json(get(server, "/actuator/aliasrpc/app"));
        assertThat(entry.propertyNames())
                .containsExactlyInAnyOrder(
                        "alias",
                        "publicKey",
                        "hostname",
                        "service",
                        "firstSeen",
                        "lastSeen",
                        "expiresAt",
                        "ownerPublicKey");
        assertThat(entry.get("publicKey").asString()).isEqualTo(metricsKey(client));
        assertThat(get(server, "/actuator/aliasrpc/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void writingNeedsUnrestrictedAccess() throws Exception {
        assertThat(send(client, "/actuator/aliasrpc", "POST").statusCode()).isEqualTo(405);
        assertThat(send(server, "/actuator/aliasrpc", "POST").statusCode()).isEqualTo(204);
        assertThat(send(server, "/actuator/aliasrpc/nobody", "DELETE").statusCode())
                .isEqualTo(404);
    }

    @Test
    void xDeletingAnAliasIsAuditedAndRegisteringBringsItBack() throws Exception {
        assertThat(send(server, "/actuator/aliasrpc/app", "DELETE").statusCode())
                .isEqualTo(204);
        assertThat(get(server, "/actuator/aliasrpc/app").statusCode()).isEqualTo(404);
        client.getBean(AliasRegistrations.class).registerNow();
        await().until(() -> get(server, "/actuator/aliasrpc/app").statusCode() == 200);
        await().until(() -> audited().contains("ALIAS_REMOVED"));
    }

    @Test
    void eventsAreNumberedTypedAndFiltered() throws Exception {
        JsonNode events = json(get(server, "/actuator/aliasrpcevents")).get("events");
        JsonNode first = events.get(0);
        assertThat(first.get("seq").asInt()).isEqualTo(1);
        assertThat(first.get("type").asString()).isEqualTo("connection-open");
        assertThat(first.propertyNames())
                .containsExactly("seq", "occurredAt", "type", "uid", "remotePublicKey", "remoteAddress");

        JsonNode success = json(get(server, "/actuator/aliasrpcevents?type=alias-success"))
                .get("events")
                .get(0);
        assertThat(success.propertyNames())
                .containsExactly(
                        "seq", "occurredAt", "type", "uid", "alias", "remotePublicKey", "targetPublicKey", "updated");
        assertThat(success.get("updated").asBoolean()).isTrue();
        assertThat(success.get("targetPublicKey").asString()).isEqualTo(metricsKey(client));

        JsonNode after = json(get(server, "/actuator/aliasrpcevents?after=2")).get("events");
        assertThat(after.get(0).get("seq").asInt()).isEqualTo(3);
    }

    @Test
    void healthTellsTheAgeOfTheLastSuccess() throws Exception {
        JsonNode up = json(get(client, "/actuator/health/aliasRpc"));
        assertThat(up.get("status").asString()).isEqualTo("UP");
        assertThat(up.get("details").propertyNames())
                .contains("alias", "serverPublicKey", "lastSuccess", "ageSeconds", "nextAttempt");
        JsonNode down = json(get(thief, "/actuator/health/aliasRpc"));
        assertThat(down.get("status").asString()).isEqualTo("DOWN");
        assertThat(down.get("details").get("lastError").asString()).isEqualTo("refused");
        assertThat(get(client, "/actuator/health/readiness").body()).doesNotContain("aliasRpc");
    }

    @Test
    void infoTellsWhoWeAre() throws Exception {
        JsonNode info = json(get(client, "/actuator/info")).get("alias-rpc");
        assertThat(info.get("publicKey").asString()).isEqualTo(metricsKey(client));
        assertThat(info.get("alias").asString()).isEqualTo("app");
        assertThat(info.get("protocols").get("register-alias").asString()).isEqualTo("1.1");
    }

    @Test
    void whatChangedOrWasRefusedIsAudited() throws Exception {
        await().until(() -> audited().containsAll(List.of("ALIAS_REGISTERED", "ALIAS_UNAUTHORISED")));
    }

    @Test
    void metersCountBothSides() {
        MeterRegistry clientMeters = client.getBean(MeterRegistry.class);
        assertThat(clientMeters
                        .get("alias.rpc.client.registration")
                        .tags("server", "default", "outcome", "updated")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(clientMeters.get("alias.rpc.client.last.success").gauge().value())
                .isGreaterThan(1e9);
        assertThat(clientMeters
                        .get("alias.rpc.client.connections.active")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(clientMeters
                        .get("alias.rpc.dht.packets")
                        .tag("direction", "out")
                        .functionCounter()
                        .count())
                .isPositive();
        assertThat(clientMeters
                        .get("netty.eventexecutor.tasks.pending")
                        .tag("name", "alias-rpc")
                        .gauge()
                        .value())
                .isNotNegative();
        assertThat(clientMeters
                        .get("netty.allocator.memory.used")
                        .tag("memory.type", "direct")
                        .gauge()
                        .value())
                .isPositive();

        MeterRegistry thiefMeters = thief.getBean(MeterRegistry.class);
        assertThat(thiefMeters
                        .get("alias.rpc.client.registration")
                        .tags("outcome", "refused")
                        .timer()
                        .count())
                .isPositive();

        MeterRegistry serverMeters = server.getBean(MeterRegistry.class);
        assertThat(count(serverMeters, "updated")).isPositive();
        assertThat(count(serverMeters, "unauthorised")).isPositive();
        assertThat(serverMeters
                        .get("alias.rpc.server.connections.active")
                        .gauge()
                        .value())
                .isEqualTo(2);
        assertThat(serverMeters.get("alias.rpc.server.aliases").gauge().value()).isEqualTo(1);
        assertThat(serverMeters.get("alias.rpc.server.expired").counter().count())
                .isZero();
    }

    private static long count(MeterRegistry registry, String outcome) {
        Timer timer =
                registry.get("alias.rpc.server.request").tag("outcome", outcome).timer();
        return timer.count();
    }

    private static List<String> audited() throws InterruptedException {
        return texts(json(get(server, "/actuator/auditevents")).get("events"), "type");
    }

    private static List<String> types(ConfigurableApplicationContext context, String query)
            throws InterruptedException {
        return texts(json(get(context, "/actuator/aliasrpcevents" + query)).get("events"), "type");
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }

    private static List<String> texts(JsonNode array, String field) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(node -> node.get(field).asString())
                .toList();
    }

    private static RegistrationStatus status(ConfigurableApplicationContext context) {
        return context.getBean(AliasRegistrations.class).status().get(0);
    }

    private static String metricsKey(ConfigurableApplicationContext context) {
        return context.getBean(AliasRpcIdentity.class).metrics().publicKey().toString();
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext context, String path)
            throws InterruptedException {
        return send(context, path, "GET");
    }

    private static HttpResponse<String> send(ConfigurableApplicationContext context, String path, String method)
            throws InterruptedException {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return TestHttp.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.noBody()),
                HttpResponse.BodyHandlers.ofString());
    }

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .properties(
                        "spring.main.banner-mode=off",
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "alias-rpc.dht.host=127.0.0.1",
                        "alias-rpc.dht.port=0",
                        "alias-rpc.dht.bootstrap=" + testnet.bootstrap().get(0),
                        "management.endpoints.web.exposure.include=*",
                        "management.endpoint.health.show-details=always",
                        "management.info.alias-rpc.enabled=true")
                .properties(properties)
                .run();
    }

    /** Boot 4.1.1's own audit configuration fails without Spring Security on the class path. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = AuditAutoConfiguration.class)
    static class Application {
        @Bean
        InMemoryAuditEventRepository audit() {
            return new InMemoryAuditEventRepository();
        }

        @Bean
        AuditListener auditListener(InMemoryAuditEventRepository repository) {
            return new AuditListener(repository);
        }
    }
}
