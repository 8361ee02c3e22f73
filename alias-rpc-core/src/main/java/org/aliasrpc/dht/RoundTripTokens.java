package org.aliasrpc.dht;

import java.security.MessageDigest;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that prove that a requester receives at the IP address it claims: it got one in an earlier reply. The port is
 * not part of it. Keeps no state per peer; a token is valid for one to two rotations (dht-rpc.md §5).
 */
final class RoundTripTokens {
    /** Length in bytes. */
    static final int LENGTH = 32;

    private final RandomGenerator random;
    private @Nullable Bytes older;
    private @Nullable Bytes newer;

    /**
     * @param random for the secrets, drawn when first needed
     */
    RoundTripTokens(RandomGenerator random) {
        this.random = random;
    }

    /** With given secrets, to compare with the reference. */
    RoundTripTokens(Bytes older, Bytes newer, RandomGenerator random) {
        this.random = random;
        this.older = older;
        this.newer = newer;
    }

    /** The token to hand out to a host. */
    Bytes issue(PeerAddress host) {
        return token(newer(), host);
    }

    /** Whether a host's token is one that we issued to it since the rotation before the last. */
    boolean accepts(Bytes token, PeerAddress host) {
        Bytes newerSecret = newer();
        boolean isNewer = equal(token, token(newerSecret, host));
        return isNewer || (older != null && equal(token, token(older, host)));
    }

    /** Makes the oldest tokens invalid. */
    void rotate() {
        if (older == null || newer == null) {
            return; // nothing was issued yet
        }
        Bytes oldest = older;
        older = newer;
        newer = Blake2b.hash(oldest);
    }

    private Bytes newer() {
        if (newer == null) {
            older = secret();
            newer = secret();
        }
        return newer;
    }

    private Bytes secret() {
        byte[] content = new byte[LENGTH];
        random.nextBytes(content);
        return Bytes.wrap(content);
    }

    private static Bytes token(Bytes secret, PeerAddress host) {
        return Blake2b.keyed(secret, Bytes.utf8(host.host()));
    }

    private static boolean equal(Bytes a, Bytes b) {
        return MessageDigest.isEqual(a.toByteArray(), b.toByteArray()); // in constant time
    }
}
