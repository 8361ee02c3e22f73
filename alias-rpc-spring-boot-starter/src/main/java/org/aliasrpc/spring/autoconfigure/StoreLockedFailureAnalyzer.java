package org.aliasrpc.spring.autoconfigure;

import org.aliasrpc.spring.registry.StoreLockedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains why two alias servers cannot share a file. */
final class StoreLockedFailureAnalyzer extends AbstractFailureAnalyzer<StoreLockedException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StoreLockedException cause) {
        return new FailureAnalysis(
                "Another process keeps its aliases in " + cause.location() + ": two would overwrite each other's.",
                "Stop the other one, or set alias-rpc.server.store.location to a file of its own. For several servers with"
                        + " one table use alias-rpc.server.store.type=jdbc; for none that outlives the process, memory.",
                cause);
    }
}
