package org.aliasrpc.spring.autoconfigure;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.spring.limits.RefusalCounts;
import org.aliasrpc.spring.limits.RefusalReason;
import org.aliasrpc.spring.registry.Refusals;

/** Counts what the table refuses, whoever brought it. */
final class RegistrarRefusals implements RegistrarObserver {
    private final RefusalCounts counts;

    RegistrarRefusals(RefusalCounts counts) {
        this.counts = counts;
    }

    @Override
    public AliasRegistrar observe(AliasRegistrar registrar) {
        return (registration, origin) -> {
            CompletionStage<Boolean> result;
            try {
                result = registrar.registerAlias(registration, origin);
            } catch (RuntimeException e) {
                counts.count(reason(e));
                throw e;
            }
            return result.whenComplete((updated, failure) -> {
                if (failure != null) {
                    Throwable cause = failure.getCause();
                    counts.count(reason(failure instanceof CompletionException && cause != null ? cause : failure));
                }
            });
        };
    }

    private static RefusalReason reason(Throwable failure) {
        return switch (Refusals.outcome(failure)) {
            case "conflict" -> RefusalReason.CONFLICT;
            case "limited" -> RefusalReason.MAX_ALIASES;
            default -> RefusalReason.REGISTRAR;
        };
    }
}
