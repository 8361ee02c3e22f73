package org.aliasrpc;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.jspecify.annotations.Nullable;

/** Registers aliases with one alias server. Safe for use by many threads. Does not close the DHT it was given. */
public interface AliasRpcClient extends AutoCloseable {
    /**
     * A client with every default.
     *
     * @param serverPublicKey the server's swarm's key
     * @param secret the 32 bytes shared with the server; copied, so that the caller may close it
     * @param dht the node below, made by {@link HyperDht#create}; it stays open when the client is closed
     * @throws IllegalArgumentException if the secret has another length
     */
    static AliasRpcClient create(PublicKey serverPublicKey, SecretBytes secret, HyperDht dht) {
        return builder(serverPublicKey, secret, dht).build();
    }

    /**
     * @param serverPublicKey the server's swarm's key
     * @param secret the 32 bytes shared with the server; copied, so that the caller may close it
     * @param dht the node below, made by {@link HyperDht#create}; it stays open when the client is closed
     * @throws IllegalArgumentException if the secret has another length
     */
    static Builder builder(PublicKey serverPublicKey, SecretBytes secret, HyperDht dht) {
        return new Builder(serverPublicKey, secret, dht);
    }

    /** The server this client registers with. */
    PublicKey serverPublicKey();

    /**
     * Asks the server to map an alias to a target's public key.
     *
     * <p>Two things may surprise. A pooled client whose attempt to connect has failed tries again after a pause of 5 s or
     * more, and while the time allows it; when no further attempt fits into the timeout the call ends at once, before its
     * time, with the failure of the last attempt ({@code PeerNotFound}, say): whoever called can decide when to try again.
     * And an answer that is cut short is taken for one of a version we do not know ({@code IncompatibleVersion}), one that
     * the server does not know the method for {@code Refused}: it was asked and did not do it.
     *
     * @return whether the server's table changed; completes on the node's callback executor, never on the event loop;
     *     always ends within the client's timeout; fails with {@link AliasRpcException} only
     */
    default CompletionStage<Boolean> registerAliasAsync(AliasRegistration registration) {
        return registerAliasAsync(registration, timeout());
    }

    /**
     * As {@link #registerAliasAsync(AliasRegistration)} with a timeout for this call.
     *
     * @param timeout one deadline over connecting, opening the channel and the request
     */
    CompletionStage<Boolean> registerAliasAsync(AliasRegistration registration, Duration timeout);

    /**
     * {@link #registerAliasAsync} for callers that may block.
     *
     * @throws AliasRpcException what the stage would have failed with
     * @throws IllegalStateException if called on an event loop
     */
    default boolean registerAlias(AliasRegistration registration) throws InterruptedException {
        return Blocking.await(registerAliasAsync(registration));
    }

    /**
     * As {@link #registerAlias(AliasRegistration)}, in the reference's notation.
     *
     * @param targetPublicKey z-base-32, hexadecimal, or either with {@code pear://} in front
     */
    default boolean registerAlias(String alias, String targetPublicKey, String hostname, String service)
            throws InterruptedException {
        return registerAlias(new AliasRegistration(alias, PublicKey.parse(targetPublicKey), hostname, service));
    }

    /** The time within which a call ends. */
    Duration timeout();

    /** Fails what is waiting or running with {@link AliasRpcException.Closed} and closes the connections it made. */
    @Override
    void close();

    /** What a client does with its connection after a call. */
    enum LifeCycle {
        /** One connection for all calls, closed after one to two minutes without a call (the reference's 2.x). */
        POOLED,
        /** A connection of its own for each call, closed after it (the reference's 1.0.x). */
        PER_CALL
    }

    /** Collects options. */
    final class Builder {
        private final PublicKey serverPublicKey;
        private final SecretBytes secret;
        private final HyperDht dht;
        private Duration timeout = Duration.ofSeconds(10);
        private LifeCycle lifeCycle = LifeCycle.POOLED;
        private @Nullable KeyPair keyPair;
        private AliasClientEvent.@Nullable Listener listener;

        private Builder(PublicKey serverPublicKey, SecretBytes secret, HyperDht dht) {
            Secrets.requireSecret(secret);
            this.serverPublicKey = serverPublicKey;
            this.secret = secret;
            this.dht = dht;
        }

        /**
         * @param limit for a whole call, 10 s by default
         */
        public Builder timeout(Duration limit) {
            this.timeout = Checked.positiveTimeout(limit);
            return this;
        }

        /**
         * @param when connections come and go, {@link LifeCycle#POOLED} by default
         */
        public Builder lifeCycle(LifeCycle when) {
            this.lifeCycle = when;
            return this;
        }

        /**
         * @param pair our key on the connections, the node's by default; not closed by the client
         */
        public Builder keyPair(KeyPair pair) {
            this.keyPair = pair;
            return this;
        }

        /**
         * @param receiver of the client's events; none by default
         */
        public Builder listener(AliasClientEvent.Listener receiver) {
            this.listener = receiver;
            return this;
        }

        /**
         * The client. It connects with its first call.
         *
         * @throws IllegalArgumentException if the node is not one of {@link HyperDht#create}
         */
        public AliasRpcClient build() {
            return new LiveAliasRpcClient(this, Checked.live(dht));
        }

        PublicKey serverPublicKey() {
            return serverPublicKey;
        }

        SecretBytes ownSecret() {
            return Secrets.copy(secret);
        }

        KeyPair ownKeyPair() {
            return keyPair == null ? dht.defaultKeyPair() : keyPair;
        }

        Duration timeout() {
            return timeout;
        }

        LifeCycle lifeCycle() {
            return lifeCycle;
        }

        AliasClientEvent.@Nullable Listener listener() {
            return listener;
        }
    }
}
