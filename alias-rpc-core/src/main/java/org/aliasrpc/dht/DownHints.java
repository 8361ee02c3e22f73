package org.aliasrpc.dht;

import org.aliasrpc.dht.PendingRequest.Ask;
import org.aliasrpc.net.PeerAddress;

/** Tells others that nodes which they told us of do not answer; a limited number in each tick (dht-rpc.md §10.5). */
final class DownHints {
    private static final int UNLIMITED = -1;

    private final Requests requests;
    private final boolean enabled;
    private final int perTick;
    private int sentThisTick;

    DownHints(Requests requests, RpcConfig config) {
        this.requests = requests;
        this.enabled = config.sendDownHints();
        this.perTick = config.downHintsPerTick();
    }

    void onTick() {
        sentThisTick = 0;
    }

    void send(QueryWalk.Hint hint, long nowNanos) {
        if (!enabled || (perTick != UNLIMITED && sentThisTick >= perTick)) {
            return;
        }
        sentThisTick++;
        Ask ask = Ask.internal(
                hint.to(),
                InternalCommand.DOWN_HINT,
                null,
                PeerAddress.IPV4_CODEC.encode(hint.about()),
                RequestOptions.DEFAULT);
        requests.send(ask, RequestOwner.NOBODY, nowNanos);
    }
}
