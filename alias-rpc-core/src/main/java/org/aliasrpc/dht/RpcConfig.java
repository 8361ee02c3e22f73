package org.aliasrpc.dht;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** Options of a {@link RpcNode}; immutable. Start from {@link #builder}; each builder method names its default. */
public final class RpcConfig {
    /** Whether a node gets into the tables of others (dht-rpc.md §9.6). */
    public enum Mode {
        /** Starts ephemeral and becomes persistent when it was reachable at one address for 20 minutes. */
        ADAPTIVE,
        /** Stays out of the tables of others. */
        EPHEMERAL,
        /** Tests at start whether it is reachable, and becomes persistent if so. */
        PERSISTENT
    }

    /** A single wanted port also allows the four after it (dht-rpc.md §3.3). */
    static final int PORT_RANGE = 5;

    private final Builder values;

    private RpcConfig(Builder values) {
        this.values = values;
    }

    /** The defaults. */
    public static Builder builder() {
        return new Builder();
    }

    List<BootstrapNode> bootstrap() {
        return values.bootstrap;
    }

    List<PeerAddress> nodes() {
        return values.nodes;
    }

    Mode mode() {
        return values.publicAddress == null ? values.mode : Mode.PERSISTENT;
    }

    boolean firewalled() {
        return values.firewalled && values.publicAddress == null;
    }

    boolean quickFirewall() {
        return values.quickFirewall;
    }

    @Nullable
    PeerAddress publicAddress() {
        return values.publicAddress;
    }

    Predicate<PeerAddress> filter() {
        return values.filter;
    }

    int concurrency() {
        return values.concurrency;
    }

    long maxPingDelayNanos() {
        return values.maxPingDelayNanos;
    }

    boolean adaptiveTimeout() {
        return values.adaptiveTimeout;
    }

    boolean sendDownHints() {
        return values.sendDownHints;
    }

    int downHintsPerTick() {
        return values.downHintsPerTick;
    }

    /**
     * The ports to try for the server socket (dht-rpc.md §3.3).
     *
     * @param previous the port it had before it was suspended, 0 if none
     */
    List<Integer> serverPorts(int previous) {
        IntStream before = previous == 0 ? IntStream.empty() : IntStream.of(previous);
        IntStream range =
                values.firstPort == 0 ? IntStream.empty() : IntStream.rangeClosed(values.firstPort, values.lastPort);
        boolean any = values.firstPort == 0 || (values.anyPort && values.publicAddress == null);
        IntStream last = any ? IntStream.of(0) : IntStream.empty();
        return IntStream.concat(before, IntStream.concat(range, last))
                .distinct()
                .boxed()
                .toList();
    }

    /** Collects options. */
    public static final class Builder {
        private List<BootstrapNode> bootstrap = List.of();
        private List<PeerAddress> nodes = List.of();
        private Mode mode = Mode.ADAPTIVE;
        private boolean firewalled = true;
        private boolean quickFirewall = true;
        private int firstPort;
        private int lastPort;
        private boolean anyPort = true;
        private @Nullable PeerAddress publicAddress;
        private Predicate<PeerAddress> filter = address -> true;
        private int concurrency = QueryOptions.DEFAULT_CONCURRENCY;
        private long maxPingDelayNanos = TimeUnit.SECONDS.toNanos(10);
        private boolean adaptiveTimeout;
        private boolean sendDownHints = true;
        private int downHintsPerTick = 50;

        private Builder() {}

        private Builder(Builder from) {
            bootstrap = from.bootstrap;
            nodes = from.nodes;
            mode = from.mode;
            firewalled = from.firewalled;
            quickFirewall = from.quickFirewall;
            firstPort = from.firstPort;
            lastPort = from.lastPort;
            anyPort = from.anyPort;
            publicAddress = from.publicAddress;
            filter = from.filter;
            concurrency = from.concurrency;
            maxPingDelayNanos = from.maxPingDelayNanos;
            adaptiveTimeout = from.adaptiveTimeout;
            sendDownHints = from.sendDownHints;
            downHintsPerTick = from.downHintsPerTick;
        }

        /** Whom to ask while we know nobody; default nobody, right only for the first node of a network. */
        public Builder bootstrap(List<BootstrapNode> value) {
            bootstrap = List.copyOf(value);
            return this;
        }

        /** Nodes to put into the routing table unseen, the first one to be asked first; default none. */
        public Builder nodes(List<PeerAddress> value) {
            nodes = List.copyOf(value);
            return this;
        }

        /** Default {@link Mode#ADAPTIVE}. */
        public Builder mode(Mode value) {
            mode = value;
            return this;
        }

        /** What the node believes at first; default true. False trusts the operator that it can be reached. */
        public Builder firewalled(boolean value) {
            firewalled = value;
            return this;
        }

        /** Whether a node looks already at start, with a single probe, if it can be reached; default true. */
        public Builder quickFirewall(boolean value) {
            quickFirewall = value;
            return this;
        }

        /** The wanted port of the server socket, which also allows the next four; default 0, any free port. */
        public Builder port(int value) {
            return ports(value, value == 0 ? 0 : Math.min(value + PORT_RANGE - 1, 65535));
        }

        /**
         * The wanted ports of the server socket.
         *
         * @param first tried first
         * @param last inclusive
         */
        public Builder ports(int first, int last) {
            if (first < 0 || last < first || last > 65535) {
                throw new IllegalArgumentException("ports " + first + " to " + last);
            }
            firstPort = first;
            lastPort = last;
            return this;
        }

        /** Whether any free port will do when the wanted ones are taken; default true. */
        public Builder anyPort(boolean value) {
            anyPort = value;
            return this;
        }

        /**
         * Our own address, if the operator knows it. The node becomes a bootstrapper: persistent without asking others,
         * and with this very port or none (dht-rpc.md §9.2). Port 0 stands for the free port that it gets, which the
         * reference does not allow.
         *
         * @throws IllegalArgumentException if it is no IPv4 address, or 0.0.0.0
         */
        public Builder publicAddress(PeerAddress value) {
            if (!value.isIpv4() || value.ipv4() == 0) {
                throw new IllegalArgumentException("a bootstrapper needs its public IPv4 address: " + value);
            }
            publicAddress = value;
            return ports(value.port(), value.port());
        }

        /** Which addresses may come into the routing table and be asked by queries; default all. Must be pure. */
        public Builder filter(Predicate<PeerAddress> value) {
            filter = value;
            return this;
        }

        /** Requests at a time of the node's own queries; default 10. */
        public Builder concurrency(int value) {
            concurrency = value;
            return this;
        }

        /** The longest delay asked for and granted in a delayed ping; default 10 s. */
        public Builder maxPingDelayNanos(long value) {
            maxPingDelayNanos = value;
            return this;
        }

        /** Whether timeouts follow each peer's round-trip time instead of being 1 s; default false. */
        public Builder adaptiveTimeout(boolean value) {
            adaptiveTimeout = value;
            return this;
        }

        /** Whether queries tell others of nodes that do not answer; default true. */
        public Builder sendDownHints(boolean value) {
            sendDownHints = value;
            return this;
        }

        /** How many of these hints to send in one tick of 5 s; default 50, −1 for no limit. */
        public Builder downHintsPerTick(int value) {
            downHintsPerTick = value;
            return this;
        }

        /** The options as they are now. */
        public RpcConfig build() {
            return new RpcConfig(new Builder(this));
        }
    }
}
