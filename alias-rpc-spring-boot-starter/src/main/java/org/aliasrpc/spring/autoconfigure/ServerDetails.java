package org.aliasrpc.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasrpc.spring.limits.PeerLimits;
import org.aliasrpc.spring.limits.RefusalCounts;

/** Limits of the alias server, how far they are used up, and its secrets' names, for people. */
final class ServerDetails {
    private final Map<String, Object> limits;
    private final ServerSecrets secrets;
    private final PeerLimits peers;
    private final RefusalCounts refusals;

    ServerDetails(
            AliasRpcServerLimitsProperties limits, ServerSecrets secrets, PeerLimits peers, RefusalCounts refusals) {
        this.limits = limits.asMap();
        this.secrets = secrets;
        this.peers = peers;
        this.refusals = refusals;
    }

    /** What is configured. */
    Map<String, Object> limits() {
        return limits;
    }

    /** How it goes now. */
    Map<String, Object> usage() {
        Map<String, Object> usage = new LinkedHashMap<>();
        usage.put("blockedPeers", peers.blockedPeers());
        usage.put("blockedHosts", peers.blockedHosts());
        usage.put("refused", refusals.totals(false));
        usage.put("connectionsRefused", refusals.totals(true));
        return usage;
    }

    /** Names, ends, and whether they are accepted; never a secret. */
    Object secrets() {
        return secrets.describe();
    }
}
