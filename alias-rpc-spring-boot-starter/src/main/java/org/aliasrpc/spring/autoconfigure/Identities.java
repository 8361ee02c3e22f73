package org.aliasrpc.spring.autoconfigure;

import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the identity that the properties describe. */
final class Identities {
    private static final Logger LOG = LoggerFactory.getLogger(AliasRpcIdentity.class);

    private Identities() {}

    /**
     * @param properties seed or location or neither
     * @param aliasServer whether this process is an alias server
     * @param random for new key pairs
     */
    static AliasRpcIdentity from(AliasRpcProperties.KeyPair properties, boolean aliasServer, RandomGenerator random) {
        try (KeyPair pair = keyPair(properties, aliasServer, random)) {
            // Copies, so that closing the identity is all there is to close.
            try (SecretBytes seed = pair.seed()) {
                return AliasRpcIdentity.of(KeyPair.fromSeed(seed), aliasServer);
            }
        }
    }

    private static KeyPair keyPair(AliasRpcProperties.KeyPair properties, boolean aliasServer, RandomGenerator random) {
        if (properties.seed() != null) {
            try (SecretBytes seed = Checks.parseSecret(
                    "alias-rpc.key-pair.seed", properties.seed().strip())) {
                return KeyPair.fromSeed(seed);
            }
        }
        if (properties.location() != null) {
            return new KeyPairFile(properties.location()).loadOrCreate(random);
        }
        LOG.warn(
                "Neither alias-rpc.key-pair.seed nor alias-rpc.key-pair.location is set: {}",
                aliasServer
                        ? "the alias server has a new public key at each start, for which no client can be configured"
                        : "this application registers a new public key at each start");
        return KeyPair.generate(random);
    }
}
