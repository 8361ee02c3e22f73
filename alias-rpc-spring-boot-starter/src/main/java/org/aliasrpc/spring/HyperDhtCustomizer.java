package org.aliasrpc.spring;

import org.aliasrpc.HyperDhtOptions;

/** Changes the options of the DHT node before it is made. Several are applied in their {@code @Order}. */
@FunctionalInterface
public interface HyperDhtCustomizer {
    /**
     * @param options filled from the properties
     */
    void customize(HyperDhtOptions.Builder options);
}
