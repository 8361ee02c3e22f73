package org.aliasrpc.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The alias protocol on a DHT of two of our nodes and two of the reference. */
@RequiresTool("node")
class MixedTestnetInteropIT {
    private static MatrixPeers peers;
    private static LocalTestnet network;

    @BeforeAll
    static void start() throws InterruptedException {
        network = LocalTestnet.start(2);
        peers = new MatrixPeers();
    }

    @AfterAll
    static void stop() {
        peers.close();
        network.close();
    }

    @TestFactory
    Stream<? extends DynamicNode> cells() {
        Map<String, ?> two = Map.of("nodes", 2, "bootstrap", NodePeer.addresses(network.bootstrap()));
        JsonNode joined = peers.serverPeer().call("testnet", two);
        List<BootstrapNode> bootstrap = new ArrayList<>(network.bootstrap());
        bootstrap.addAll(NodePeer.addresses(joined.path("addresses")));
        return peers.cells(bootstrap);
    }
}
