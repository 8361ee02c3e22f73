package org.aliasrpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A DHT of its own on one machine, for tests and demonstrations. Needs no network: every node is bound to one host,
 * 127.0.0.1 unless told otherwise, and talks to the others only.
 */
public final class LocalTestnet implements AutoCloseable {
    private final String host;
    private final List<HyperDht> nodes = new CopyOnWriteArrayList<>();
    private final List<BootstrapNode> bootstrap;

    private LocalTestnet(String host, HyperDht first) {
        this.host = host;
        this.nodes.add(first);
        this.bootstrap = List.of(new BootstrapNode(host, first.localAddress().getPort()));
    }

    /**
     * Starts nodes on 127.0.0.1, on free ports.
     *
     * @param nodes how many, at least 1; 3 are enough to be a DHT
     */
    public static LocalTestnet start(int nodes) throws InterruptedException {
        return builder().nodes(nodes).start();
    }

    /** Options with every default: 3 nodes on free ports of 127.0.0.1. */
    public static Builder builder() {
        return new Builder();
    }

    /** The node through which others join. */
    public List<BootstrapNode> bootstrap() {
        return bootstrap;
    }

    /** The nodes of the testnet itself, in the order of their start. */
    public List<HyperDht> nodes() {
        return List.copyOf(nodes);
    }

    /**
     * Options for a node that joins: its bootstrap node and host, any free port, otherwise the defaults. To be changed
     * and given to {@link HyperDht#create}.
     */
    public HyperDhtOptions.Builder options() {
        return HyperDhtOptions.builder().bootstrap(bootstrap).host(host).port(0);
    }

    /**
     * Starts a node with the default options that joins, for a client or a server. It is not part of the testnet: whoever
     * asked for it closes it.
     */
    public HyperDht newNode() {
        return HyperDht.create(options().build());
    }

    /** Closes the nodes of the testnet. */
    @Override
    public void close() {
        List<CompletionStage<Void>> closing = new ArrayList<>();
        for (HyperDht node : nodes) {
            closing.add(node.closeAsync());
        }
        Blocking.awaitUninterruptibly(CompletableFuture.allOf(
                closing.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new)));
    }

    private HyperDht add(
            HyperDhtOptions.Role role, List<BootstrapNode> joins, int port, HyperDhtOptions.Transport kind) {
        return HyperDht.create(HyperDhtOptions.builder()
                .role(role)
                .knownReachable(true)
                .bootstrap(joins)
                .host(host)
                .port(port)
                .transport(kind)
                .build());
    }

    /** Collects options. */
    public static final class Builder {
        private int nodes = 3;
        private int port;
        private String host = "127.0.0.1";
        private HyperDhtOptions.Transport transport = HyperDhtOptions.Transport.AUTO;

        private Builder() {}

        /**
         * @param count of nodes, at least 1; 3 by default
         */
        public Builder nodes(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("a testnet of " + count + " nodes, at least 1 is needed");
            }
            this.nodes = count;
            return this;
        }

        /**
         * @param number UDP port of the first node, others take free ones; 0, the default, means any free one
         */
        public Builder port(int number) {
            this.port = number;
            return this;
        }

        /**
         * @param address IPv4 address that the nodes are bound to and at which they find each other, not a wildcard;
         *     127.0.0.1 by default
         */
        public Builder host(String address) {
            this.host = address;
            return this;
        }

        /**
         * @param kind of the sockets
         */
        public Builder transport(HyperDhtOptions.Transport kind) {
            this.transport = kind;
            return this;
        }

        /**
         * Starts the nodes and waits until they know each other.
         *
         * @throws AliasRpcException.ListenFailed if the port is taken
         */
        public LocalTestnet start() throws InterruptedException {
            HyperDht first = HyperDht.create(HyperDhtOptions.builder()
                    .role(HyperDhtOptions.Role.BOOTSTRAPPER)
                    .host(host)
                    .port(port)
                    .transport(transport)
                    .build());
            LocalTestnet testnet = new LocalTestnet(host, first);
            try {
                first.fullyBootstrapped();
                for (int i = 1; i < nodes; i++) {
                    HyperDht node = testnet.add(HyperDhtOptions.Role.PERSISTENT, testnet.bootstrap, 0, transport);
                    testnet.nodes.add(node);
                    node.fullyBootstrapped();
                }
                return testnet;
            } catch (InterruptedException | RuntimeException e) {
                testnet.close();
                throw e;
            }
        }
    }
}
