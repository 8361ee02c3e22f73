package org.aliasrpc.hyperdht;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.udx.UdxConfig;

/**
 * Options of a {@link HyperDhtNode}; immutable. Start from {@link #builder}; each builder method names its default.
 */
public final class HyperDhtConfig {
    private final Builder values;

    private HyperDhtConfig(Builder values) {
        this.values = values;
    }

    /**
     * The defaults.
     *
     * @param keyPair the node's own identity, used by connects that name no other; not closed by the node
     */
    public static Builder builder(KeyPair keyPair) {
        return new Builder(keyPair);
    }

    KeyPair keyPair() {
        return values.keyPair;
    }

    RpcConfig rpc() {
        return values.rpc;
    }

    UdxConfig udx() {
        return values.udx;
    }

    long keepAliveNanos() {
        return values.keepAliveNanos;
    }

    List<PeerAddress> localHosts() {
        return values.localHosts;
    }

    boolean offloadHandshakes() {
        return values.offloadHandshakes;
    }

    int handshakeStepsOnLoop() {
        return values.handshakeStepsOnLoop;
    }

    int maxHandshakes() {
        return values.maxHandshakes;
    }

    int maxPendingHandshakes() {
        return values.maxPendingHandshakes;
    }

    int maxUnprovenConnections() {
        return values.maxUnprovenConnections;
    }

    long startEpochMillis() {
        return values.startEpochMillis;
    }

    int maxMessageBytes() {
        return values.maxMessageBytes;
    }

    /** Collects options. */
    public static final class Builder {
        private KeyPair keyPair;
        private RpcConfig rpc = RpcConfig.builder().build();
        private UdxConfig udx = UdxConfig.DEFAULT;
        private long keepAliveNanos = TimeUnit.SECONDS.toNanos(5);
        private List<PeerAddress> localHosts = List.of();
        private boolean offloadHandshakes;
        private int handshakeStepsOnLoop;
        private int maxHandshakes = 1 << 14;
        private int maxPendingHandshakes = 256;
        private int maxUnprovenConnections = 4096;
        private long startEpochMillis;
        private int maxMessageBytes = 0xff_ffff - 17;

        private Builder(KeyPair keyPair) {
            this.keyPair = keyPair;
        }

        private Builder(Builder from) {
            keyPair = from.keyPair;
            rpc = from.rpc;
            udx = from.udx;
            keepAliveNanos = from.keepAliveNanos;
            localHosts = from.localHosts;
            offloadHandshakes = from.offloadHandshakes;
            handshakeStepsOnLoop = from.handshakeStepsOnLoop;
            maxHandshakes = from.maxHandshakes;
            maxPendingHandshakes = from.maxPendingHandshakes;
            maxUnprovenConnections = from.maxUnprovenConnections;
            startEpochMillis = from.startEpochMillis;
            maxMessageBytes = from.maxMessageBytes;
        }

        /** Options of the DHT below; default an adaptive node without bootstrap nodes. */
        public Builder rpc(RpcConfig value) {
            rpc = value;
            return this;
        }

        /** Options of the streams; default {@link UdxConfig#DEFAULT}. */
        public Builder udx(UdxConfig value) {
            udx = value;
            return this;
        }

        /** Idle time after which a connection sends an empty message; default 5 s, 0 for never. */
        public Builder keepAliveNanos(long value) {
            keepAliveNanos = value;
            return this;
        }

        /**
         * Addresses of this host's network interfaces, which peers on the same network may use; ports do not matter.
         * Default none, which stands for 127.0.0.1 (hyperdht.md §6.5). Only for the beginning: see {@link
         * HyperDhtEvent.LocalHostsRequested}.
         */
        public Builder localHosts(List<PeerAddress> value) {
            localHosts = List.copyOf(value);
            return this;
        }

        /**
         * Whether the arithmetic of handshakes is handed out as {@link HyperDhtEvent.HandshakeWork}, to be run by a
         * worker; default false: it runs within the call. The node's source of randomness is then used by the workers
         * too and has to be safe for several threads.
         */
        public Builder offloadHandshakes(boolean value) {
            offloadHandshakes = value;
            return this;
        }

        /**
         * With {@link #offloadHandshakes}: how many steps of one turn (with one {@code nowNanos}) are run within the call
         * all the same while no worker has any; default 0. A handshake has two. Single ones are not handed over then.
         */
        public Builder handshakeStepsOnLoop(int value) {
            handshakeStepsOnLoop = value;
            return this;
        }

        /** Incoming handshakes remembered at once by all listeners, answered ones for 10 s; default 16384. */
        public Builder maxHandshakes(int value) {
            maxHandshakes = value;
            return this;
        }

        /** Incoming handshakes being computed or waiting for a verdict at once; default 256. Others are not answered. */
        public Builder maxPendingHandshakes(int value) {
            maxPendingHandshakes = value;
            return this;
        }

        /**
         * Accepted connections, at once, whose client has not acknowledged a byte yet; default 4096, at least 1. With so
         * many the oldest gives way to the next. A client has 20 s for its first sign of life.
         */
        public Builder maxUnprovenConnections(int value) {
            maxUnprovenConnections = value;
            return this;
        }

        /**
         * The wall clock, in milliseconds since 1970, at the moment that {@code nowNanos} counts from; default 0. For the
         * "bump" of announces, which may not lie in the future, and to notice sleep: see {@link HyperDhtNode#onWallClock}.
         */
        public Builder startEpochMillis(long value) {
            startEpochMillis = value;
            return this;
        }

        /** Longest message a connection takes from its peer, in bytes; default the protocol's limit, 16777198. */
        public Builder maxMessageBytes(int value) {
            maxMessageBytes = value;
            return this;
        }

        /** The options as they are now. */
        public HyperDhtConfig build() {
            return new HyperDhtConfig(new Builder(this));
        }
    }
}
