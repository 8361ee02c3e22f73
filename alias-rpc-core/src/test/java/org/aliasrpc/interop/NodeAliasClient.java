package org.aliasrpc.interop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A published client of the reference.
 *
 * @param version of its package
 */
record NodeAliasClient(NodePeer peer, String version) implements AliasClientSide {
    /** The reference's first pause is 5 s. */
    private static final List<Integer> BACKOFF_MILLIS = List.of(100, 200, 400);

    @Override
    public Running start(Settings settings) {
        JsonNode started = peer.call("alias-client", arguments(settings));
        String ref = started.path("ref").asString();
        return new Running() {
            @Override
            public Outcome register(Attempt attempt) {
                try {
                    JsonNode answer = peer.call("register", attempt.arguments(ref));
                    return new Outcome.Registered(answer.path("updated").asBoolean());
                } catch (NodePeerException e) {
                    return Outcome.of(e);
                }
            }

            @Override
            public void close() {
                peer.call("close", Map.of("ref", ref));
            }
        };
    }

    @Override
    public int burst(Settings settings, int clients, String prefix) {
        Map<String, Object> arguments = arguments(settings);
        arguments.put("clients", clients);
        arguments.put("prefix", prefix);
        arguments.put("targetKey", "07".repeat(32));
        arguments.put("hostname", "host");
        arguments.put("service", "service");
        return peer.call("burst", arguments).path("updated").asInt();
    }

    @Override
    public boolean claimsVersions() {
        return true;
    }

    private Map<String, Object> arguments(Settings settings) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("version", version);
        arguments.put("bootstrap", NodePeer.addresses(settings.bootstrap()));
        arguments.put("serverPublicKey", settings.server().bytes().toHex());
        arguments.put("secret", settings.secret());
        arguments.put("requestTimeoutMs", settings.timeout().toMillis());
        arguments.put("backoffMs", BACKOFF_MILLIS);
        return arguments;
    }

    @Override
    public String toString() {
        return "Node " + version + " client";
    }
}
