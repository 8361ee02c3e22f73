package org.aliasrpc.interop;

import java.util.List;
import java.util.Map;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.crypto.PublicKey;
import tools.jackson.databind.JsonNode;

/**
 * A published server of the reference.
 *
 * @param version of its package
 * @param firewalled whether its node may take itself to be behind a firewall. Two such nodes of the reference on one machine
 *     try the LAN and hole punching at the same time, and now and then end on different sides of it: connected, but not
 *     with each other, until UDX gives up
 */
record NodeAliasServer(NodePeer peer, String version, boolean firewalled) implements AliasServerSide {
    @Override
    public Running start(List<BootstrapNode> bootstrap, String secret) {
        JsonNode started = peer.call(
                "alias-server",
                Map.of(
                        "version", version,
                        "bootstrap", NodePeer.addresses(bootstrap),
                        "secret", secret,
                        "firewalled", firewalled));
        String ref = started.path("ref").asString();
        PublicKey publicKey = PublicKey.parse(started.path("publicKey").asString());
        return new Running() {
            @Override
            public PublicKey publicKey() {
                return publicKey;
            }

            @Override
            public void awaitRequest(String alias) {
                peer.awaitEvent(
                        ref,
                        event -> event.name().equals("alias-request")
                                && event.text("alias").equals(alias),
                        NodePeer.PATIENCE);
            }

            @Override
            public void close() {
                // The swarm of the reference leaves its connections to the node it destroys.
                peer.call("close", Map.of("ref", ref));
            }
        };
    }

    @Override
    public String toString() {
        return "Node " + version + (firewalled ? " server" : " open server");
    }
}
