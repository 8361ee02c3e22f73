package org.aliasrpc.spring.autoconfigure;

import org.aliasrpc.spring.registry.StoredAliasRegistry;
import org.springframework.context.SmartLifecycle;

/** Loads the table before the alias server listens, and closes it when that has stopped. */
final class RegistryLifecycle implements SmartLifecycle {
    private final StoredAliasRegistry registry;
    private volatile boolean running;

    RegistryLifecycle(StoredAliasRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void start() {
        registry.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        registry.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return Phases.REGISTRY;
    }
}
