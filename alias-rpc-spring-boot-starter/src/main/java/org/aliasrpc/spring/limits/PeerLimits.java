package org.aliasrpc.spring.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.aliasrpc.crypto.PublicKey;

/**
 * What each key and each host has used up. Safe for use by many threads.
 *
 * <p>A stranger makes as many keys as it likes, so nothing is kept for a key before it has shown a right secret, or a wrong
 * one while its host may still do so: one host adds no more keys in a period than the rate for wrong secrets allows. What
 * is pushed out by an attack from many hosts begins anew, with a full allowance.
 */
public final class PeerLimits {
    /** Keys, and apart from them hosts, of which something is kept. */
    static final int MAX_PEERS = 10_000;

    /** Bytes of an IPv6 address that name a customer's network, in which addresses cost nothing. */
    private static final int IPV6_PREFIX = 8;

    private final Rate perPeer;
    private final Rate unauthorised;
    private final TimeMeter time;
    private final Cache<PublicKey, Bucket> registrations;
    private final Cache<PublicKey, Bucket> wrongByKey;
    private final Cache<ByteBuffer, Bucket> wrongByHost;

    /**
     * @param perPeer registrations of one key; what it does not use it may use at a time
     * @param unauthorised wrong secrets of one key and of one host; the period begins with the first one
     * @param nanoTime never goes back
     */
    public PeerLimits(Rate perPeer, Rate unauthorised, LongSupplier nanoTime) {
        this.perPeer = perPeer;
        this.unauthorised = unauthorised;
        this.time = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return nanoTime.getAsLong();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
        this.registrations = cache(perPeer, nanoTime);
        this.wrongByKey = cache(unauthorised, nanoTime);
        this.wrongByHost = cache(unauthorised, nanoTime);
    }

    /** A key that is not asked about for a period has its full allowance again. */
    private static <K> Cache<K, Bucket> cache(Rate rate, LongSupplier nanoTime) {
        return Caffeine.newBuilder()
                .maximumSize(MAX_PEERS)
                .expireAfterAccess(rate.period())
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run) // the upkeep is short, and needs no thread of the common pool
                .build();
    }

    /** A registration with a right secret: whether this key may. */
    boolean mayRegister(PublicKey key) {
        return registrations.get(key, unused -> bucket(perPeer, true)).tryConsume(1);
    }

    /**
     * A wrong secret.
     *
     * @return how many of key or host it is in the period, from 1 on, whichever is more; 0 if it is one too many
     */
    int onUnauthorised(PublicKey key, InetSocketAddress address) {
        ConsumptionProbe ofHost = wrongByHost
                .get(host(address), unused -> bucket(unauthorised, false))
                .tryConsumeAndReturnRemaining(1);
        if (!ofHost.isConsumed()) {
            return 0; // nothing is kept for the key
        }
        ConsumptionProbe ofKey =
                wrongByKey.get(key, unused -> bucket(unauthorised, false)).tryConsumeAndReturnRemaining(1);
        long remaining = Math.min(ofHost.getRemainingTokens(), ofKey.getRemainingTokens());
        return ofKey.isConsumed() ? (int) (unauthorised.count() - remaining) : 0;
    }

    /** Whether this key has used up its wrong secrets for now. */
    boolean isBlocked(PublicKey key) {
        Bucket bucket = wrongByKey.getIfPresent(key);
        return bucket != null && bucket.getAvailableTokens() == 0;
    }

    /** Keys that may not try again for now. */
    public long blockedPeers() {
        return blocked(wrongByKey);
    }

    /** Hosts from which wrong secrets are not answered for now. */
    public long blockedHosts() {
        return blocked(wrongByHost);
    }

    private static long blocked(Cache<?, Bucket> buckets) {
        return buckets.asMap().values().stream()
                .filter(bucket -> bucket.getAvailableTokens() == 0)
                .count();
    }

    /** How many keys and hosts are known, for what. */
    long known() {
        return registrations.estimatedSize() + wrongByKey.estimatedSize() + wrongByHost.estimatedSize();
    }

    private Bucket bucket(Rate rate, boolean steadily) {
        var capacity = Bandwidth.builder().capacity(rate.count());
        Bandwidth limit = steadily
                ? capacity.refillGreedy(rate.count(), rate.period()).build()
                : capacity.refillIntervally(rate.count(), rate.period()).build();
        return Bucket.builder().addLimit(limit).withCustomTimePrecision(time).build();
    }

    private static ByteBuffer host(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        byte[] bytes = ip == null ? new byte[0] : ip.getAddress();
        return ByteBuffer.wrap(bytes, 0, bytes.length > 4 ? IPV6_PREFIX : bytes.length);
    }
}
