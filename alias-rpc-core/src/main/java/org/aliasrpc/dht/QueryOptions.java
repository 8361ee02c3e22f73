package org.aliasrpc.dht;

import java.util.List;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * An iterative walk towards a target (dht-rpc.md §10). Start from {@link #of} and change what differs.
 *
 * @param target where to walk
 * @param command of the layer above
 * @param value sent with every request of the walk
 * @param concurrency requests at a time, at least 1
 * @param retries repetitions of each request; 0 sends it once
 * @param seeds whom to ask, the first one first; usually the closest nodes of an earlier query. With fewer than 20 the
 *     routing table and the bootstrap nodes are asked too
 * @param onlySeeds whether closer nodes that they tell are left out
 * @param commit what to send to the nearest nodes at the end; null for a read
 * @param session the group to cancel it with ({@link RpcNode#openSession}), 0 for none
 */
public record QueryOptions(
        NodeId target,
        long command,
        @Nullable Bytes value,
        int concurrency,
        int retries,
        List<PeerAddress> seeds,
        boolean onlySeeds,
        @Nullable CommitStrategy commit,
        long session) {
    /** Requests at a time (dht-rpc.md appendix A). */
    public static final int DEFAULT_CONCURRENCY = 10;

    /** Repetitions of each request of a query (dht-rpc.md §7.3). */
    public static final int DEFAULT_RETRIES = 5;

    public QueryOptions {
        if (concurrency < 1 || retries < 0) {
            throw new IllegalArgumentException("concurrency " + concurrency + ", retries " + retries);
        }
        seeds = List.copyOf(seeds);
    }

    /** A read from the nodes nearest to a target. */
    public static QueryOptions of(NodeId target, long command, @Nullable Bytes value) {
        return new QueryOptions(
                target, command, value, DEFAULT_CONCURRENCY, DEFAULT_RETRIES, List.of(), false, null, 0);
    }

    /** The same with another number of requests at a time. */
    public QueryOptions withConcurrency(int other) {
        return new QueryOptions(target, command, value, other, retries, seeds, onlySeeds, commit, session);
    }

    /** The same with another number of repetitions. */
    public QueryOptions withRetries(int other) {
        return new QueryOptions(target, command, value, concurrency, other, seeds, onlySeeds, commit, session);
    }

    /** The same from other seeds. */
    public QueryOptions withSeeds(List<PeerAddress> other) {
        return new QueryOptions(target, command, value, concurrency, retries, other, onlySeeds, commit, session);
    }

    /** The same asking the seeds and nobody else they tell of. */
    public QueryOptions withOnlySeeds(List<PeerAddress> other) {
        return new QueryOptions(target, command, value, concurrency, retries, other, true, commit, session);
    }

    /** The same with a commit. */
    public QueryOptions withCommit(CommitStrategy other) {
        return new QueryOptions(target, command, value, concurrency, retries, seeds, onlySeeds, other, session);
    }

    /** The same with a commit that repeats the command with the token. */
    public QueryOptions withRepeatingCommit() {
        return withCommit(CommitStrategy.repeat(this));
    }

    /** The same in another session. */
    public QueryOptions withSession(long other) {
        return new QueryOptions(target, command, value, concurrency, retries, seeds, onlySeeds, commit, other);
    }
}
