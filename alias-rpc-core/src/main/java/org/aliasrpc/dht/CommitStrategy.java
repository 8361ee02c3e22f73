package org.aliasrpc.dht;

import org.jspecify.annotations.Nullable;

/**
 * What a query sends, when its walk is done, to each of the nodes nearest to the target: for writes, which often are
 * signed for one node. Decides at once and calls nothing back.
 */
@FunctionalInterface
public interface CommitStrategy {
    /**
     * The same command, target and value once more, now with the node's token (dht-rpc.md §10.6).
     *
     * @param options of the query
     */
    static CommitStrategy repeat(QueryOptions options) {
        return closest -> closest.token() == null
                ? null
                : new OutgoingRequest(options.command(), options.target(), options.value(), closest.token());
    }

    /**
     * @param closest a reply of the walk; its {@code from} has an id, its token may be missing
     * @return what to send to {@code closest.from()}; null sends nothing and counts as a failed commit
     */
    @Nullable
    OutgoingRequest commit(Reply closest);
}
