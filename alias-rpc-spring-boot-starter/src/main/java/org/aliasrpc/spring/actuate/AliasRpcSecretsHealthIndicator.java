package org.aliasrpc.spring.actuate;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** The secrets of the alias server: DOWN when all of them have ended, since then nobody can register. */
public final class AliasRpcSecretsHealthIndicator extends AbstractHealthIndicator {
    private final Supplier<List<Map<String, Object>>> secrets;

    /**
     * @param secrets each with its name, and {@code live}, which tells whether it is accepted; never a secret itself
     */
    public AliasRpcSecretsHealthIndicator(Supplier<List<Map<String, Object>>> secrets) {
        super("the alias server's secrets could not be checked");
        this.secrets = secrets;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        List<Map<String, Object>> known = secrets.get();
        boolean live = known.stream().anyMatch(secret -> Boolean.TRUE.equals(secret.get("live")));
        builder.status(live ? "UP" : "DOWN").withDetail("secrets", known);
    }
}
