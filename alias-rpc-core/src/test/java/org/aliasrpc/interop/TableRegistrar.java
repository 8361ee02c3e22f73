package org.aliasrpc.interop;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.crypto.PublicKey;

/** The registrar of our servers in the tests: behaves as {@link AliasServerSide} says, like that of the Node peer. */
final class TableRegistrar implements AliasRegistrar {
    private static final Pattern SLOW = Pattern.compile("slow-(\\d+)");

    private final Map<String, PublicKey> table = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<Boolean> registerAlias(AliasRegistration registration, Origin origin) {
        if (registration.service().equals(AliasServerSide.REFUSE)) {
            return CompletableFuture.failedStage(new IllegalStateException("The registrar does not want this"));
        }
        Matcher slow = SLOW.matcher(registration.service());
        if (slow.matches()) {
            Executor later = CompletableFuture.delayedExecutor(Integer.parseInt(slow.group(1)), TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(() -> put(registration), later);
        }
        return CompletableFuture.completedStage(put(registration));
    }

    private boolean put(AliasRegistration registration) {
        PublicKey before = table.put(registration.alias(), registration.targetPublicKey());
        return !registration.targetPublicKey().equals(before);
    }
}
