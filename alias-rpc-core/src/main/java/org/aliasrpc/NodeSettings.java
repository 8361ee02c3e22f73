package org.aliasrpc;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.hyperdht.HyperDhtConfig;
import org.aliasrpc.io.NodeLoop;
import org.aliasrpc.io.UdpTransport;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.udx.UdxConfig;
import org.jspecify.annotations.Nullable;

/** Public options as the layers below take them. */
final class NodeSettings {
    /** The public network (docs/protocol, hyperdht.md §1.5). */
    private static final List<BootstrapNode> PUBLIC_NETWORK = List.of(
            new BootstrapNode("node1.hyperdht.org", 49737, "88.99.3.86"),
            new BootstrapNode("node2.hyperdht.org", 49737, "142.93.90.113"),
            new BootstrapNode("node3.hyperdht.org", 49737, "138.68.147.8"));

    /**
     * Two handshakes of a turn are computed on the loop, which for a single one is faster and cheaper than two changes of
     * thread each way; of a flood the rest goes to workers, so that warm connections wait for two handshakes and not for
     * the 64 that one turn may bring.
     */
    private static final int HANDSHAKE_STEPS_ON_LOOP = 4;

    private NodeSettings() {}

    static UdpTransport transport(HyperDhtOptions options) {
        return switch (options.transport()) {
            case AUTO -> UdpTransport.best();
            case NIO -> UdpTransport.NIO;
            case EPOLL -> UdpTransport.EPOLL;
        };
    }

    /**
     * @param keyPair of the node
     * @param bound where the server socket is bound already; null if the node asks for it
     * @param loop of the node
     */
    static HyperDhtConfig of(HyperDhtOptions options, KeyPair keyPair, @Nullable PeerAddress bound, NodeLoop loop) {
        return HyperDhtConfig.builder(keyPair)
                .rpc(rpc(options, bound))
                .udx(UdxConfig.DEFAULT.withReceiveBudgetBytes(options.maxReceivedBytes()))
                .offloadHandshakes(!options.handshakesOnLoop())
                .handshakeStepsOnLoop(HANDSHAKE_STEPS_ON_LOOP)
                .keepAliveNanos(Nanos.of(options.connectionKeepAlive()))
                .localHosts(localHosts(options))
                .startEpochMillis(loop.startEpochMillis())
                .build();
    }

    private static RpcConfig rpc(HyperDhtOptions options, @Nullable PeerAddress bound) {
        RpcConfig.Builder rpc = RpcConfig.builder()
                .bootstrap(bootstrap(options))
                .firewalled(!options.knownReachable())
                .port(options.port());
        if (bound != null) {
            return rpc.publicAddress(bound).build();
        }
        return rpc.mode(
                        switch (options.role()) {
                            case ADAPTIVE -> RpcConfig.Mode.ADAPTIVE;
                            case EPHEMERAL -> RpcConfig.Mode.EPHEMERAL;
                            case PERSISTENT, BOOTSTRAPPER -> RpcConfig.Mode.PERSISTENT;
                        })
                .build();
    }

    private static List<org.aliasrpc.dht.BootstrapNode> bootstrap(HyperDhtOptions options) {
        boolean alone = options.role() == HyperDhtOptions.Role.BOOTSTRAPPER;
        List<BootstrapNode> nodes = options.bootstrap().isEmpty() && !alone ? PUBLIC_NETWORK : options.bootstrap();
        return nodes.stream()
                .map(node -> org.aliasrpc.dht.BootstrapNode.parse(node.toString()))
                .toList();
    }

    /** Finds the addresses that others can reach, which change; null if the node is bound to a single one. */
    static @Nullable Supplier<List<PeerAddress>> localHostsLookUp(HyperDhtOptions options) {
        return PeerAddress.of(options.host(), 0).ipv4() != 0 ? null : () -> localHosts(options);
    }

    /** Of the interfaces that others can reach, if the node is bound to all of them (hyperdht.md §6.5). */
    private static List<PeerAddress> localHosts(HyperDhtOptions options) {
        PeerAddress host = PeerAddress.of(options.host(), 0);
        if (host.ipv4() != 0) {
            return List.of(host);
        }
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NodeSettings::addresses)
                    .map(address -> PeerAddress.of(address.getAddress(), 0))
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private static Stream<InetAddress> addresses(NetworkInterface network) {
        try {
            return network.isUp() && !network.isLoopback()
                    ? network.inetAddresses().filter(address -> address instanceof Inet4Address)
                    : Stream.empty();
        } catch (SocketException e) {
            return Stream.empty(); // it has just gone
        }
    }
}
