package org.aliasrpc.alias;

import java.util.UUID;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.net.PeerAddress;

/**
 * A connection as an alias server sees it.
 *
 * @param uid names it in events and texts
 * @param remotePublicKey the client's key
 * @param remoteAddress where the client's datagrams come from
 */
public record AliasConnection(UUID uid, PublicKey remotePublicKey, PeerAddress remoteAddress) {
    /**
     * A connection with a random uid.
     *
     * @param random where the uid comes from
     */
    public static AliasConnection accepted(
            PublicKey remotePublicKey, PeerAddress remoteAddress, RandomGenerator random) {
        return new AliasConnection(randomUid(random), remotePublicKey, remoteAddress);
    }

    /** A random UUID: version 4, variant 2 (RFC 9562). */
    static UUID randomUid(RandomGenerator random) {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
        return new UUID(high, low);
    }
}
