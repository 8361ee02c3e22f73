package org.aliasrpc.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which secret is wrong, without showing it. */
final class InvalidSecretPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSecretPropertyException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidSecretPropertyException cause) {
        return new FailureAnalysis(
                "The value of configuration property '" + cause.name()
                        + "', which is a secret and not shown here, is invalid:\n\n    " + cause.reason(),
                "Set '" + cause.name() + "' to 32 bytes, written as 64 hexadecimal digits or 52 characters of"
                        + " z-base-32, or name a file that holds them in the property for files.",
                cause);
    }
}
