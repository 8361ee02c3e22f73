package org.aliasrpc.sample;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/** What clients asked for and were answered, and what follows from it. Safe for use by many threads. */
final class Attempts {
    private final Queue<Attempt> ended = new ConcurrentLinkedQueue<>();

    /**
     * One registration.
     *
     * @param replica it was asked of
     * @param began by {@link System#nanoTime}
     * @param ended by the same
     * @param failure null if it was acknowledged; else it may have been made all the same, but not after it ended
     */
    record Attempt(
            String alias,
            PublicKey target,
            int replica,
            long began,
            long ended,
            @Nullable AliasRpcException failure) {
        boolean isAcknowledged() {
            return failure == null;
        }
    }

    /** Asks and waits for the answer. */
    void ask(List<AliasRpcClient> replicas, int replica, String alias, PublicKey target) throws InterruptedException {
        long began = System.nanoTime();
        AliasRpcException failed = null;
        try {
            replicas.get(replica).registerAlias(ServiceProcess.registration(alias, target));
        } catch (AliasRpcException e) {
            failed = e;
        }
        ended.add(new Attempt(alias, target, replica, began, System.nanoTime(), failed));
    }

    List<Attempt> failed() {
        return ended.stream().filter(attempt -> !attempt.isAcknowledged()).toList();
    }

    List<Attempt> acknowledged() {
        return ended.stream().filter(Attempt::isAcknowledged).toList();
    }

    /** The keys that this alias can have now: those after whose registration no other one began that was acknowledged. */
    Set<PublicKey> possible(String alias) {
        List<Attempt> own =
                ended.stream().filter(attempt -> attempt.alias().equals(alias)).toList();
        long latest = own.stream()
                .filter(Attempt::isAcknowledged)
                .mapToLong(Attempt::began)
                .max()
                .orElse(Long.MIN_VALUE);
        return own.stream()
                .filter(attempt -> attempt.ended() >= latest)
                .map(Attempt::target)
                .collect(Collectors.toSet());
    }
}
