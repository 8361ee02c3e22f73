package org.aliasrpc.spring.actuate;

import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.registry.StoreStatus;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** The alias server's table: DOWN while registrations are refused because it cannot be changed. */
public final class AliasRpcStoreHealthIndicator extends AbstractHealthIndicator {
    private final AliasRegistry registry;

    /**
     * @param registry tells how it does
     */
    public AliasRpcStoreHealthIndicator(AliasRegistry registry) {
        super("the alias table could not be checked");
        this.registry = registry;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        StoreStatus status = registry.status();
        builder.status(status.available() ? "UP" : "DOWN");
        builder.withDetail("store", registry.store());
        status.details().forEach(builder::withDetail);
        if (status.problem() != null) {
            builder.withDetail("problem", status.problem());
        }
    }
}
