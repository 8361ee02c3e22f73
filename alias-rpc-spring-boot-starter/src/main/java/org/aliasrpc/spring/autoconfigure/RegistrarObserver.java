package org.aliasrpc.spring.autoconfigure;

import java.util.List;
import org.aliasrpc.AliasRegistrar;

/** Watches the registrar of the alias server, whoever brought it. */
@FunctionalInterface
interface RegistrarObserver {
    /**
     * @param registrar to watch
     * @return a registrar that does the same
     */
    AliasRegistrar observe(AliasRegistrar registrar);

    /**
     * @param registrar to watch
     * @param observers none of which blocks
     * @return a registrar that does the same, and blocks no more than the one given
     */
    static AliasRegistrar observed(AliasRegistrar registrar, List<RegistrarObserver> observers) {
        AliasRegistrar observed = registrar;
        for (RegistrarObserver observer : observers) {
            observed = observer.observe(observed);
        }
        return registrar.isNonBlocking() ? AliasRegistrar.nonBlocking(observed) : observed;
    }
}
