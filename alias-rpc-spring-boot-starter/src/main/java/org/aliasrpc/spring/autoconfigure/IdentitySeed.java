package org.aliasrpc.spring.autoconfigure;

import java.security.SecureRandom;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the key pair of this process is made from. It is read and checked when the application starts; the pair itself,
 * whose arithmetic loads a large library, is made when somebody needs it.
 */
final class IdentitySeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AliasRpcIdentity.class);

    private final @Nullable SecretBytes seed;
    private final boolean aliasServer;

    private IdentitySeed(@Nullable SecretBytes seed, boolean aliasServer) {
        this.seed = seed;
        this.aliasServer = aliasServer;
    }

    /**
     * @param properties seed or location or neither
     * @param aliasServer whether this process is an alias server
     */
    static IdentitySeed from(AliasRpcProperties.KeyPair properties, boolean aliasServer) {
        if (properties.seed() != null) {
            return new IdentitySeed(
                    Checks.parseSecret(
                            "alias-rpc.key-pair.seed", properties.seed().strip()),
                    aliasServer);
        }
        if (properties.location() != null) {
            return new IdentitySeed(
                    new KeyPairFile(properties.location()).loadOrCreate(SecureRandom::new), aliasServer);
        }
        LOG.warn(
                "Neither alias-rpc.key-pair.seed nor alias-rpc.key-pair.location is set: {}",
                aliasServer
                        ? "the alias server has a new public key at each start, for which no client can be configured"
                        : "this application registers a new public key at each start");
        return new IdentitySeed(null, aliasServer);
    }

    /** The identity, closed by the caller; without a seed another one each time. */
    AliasRpcIdentity identity() {
        KeyPair pair = seed == null ? KeyPair.generate(new SecureRandom()) : KeyPair.fromSeed(seed);
        return AliasRpcIdentity.of(pair, aliasServer);
    }

    /** Wipes the seed. */
    @Override
    public void close() {
        if (seed != null) {
            seed.close();
        }
    }
}
