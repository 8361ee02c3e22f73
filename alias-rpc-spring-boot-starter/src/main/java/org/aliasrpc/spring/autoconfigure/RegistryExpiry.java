package org.aliasrpc.spring.autoconfigure;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Lets aliases expire in time even if nobody asks for them. */
final class RegistryExpiry implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryExpiry.class);

    private static final long PERIOD_SECONDS = 1;

    private final AliasRegistry registry;
    private @Nullable ScheduledThreadPoolExecutor executor;
    private @Nullable Future<?> ticks;

    RegistryExpiry(AliasRegistry registry) {
        this.registry = registry;
    }

    @Override
    public synchronized void start() {
        var fresh = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "alias-rpc-expiry");
            thread.setDaemon(true);
            return thread;
        });
        ticks = fresh.scheduleWithFixedDelay(this::expire, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        executor = fresh;
    }

    private void expire() {
        try {
            registry.expire();
        } catch (RegistryUnavailableException e) {
            LOG.debug("Nothing expires while the alias table is away: {}", e.getMessage()); // health tells more
        } catch (RuntimeException e) {
            LOG.warn("The alias table could not be cleaned up", e); // an exception would end the ticks
        }
    }

    @Override
    public synchronized void stop() {
        if (ticks != null) {
            ticks.cancel(false);
        }
        if (executor != null) {
            executor.shutdownNow();
            executor = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return executor != null;
    }

    @Override
    public int getPhase() {
        return Phases.SERVER;
    }
}
