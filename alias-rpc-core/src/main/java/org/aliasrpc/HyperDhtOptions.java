package org.aliasrpc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** How a {@link HyperDht} node is made. Immutable; {@link #builder()} has the defaults of the reference. */
public final class HyperDhtOptions {
    /** The port that HyperDHT nodes prefer (docs/protocol, hyperdht.md §1.5). */
    public static final int DEFAULT_PORT = 49737;

    private final List<BootstrapNode> bootstrap;
    private final String host;
    private final int port;
    private final Transport transport;
    private final Duration connectionKeepAlive;
    private final Role role;
    private final @Nullable KeyPair keyPair;
    private final @Nullable Executor callbackExecutor;
    private final long maxReceivedBytes;
    private final boolean knownReachable;
    private final boolean handshakesOnLoop;

    private HyperDhtOptions(Builder builder) {
        this.bootstrap = builder.bootstrap;
        this.host = builder.host;
        this.port = builder.port;
        this.transport = builder.transport;
        this.connectionKeepAlive = builder.connectionKeepAlive;
        this.role = builder.role;
        this.keyPair = builder.keyPair;
        this.callbackExecutor = builder.callbackExecutor;
        this.maxReceivedBytes = builder.maxReceivedBytes;
        this.knownReachable = builder.knownReachable;
        this.handshakesOnLoop = builder.handshakesOnLoop;
    }

    /** Options with every default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Nodes through which to join; empty means the public network's. */
    public List<BootstrapNode> bootstrap() {
        return bootstrap;
    }

    /** IPv4 address to bind to. */
    public String host() {
        return host;
    }

    /** Preferred UDP port; 0 means any free one. */
    public int port() {
        return port;
    }

    /** Which kind of sockets. */
    public Transport transport() {
        return transport;
    }

    /** After how long without a message an empty one is sent; zero means never. */
    public Duration connectionKeepAlive() {
        return connectionKeepAlive;
    }

    /** What the node is to others. */
    public Role role() {
        return role;
    }

    /** The pair of outgoing connections; null means a random one. */
    public @Nullable KeyPair keyPair() {
        return keyPair;
    }

    /** Where callbacks run; null means a small pool of the node's own. */
    public @Nullable Executor callbackExecutor() {
        return callbackExecutor;
    }

    /** Memory for what all connections have received and nobody has taken, in bytes. */
    public long maxReceivedBytes() {
        return maxReceivedBytes;
    }

    /** Whether the node need not find out if others can reach it: on one machine they can. */
    boolean knownReachable() {
        return knownReachable;
    }

    /** For a benchmark: no worker computes any. */
    boolean handshakesOnLoop() {
        return handshakesOnLoop;
    }

    /** What a node is to others. */
    public enum Role {
        /** Starts outside others' tables and joins them once its address has proven stable and reachable. */
        ADAPTIVE,
        /** Stays outside others' tables. */
        EPHEMERAL,
        /** Tries to be in others' tables from the start. */
        PERSISTENT,
        /**
         * The first node of a network: persistent at the address it is bound to, without asking anybody. The host must
         * not be a wildcard.
         */
        BOOTSTRAPPER
    }

    /** Which kind of sockets a node uses. */
    public enum Transport {
        /** {@link #EPOLL} where its native library is there, else {@link #NIO}. */
        AUTO,
        /** The JDK's own. */
        NIO,
        /** Linux epoll with batched reads and writes; fails to start where its native library is missing. */
        EPOLL
    }

    /** Collects options. */
    public static final class Builder {
        private List<BootstrapNode> bootstrap = List.of();
        private String host = "0.0.0.0";
        private int port = DEFAULT_PORT;
        private Transport transport = Transport.AUTO;
        private Duration connectionKeepAlive = Duration.ofSeconds(5);
        private Role role = Role.ADAPTIVE;
        private @Nullable KeyPair keyPair;
        private @Nullable Executor callbackExecutor;
        private long maxReceivedBytes =
                Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 2);
        private boolean knownReachable;
        private boolean handshakesOnLoop;

        private Builder() {}

        /**
         * @param nodes nodes through which to join; empty means the public network's (none for a bootstrapper)
         */
        public Builder bootstrap(List<BootstrapNode> nodes) {
            this.bootstrap = List.copyOf(nodes);
            return this;
        }

        /**
         * @param address IPv4 address to bind to
         * @throws IllegalArgumentException if it is not one; names are not resolved
         */
        public Builder host(String address) {
            if (!PeerAddress.of(address, 0).isIpv4()) {
                throw new IllegalArgumentException("not an IPv4 address: " + address);
            }
            this.host = address;
            return this;
        }

        /**
         * @param number this or one of the next four, else any free one; 0 means any free one
         */
        public Builder port(int number) {
            if (number < 0 || number > 65535) {
                throw new IllegalArgumentException("port " + number + ", allowed is 0 to 65535");
            }
            this.port = number;
            return this;
        }

        /**
         * @param kind which kind of sockets
         */
        public Builder transport(Transport kind) {
            this.transport = kind;
            return this;
        }

        /**
         * @param idle after how long without a message an empty one is sent; zero means never
         */
        public Builder connectionKeepAlive(Duration idle) {
            this.connectionKeepAlive = Checked.notNegative(idle, "connection keep-alive");
            return this;
        }

        /**
         * @param role what the node is to others
         */
        public Builder role(Role role) {
            this.role = role;
            return this;
        }

        /**
         * @param pair of outgoing connections that name no other
         */
        public Builder keyPair(KeyPair pair) {
            this.keyPair = pair;
            return this;
        }

        /**
         * @param executor where callbacks run; must not run them on the calling thread, which is an event loop
         */
        public Builder callbackExecutor(Executor executor) {
            this.callbackExecutor = executor;
            return this;
        }

        /**
         * Bounds what strangers can make this node hold. When little of it is left connections get smaller windows, those
         * that hold most first; when three quarters are taken by messages that have begun and not ended, or were not
         * read, the connection with most of them is closed.
         *
         * @param bytes of memory for what all connections have received and nobody has taken; 256 MiB by default, or half
         *     of the heap if that is less. At least 1 MiB
         */
        public Builder maxReceivedBytes(long bytes) {
            if (bytes < 1 << 20) {
                throw new IllegalArgumentException("maximum of " + bytes + " received bytes, at least 1 MiB is needed");
            }
            this.maxReceivedBytes = bytes;
            return this;
        }

        Builder knownReachable(boolean reachable) {
            this.knownReachable = reachable;
            return this;
        }

        Builder handshakesOnLoop(boolean all) {
            this.handshakesOnLoop = all;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if a bootstrapper is to be bound to a wildcard address
         */
        public HyperDhtOptions build() {
            if (role == Role.BOOTSTRAPPER && PeerAddress.of(host, 0).ipv4() == 0) {
                throw new IllegalArgumentException("a bootstrapper needs the address at which others reach it as host");
            }
            return new HyperDhtOptions(this);
        }
    }
}
