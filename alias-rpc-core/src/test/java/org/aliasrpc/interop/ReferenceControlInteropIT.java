package org.aliasrpc.interop;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The reference with itself: shows that what the other cells of the matrix expect is what the reference does. A failure here
 * means that the tests are wrong, not we.
 */
@RequiresTool("node")
@Timeout(300)
class ReferenceControlInteropIT {
    static final List<String> VERSIONS = List.of("1.0.3", "2.1.0", "2.2.1");

    private static NodePeer servers;
    private static NodePeer clients;
    private static List<BootstrapNode> bootstrap;

    @BeforeAll
    static void start() {
        servers = NodePeer.start();
        clients = NodePeer.start();
        bootstrap =
                NodePeer.addresses(servers.call("testnet", Map.of("nodes", 3)).path("bootstrap"));
    }

    @AfterAll
    static void stop() {
        clients.close();
        servers.close();
    }

    @TestFactory
    Stream<DynamicNode> cells() {
        return VERSIONS.stream().flatMap(serverVersion -> {
            var serverSide = new NodeAliasServer(servers, serverVersion, false);
            AliasServerSide.Running server = serverSide.start(bootstrap, AliasCell.SECRET);
            return VERSIONS.stream()
                    .map(clientVersion -> new AliasCell(
                                    new NodeAliasClient(clients, clientVersion), serverSide, server, bootstrap)
                            .tests());
        });
    }
}
