package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/** Does something again and again beside the alias server, on a daemon thread of its own. */
final class PeriodicTask implements SmartLifecycle, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

    private final String name;
    private final Duration period;
    private final Runnable task;
    private @Nullable ScheduledThreadPoolExecutor executor;
    private @Nullable Future<?> ticks;

    /**
     * @param name of the thread
     * @param period until the first run, and from the end of each to the next
     * @param task one run; what it throws is logged, and the next one comes nevertheless
     */
    PeriodicTask(String name, Duration period, Runnable task) {
        this.name = name;
        this.period = period;
        this.task = task;
    }

    @Override
    public synchronized void start() {
        var fresh = new ScheduledThreadPoolExecutor(1, tick -> {
            Thread thread = new Thread(tick, name);
            thread.setDaemon(true);
            return thread;
        });
        ticks = fresh.scheduleWithFixedDelay(this::run, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        executor = fresh;
    }

    private void run() {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("A run of {} failed", name, e); // whatever is thrown would end the ticks
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

    /** A context that is refreshed again ends its beans without stopping them. */
    @Override
    public void destroy() {
        stop();
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
