package org.aliasrpc;

import java.util.concurrent.CompletionStage;

/** A registrar of which its maker says that it never blocks. */
record NonBlockingRegistrar(AliasRegistrar registrar) implements AliasRegistrar {
    @Override
    public CompletionStage<Boolean> registerAlias(AliasRegistration registration, Origin origin) {
        return registrar.registerAlias(registration, origin);
    }

    @Override
    public boolean isNonBlocking() {
        return true;
    }
}
