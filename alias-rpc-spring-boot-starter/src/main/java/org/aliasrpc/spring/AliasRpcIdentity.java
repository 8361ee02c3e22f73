package org.aliasrpc.spring;

import org.aliasrpc.crypto.KeyPair;

/**
 * Who this process is. A node listens only once on a key, so a process that is an alias server and serves its own metrics
 * has two pairs.
 *
 * @param server the alias server's pair
 * @param metrics the pair under which this application's metrics are served: its public key is the registered target
 */
public record AliasRpcIdentity(KeyPair server, KeyPair metrics) implements AutoCloseable {
    /** What the second pair is derived with; part of the contract, since a changed one would be another target. */
    private static final String METRICS_LABEL = "alias-rpc/metrics";

    /**
     * @param pair the process's own
     * @param aliasServer whether it is an alias server: then metrics get a pair derived from this one
     */
    public static AliasRpcIdentity of(KeyPair pair, boolean aliasServer) {
        return new AliasRpcIdentity(pair, aliasServer ? pair.derive(METRICS_LABEL) : pair);
    }

    /** Wipes both. */
    @Override
    public void close() {
        server.close();
        metrics.close();
    }
}
