package org.aliasrpc;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.jspecify.annotations.Nullable;

/**
 * Accepts alias registrations on the connections of a swarm. Its life is bound to the swarm, which it does not own: it
 * has a public key from the start and accepts connections once it listens.
 */
public interface AliasRpcServer extends AutoCloseable {
    /**
     * What a swarm for an alias server should allow ({@link Hyperswarm.Builder#connectionsPerPeer}): clients of one node
     * share a key, and by the rule of the reference of several that register at once one gets through.
     */
    int CONNECTIONS_PER_PEER = 16;

    /** What the secret of a server is called that has only one. */
    String DEFAULT_SECRET = "default";

    /**
     * A server with every default.
     *
     * @param swarm whose connections to serve, all of them; it stays open when the server is closed
     * @param secret the 32 bytes shared with the clients; copied, so that the caller may close it
     * @param registrar the table behind the server
     * @throws IllegalArgumentException if the secret has another length
     * @throws IllegalStateException if somebody takes the swarm's connections already
     */
    static AliasRpcServer create(Hyperswarm swarm, SecretBytes secret, AliasRegistrar registrar) {
        return builder(swarm, secret, registrar).build();
    }

    /**
     * @param swarm whose connections to serve, all of them; it stays open when the server is closed
     * @param secret the 32 bytes shared with the clients; copied, so that the caller may close it
     * @param registrar the table behind the server
     * @throws IllegalArgumentException if the secret has another length
     */
    static Builder builder(Hyperswarm swarm, SecretBytes secret, AliasRegistrar registrar) {
        return new Builder(swarm, Map.of(DEFAULT_SECRET, secret), registrar);
    }

    /**
     * A server that accepts several secrets, so that each team can have its own, or a new one be rolled out before the old
     * one is withdrawn. All are compared, in constant time, whichever is right.
     *
     * @param swarm whose connections to serve, all of them; it stays open when the server is closed
     * @param secrets 32 bytes each by name, at least one; copied, so that the caller may close them. If two are the same,
     *     the first one's name counts
     * @param registrar the table behind the server, which is told the name
     * @throws IllegalArgumentException if there is none, or one of another length
     */
    static Builder builder(Hyperswarm swarm, Map<String, SecretBytes> secrets, AliasRegistrar registrar) {
        return new Builder(swarm, secrets, registrar);
    }

    /** The swarm's public key, which clients need. */
    PublicKey publicKey();

    /**
     * Listens on the swarm's key; the same as {@link Hyperswarm#listenAsync}.
     *
     * @return completes when a DHT node has acknowledged the announce, so that a client that starts now finds the server
     */
    CompletionStage<Void> listenAsync();

    /** {@link #listenAsync} for callers that may block. */
    default void listen() throws InterruptedException {
        Blocking.await(listenAsync());
    }

    /**
     * Accepts these secrets from now on and no others. Connections stay; requests that the registrar has got already go on.
     *
     * @param secrets 32 bytes each by name, at least one; copied, so that the caller may close them
     * @throws IllegalArgumentException if there is none, or one of another length; then nothing changes
     */
    void replaceSecrets(Map<String, SecretBytes> secrets);

    /** Connections now open. */
    int connectionCount();

    /** Stops serving: closes its connections and accepts no more. The swarm and the DHT stay open. */
    @Override
    void close();

    /** Collects options. */
    final class Builder {
        private final Hyperswarm swarm;
        private final Map<String, SecretBytes> secrets;
        private final AliasRegistrar registrar;
        private AliasServerEvent.@Nullable Listener listener;
        private @Nullable AliasServerGate gate;
        private int maxConcurrentRequests = 64;
        private int maxRequestBytes = Integer.MAX_VALUE;
        private Duration idleTimeout = Duration.ofMinutes(30);
        private Duration firstRequestTimeout = Duration.ofMinutes(1);

        private Builder(Hyperswarm swarm, Map<String, SecretBytes> secrets, AliasRegistrar registrar) {
            if (secrets.isEmpty()) {
                throw new IllegalArgumentException("no secret");
            }
            secrets.values().forEach(Secrets::requireSecret);
            this.swarm = swarm;
            this.secrets = secrets;
            this.registrar = registrar;
        }

        /**
         * @param receiver of the server's events; none by default
         */
        public Builder listener(AliasServerEvent.Listener receiver) {
            this.listener = receiver;
            return this;
        }

        /**
         * @param decides about requests and connections; by default every request with a right secret goes to the
         *     registrar, and a wrong one is answered at once, as by the reference
         */
        public Builder gate(AliasServerGate decides) {
            this.gate = decides;
            return this;
        }

        /**
         * @param count requests of one connection that the registrar may work on at a time, 64 by default; more are
         *     refused
         */
        public Builder maxConcurrentRequests(int count) {
            this.maxConcurrentRequests = Checked.atLeastOne(count, "requests");
            return this;
        }

        /**
         * @param bytes of an encoded request, unlimited by default (the frame allows 16 777 198); longer ones are refused, and
         *     connections on which a message begins that is more than 64 KiB longer are closed
         */
        public Builder maxRequestBytes(int bytes) {
            this.maxRequestBytes = Checked.atLeastOne(bytes, "bytes");
            return this;
        }

        /**
         * @param idle after which a connection without requests is closed, 30 minutes by default, zero for never. (The
         *     reference keeps them; its clients close theirs after one or two minutes.)
         */
        public Builder idleTimeout(Duration idle) {
            this.idleTimeout = Checked.notNegative(idle, "idle timeout");
            return this;
        }

        /**
         * @param time until a connection has to have shown a right secret; then it is closed. One minute by default, zero
         *     for any time. While the swarm is full, such connections make room for others, the oldest first
         */
        public Builder firstRequestTimeout(Duration time) {
            this.firstRequestTimeout = Checked.notNegative(time, "timeout of the first request");
            return this;
        }

        /**
         * The server. It serves once the swarm listens.
         *
         * @throws IllegalArgumentException if the swarm is not one of {@link Hyperswarm#create}
         * @throws IllegalStateException if somebody takes the swarm's connections already
         */
        public AliasRpcServer build() {
            if (!(swarm instanceof LiveHyperswarm live)) {
                throw new IllegalArgumentException("the swarm was not made by Hyperswarm.create");
            }
            return new LiveAliasRpcServer(this, live);
        }

        Map<String, SecretBytes> ownSecrets() {
            return Secrets.copies(secrets);
        }

        @Nullable
        AliasServerGate gate() {
            return gate;
        }

        AliasRegistrar registrar() {
            return registrar;
        }

        AliasServerEvent.@Nullable Listener listener() {
            return listener;
        }

        int maxConcurrentRequests() {
            return maxConcurrentRequests;
        }

        int maxRequestBytes() {
            return maxRequestBytes;
        }

        Duration idleTimeout() {
            return idleTimeout;
        }

        Duration firstRequestTimeout() {
            return firstRequestTimeout;
        }
    }
}
