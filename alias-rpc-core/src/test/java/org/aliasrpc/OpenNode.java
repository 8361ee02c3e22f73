package org.aliasrpc;

import java.util.List;

/** Nodes that know from the start that others reach them, like a server on an open host, for benchmarks on one machine. */
public final class OpenNode {
    private OpenNode() {}

    /** Starts an ephemeral node on 127.0.0.1 that joins. */
    public static HyperDht create(List<BootstrapNode> bootstrap) {
        return HyperDht.create(HyperDhtOptions.builder()
                .bootstrap(bootstrap)
                .host("127.0.0.1")
                .port(0)
                .role(HyperDhtOptions.Role.EPHEMERAL)
                .knownReachable(true)
                .build());
    }
}
