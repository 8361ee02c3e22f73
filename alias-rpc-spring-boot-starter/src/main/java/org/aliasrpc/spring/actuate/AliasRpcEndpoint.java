package org.aliasrpc.spring.actuate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.aliasrpc.spring.scrape.LastScrape;
import org.aliasrpc.spring.scrape.ScrapeHistory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** How registration goes, on the client's and on the server's side. Never shows a secret. */
@Endpoint(id = "aliasrpc", defaultAccess = Access.READ_ONLY)
public final class AliasRpcEndpoint {
    private final @Nullable AliasRegistrations registrations;
    private final @Nullable AliasRpcServer server;
    private final @Nullable AliasRegistry registry;
    private final @Nullable ScrapeHistory scrapes;
    private final Supplier<Map<String, Object>> serverDetails;

    /**
     * @param registrations null if this process registers nothing
     * @param server null if this process is no alias server
     * @param registry null if the server's table cannot be looked at
     * @param scrapes null if this process scrapes nobody
     * @param serverDetails limits, usage and whatever else there is to say about the server
     */
    public AliasRpcEndpoint(
            @Nullable AliasRegistrations registrations,
            @Nullable AliasRpcServer server,
            @Nullable AliasRegistry registry,
            @Nullable ScrapeHistory scrapes,
            Supplier<Map<String, Object>> serverDetails) {
        this.registrations = registrations;
        this.server = server;
        this.registry = registry;
        this.scrapes = scrapes;
        this.serverDetails = serverDetails;
    }

    /** Roles, and for each of them how it goes. */
    @ReadOperation
    public Map<String, Object> aliasRpc() {
        Map<String, Object> body = new LinkedHashMap<>();
        List<String> roles = new ArrayList<>();
        body.put("roles", roles);
        if (registrations != null && !registrations.status().isEmpty()) {
            roles.add("client");
            body.put("client", client(registrations.status()));
        }
        if (server != null) {
            roles.add("server");
            body.put("server", server(server));
        }
        return OperationResponseBody.of(body);
    }

    private static Map<String, Object> client(List<RegistrationStatus> all) {
        RegistrationStatus first = all.get(0);
        Map<String, Object> client = new LinkedHashMap<>();
        client.put("publicKey", first.registration().targetPublicKey().toString());
        client.put("alias", first.registration().alias());
        client.put("hostname", first.registration().hostname());
        client.put("service", first.registration().service());
        Map<String, Object> servers = new LinkedHashMap<>();
        for (RegistrationStatus status : all) {
            Map<String, Object> server = new LinkedHashMap<>();
            server.put("publicKey", status.serverPublicKey().toString());
            server.put("state", status.state().name());
            server.put("attempts", status.attempts());
            server.put("successes", status.successes());
            server.put("retries", status.retries());
            putIfKnown(server, "lastAttempt", status.lastAttempt());
            putIfKnown(server, "lastSuccess", status.lastSuccess());
            putIfKnown(server, "lastError", status.lastError());
            putIfKnown(server, "nextAttempt", status.nextAttempt());
            servers.put(status.server(), server);
        }
        client.put("servers", servers);
        return client;
    }

    private static void putIfKnown(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value.toString());
        }
    }

    private Map<String, Object> server(AliasRpcServer running) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("publicKey", running.publicKey().toString());
        body.put("connections", running.connectionCount());
        if (registry != null) {
            body.put("aliases", registry.size());
            body.put("store", registry.store());
        }
        body.putAll(serverDetails.get());
        return body;
    }

    /**
     * One alias of the server's table.
     *
     * @param alias its name
     * @return 404 if it is unknown, 503 while the table is not available
     */
    @ReadOperation
    public WebEndpointResponse<Map<String, Object>> alias(@Selector String alias) {
        try {
            return registry == null
                    ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                    : registry.find(alias)
                            .map(entry -> new WebEndpointResponse<>(entry(entry)))
                            .orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
        } catch (RegistryUnavailableException e) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }

    private Map<String, Object> entry(AliasEntry entry) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("alias", entry.alias());
        body.put("publicKey", entry.targetPublicKey().toString());
        body.put("hostname", entry.hostname());
        body.put("service", entry.service());
        body.put("firstSeen", text(entry.firstSeen()));
        body.put("lastSeen", text(entry.lastSeen()));
        body.put("expiresAt", text(entry.expiresAt()));
        body.put("ownerPublicKey", entry.ownerPublicKey().toString());
        if (scrapes != null) {
            scrapes.last(entry.alias()).ifPresent(last -> body.put("lastScrape", scrape(last)));
        }
        return OperationResponseBody.of(body);
    }

    private static Map<String, Object> scrape(LastScrape last) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("at", text(last.at()));
        body.put("outcome", last.outcome().tag());
        if (!last.reason().isEmpty()) {
            body.put("reason", last.reason());
        }
        body.put("durationMillis", last.duration().toMillis());
        body.put("bytes", last.bytes());
        body.put("failuresInARow", last.failuresInARow());
        if (last.lastSuccess().isAfter(Instant.EPOCH)) {
            body.put("lastSuccess", text(last.lastSuccess()));
        }
        return body;
    }

    private static String text(Instant instant) {
        return instant.toString();
    }

    /** Registers now with every server, whatever is scheduled. */
    @WriteOperation
    public void register() {
        if (registrations != null) {
            registrations.registerNow();
        }
    }

    /**
     * Drops an alias from the server's table.
     *
     * @param alias its name
     * @return 204, or 404 if it is unknown, or 503 while the table is not available
     */
    @DeleteOperation
    public WebEndpointResponse<Void> remove(@Selector String alias) {
        try {
            boolean removed = registry != null && registry.remove(alias);
            return new WebEndpointResponse<>(
                    removed ? WebEndpointResponse.STATUS_NO_CONTENT : WebEndpointResponse.STATUS_NOT_FOUND);
        } catch (RegistryUnavailableException e) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }
}
