package org.aliasrpc.spring.autoconfigure;

import org.aliasrpc.AliasRegistrar;

/** Watches the registrar of the alias server, whoever brought it. */
@FunctionalInterface
interface RegistrarObserver {
    /**
     * @param registrar to watch
     * @return a registrar that does the same
     */
    AliasRegistrar observe(AliasRegistrar registrar);
}
