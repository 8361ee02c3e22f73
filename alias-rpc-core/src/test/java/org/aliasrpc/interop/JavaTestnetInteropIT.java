package org.aliasrpc.interop;

import java.util.stream.Stream;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The alias protocol on a DHT of our nodes. */
@RequiresTool("node")
class JavaTestnetInteropIT {
    private static MatrixPeers peers;
    private static LocalTestnet network;

    @BeforeAll
    static void start() throws InterruptedException {
        network = LocalTestnet.start(3);
        peers = new MatrixPeers();
    }

    @AfterAll
    static void stop() {
        peers.close();
        network.close();
    }

    @TestFactory
    Stream<? extends DynamicNode> cells() {
        return peers.cells(network.bootstrap());
    }
}
