package org.aliasrpc.spring.interop;

import java.util.List;
import java.util.Map;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.LocalTestnet;
import org.aliasrpc.interop.NodePeer;
import org.jspecify.annotations.Nullable;

/** A DHT on loopback, and the process in which everything of the reference runs. */
final class Network implements AutoCloseable {
    private static final int NODES = 3;

    private final NodePeer peer;
    private final @Nullable LocalTestnet testnet;
    private final List<BootstrapNode> bootstrap;

    private Network(NodePeer peer, @Nullable LocalTestnet testnet, List<BootstrapNode> bootstrap) {
        this.peer = peer;
        this.testnet = testnet;
        this.bootstrap = bootstrap;
    }

    static Network start(Side side) throws InterruptedException {
        NodePeer peer = NodePeer.start();
        if (side == Side.JAVA) {
            LocalTestnet testnet = LocalTestnet.start(NODES);
            return new Network(peer, testnet, testnet.bootstrap());
        }
        return new Network(
                peer,
                null,
                NodePeer.addresses(peer.call("testnet", Map.of("nodes", NODES)).path("bootstrap")));
    }

    NodePeer peer() {
        return peer;
    }

    List<BootstrapNode> bootstrap() {
        return bootstrap;
    }

    /** What an application of ours needs to join. */
    List<String> properties() {
        return List.of(
                "spring.main.banner-mode=off",
                "alias-rpc.dht.host=127.0.0.1",
                "alias-rpc.dht.port=0",
                "alias-rpc.dht.bootstrap=" + bootstrap.get(0));
    }

    @Override
    public void close() {
        peer.close();
        if (testnet != null) {
            testnet.close();
        }
    }
}
