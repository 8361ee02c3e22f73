package org.aliasrpc.interop;

import java.util.Map;
import java.util.stream.Stream;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The alias protocol on a DHT of the reference's nodes. */
@RequiresTool("node")
class NodeTestnetInteropIT {
    private static MatrixPeers peers;

    @BeforeAll
    static void start() {
        peers = new MatrixPeers();
    }

    @AfterAll
    static void stop() {
        peers.close();
    }

    @TestFactory
    Stream<? extends DynamicNode> cells() {
        JsonNode network = peers.serverPeer().call("testnet", Map.of("nodes", 3));
        return peers.cells(NodePeer.addresses(network.path("bootstrap")));
    }
}
