package org.aliasrpc.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why the start was given up. */
final class RegistrationFailedFailureAnalyzer extends AbstractFailureAnalyzer<RegistrationFailedException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, RegistrationFailedException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Check that the alias server runs, its public key (alias-rpc.client.server-public-key), its secret"
                        + " (alias-rpc.client.secret) and the bootstrap nodes (alias-rpc.dht.bootstrap). To start"
                        + " without waiting, set alias-rpc.client.startup.fail-fast to false.",
                cause);
    }
}
