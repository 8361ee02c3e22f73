package org.aliasrpc.interop;

import java.util.Map;
import java.util.stream.Stream;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * The reference with itself: shows that what the other cells of the matrix expect is what the reference does. A failure here
 * means that the tests are wrong, not we.
 */
@RequiresTool("node")
class ReferenceControlInteropIT {
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
        return peers.controlCells(NodePeer.addresses(network.path("bootstrap")));
    }
}
