package org.aliasrpc.spring.autoconfigure;

import org.aliasrpc.spring.registry.StoreUnusableException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains why the alias server's file cannot be used. */
final class StoreFailureAnalyzer extends AbstractFailureAnalyzer<StoreUnusableException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StoreUnusableException cause) {
        return new FailureAnalysis(
                "The aliases in " + cause.location() + " can neither be read nor kept: " + cause.getCause(),
                "Set alias-rpc.server.store.location to a file in a directory that this process may write.",
                cause);
    }
}
