package org.aliasrpc.spring.autoconfigure;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.AliasRpcServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Looks every two seconds whether a secret's file has changed. Reads the files, which are tiny: times and sizes do not tell
 * a new secret from the old one reliably.
 */
final class SecretReload implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(SecretReload.class);

    private static final long PERIOD_SECONDS = 2;

    private final ServerSecrets secrets;
    private final AliasRpcServer server;
    private @Nullable ScheduledThreadPoolExecutor executor;
    private @Nullable Future<?> ticks;

    SecretReload(ServerSecrets secrets, AliasRpcServer server) {
        this.secrets = secrets;
        this.server = server;
    }

    @Override
    public synchronized void start() {
        var fresh = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "alias-rpc-secrets");
            thread.setDaemon(true);
            return thread;
        });
        ticks = fresh.scheduleWithFixedDelay(this::reload, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        executor = fresh;
    }

    private void reload() {
        try {
            secrets.reload(server);
        } catch (RuntimeException e) {
            LOG.warn("The secrets' files could not be read", e); // an exception would end the ticks
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
