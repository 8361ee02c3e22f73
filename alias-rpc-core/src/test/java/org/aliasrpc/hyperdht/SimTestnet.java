package org.aliasrpc.hyperdht;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.aliasrpc.dht.BootstrapNode;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.sim.SimLink;
import org.aliasrpc.sim.SimNetwork;

/** A DHT of our nodes in virtual time; the first one is everybody's bootstrap node. */
final class SimTestnet {
    static final int BOOTSTRAP_PORT = 49737;
    static final PeerAddress BOOTSTRAP = PeerAddress.of(host(0), BOOTSTRAP_PORT);

    final SimNetwork network;
    final List<SimPeer> nodes = new ArrayList<>();
    private int next = 1;

    SimTestnet(long seed, double loss) {
        this(new SimNetwork(seed).defaultLink(SimLink.PERFECT.withLoss(loss)));
    }

    SimTestnet(SimNetwork network) {
        this.network = network;
    }

    static String host(int number) {
        return "5.5." + number / 250 + "." + (number % 250 + 1);
    }

    static long seconds(long count) {
        return TimeUnit.SECONDS.toNanos(count);
    }

    /** Starts so many persistent nodes, one after the other, and waits for them to be ready. */
    SimTestnet start(int count) {
        startBootstrap();
        for (int i = 1; i < count; i++) {
            startNode();
            network.runFor(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return settle();
    }

    SimTestnet settle() {
        if (!network.runUntil(() -> nodes.stream().allMatch(SimPeer::isReady), seconds(120))) {
            throw new AssertionError("nodes do not get ready");
        }
        return this;
    }

    SimPeer startBootstrap() {
        SimPeer first = SimPeer.start(network, host(0), 0, rpc -> rpc.publicAddress(BOOTSTRAP));
        nodes.add(first);
        return first;
    }

    /** Another persistent node. */
    SimPeer startNode() {
        SimPeer node = startPeer(
                rpc -> rpc.mode(RpcConfig.Mode.PERSISTENT).firewalled(false).port(BOOTSTRAP_PORT));
        nodes.add(node);
        return node;
    }

    /** A node that does not count as one of the network's, on a host of its own. */
    SimPeer startPeer(UnaryOperator<RpcConfig.Builder> options) {
        int number = next++;
        return SimPeer.start(
                network,
                host(number),
                number,
                rpc -> options.apply(rpc.bootstrap(List.of(BootstrapNode.of(BOOTSTRAP)))));
    }

    /** One that is told that it can be reached. */
    SimPeer startOpen() {
        return startPeer(rpc -> rpc.firewalled(false));
    }

    /** The same, whose handshakes are computed by workers. */
    SimPeer startOffloading() {
        int number = next++;
        return SimPeer.start(
                network,
                host(number),
                number,
                true,
                rpc -> rpc.firewalled(false).bootstrap(List.of(BootstrapNode.of(BOOTSTRAP))));
    }

    /** One that believes that it cannot be reached. */
    SimPeer startFirewalled() {
        return startPeer(rpc -> rpc.quickFirewall(false).mode(RpcConfig.Mode.EPHEMERAL));
    }
}
