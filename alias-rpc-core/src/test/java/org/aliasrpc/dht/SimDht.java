package org.aliasrpc.dht;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.sim.SimNetwork;

/** A network of DHT nodes in virtual time. The first one is a bootstrapper at 10.0.0.1:49737. */
final class SimDht {
    static final PeerAddress BOOTSTRAP = PeerAddress.of("10.0.0.1", 49737);

    final SimNetwork network;
    final List<SimRpcNode> nodes = new ArrayList<>();

    private final Random random;
    private final Set<PeerAddress> bound = new HashSet<>();
    private int hosts = 1;

    SimDht(long seed) {
        this(seed, 0);
    }

    /**
     * @param loss probability that a datagram is lost
     */
    SimDht(long seed, double loss) {
        network = new SimNetwork(seed, loss);
        random = new Random(seed);
    }

    /** A running bootstrapper and so many persistent nodes, all done bootstrapping. */
    static SimDht ofSize(long seed, int size) {
        SimDht dht = new SimDht(seed);
        dht.bootstrapper();
        while (dht.nodes.size() < size) {
            dht.add(persistent());
            if (dht.nodes.size() % 10 == 0) {
                dht.settle();
            }
        }
        dht.settle();
        return dht;
    }

    SimRpcNode bootstrapper() {
        SimRpcNode node =
                create("10.0.0.1", RpcConfig.builder().publicAddress(BOOTSTRAP).build());
        settle();
        return node;
    }

    /** Starts a node on a host of its own. */
    SimRpcNode add(RpcConfig config) {
        hosts++;
        return create("10.0." + (hosts >> 8) + "." + (hosts & 255), config);
    }

    SimRpcNode create(String host, RpcConfig config) {
        SimRpcNode node = prepare(host, config);
        node.rpc.start(network.now());
        network.touch(node);
        return node;
    }

    /** A node that is not started. */
    SimRpcNode prepare(String host, RpcConfig config) {
        SimRpcNode node = new SimRpcNode(this, host, new RpcNode(config, new Random(random.nextLong())));
        nodes.add(node);
        return node;
    }

    /** Runs until every node is done bootstrapping. */
    void settle() {
        await(() -> nodes.stream().allMatch(node -> node.rpc.isBootstrapped() || node.rpc.isClosed()));
    }

    void await(BooleanSupplier condition) {
        if (!network.runUntil(condition, TimeUnit.MINUTES.toNanos(10))) {
            throw new AssertionError("did not come to hold within 10 minutes of virtual time");
        }
    }

    void runSeconds(long seconds) {
        network.runFor(TimeUnit.SECONDS.toNanos(seconds));
    }

    long now() {
        return network.now();
    }

    boolean isBound(PeerAddress address) {
        return bound.contains(address);
    }

    void onBound(PeerAddress address) {
        bound.add(address);
    }

    void onUnbound(PeerAddress address) {
        bound.remove(address);
        network.unbind(address);
    }

    /** The usual node: asks the bootstrapper, and finds out by itself whether it can be reached. */
    static RpcConfig.Builder adaptive() {
        return RpcConfig.builder().bootstrap(List.of(BootstrapNode.of(BOOTSTRAP)));
    }

    static RpcConfig ephemeral() {
        return adaptive().mode(RpcConfig.Mode.EPHEMERAL).build();
    }

    /** A node that trusts to be reachable. */
    static RpcConfig persistent() {
        return adaptive().mode(RpcConfig.Mode.PERSISTENT).firewalled(false).build();
    }
}
