package org.aliasrpc.spring.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/**
 * Says where a secret belongs that was given to the group around its property: {@code secrets.team-a} instead of
 * {@code secrets.team-a.value}. Boot's own report of a failed binding quotes the value.
 */
final class MisplacedSecretFailureAnalyzer extends AbstractFailureAnalyzer<BindException> implements Ordered {
    private static final String CLIENT = "alias-rpc.client.servers";
    private static final String SERVER = "alias-rpc.server.secrets";

    @Override
    public int getOrder() {
        return 0; // before Boot's, which have no order
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        for (String group : List.of(CLIENT, SERVER)) {
            ConfigurationPropertyName holder = ConfigurationPropertyName.of(group);
            if (holder.equals(cause.getName()) || holder.isAncestorOf(cause.getName())) {
                return analysis(group, cause);
            }
        }
        return null;
    }

    private static FailureAnalysis analysis(String group, BindException cause) {
        String member = group + ".NAME.";
        String allowed = group.equals(CLIENT)
                ? "'" + member + "public-key' and '" + member + "secret' or '" + member + "secret-file'"
                : "'" + member + "value' or '" + member + "file'";
        return new FailureAnalysis(
                "The configuration property '" + cause.getName()
                        + "' cannot be bound. Its value may be a secret and is not shown here.",
                "Set " + allowed + ".",
                cause);
    }
}
