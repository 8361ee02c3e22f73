package org.aliasrpc.spring.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;

/**
 * Hands events to the application's listeners, one after the other, on a thread of its own: whatever a listener does, the
 * protocol goes on. Watchers see each event at once and must not block.
 */
public final class AliasRpcEventPublisher implements SmartLifecycle {
    /** Events that wait for listeners; later ones are lost, and counted. */
    static final int MAX_WAITING = 10_000;

    /** How long a stop waits for listeners to see the last events. */
    private static final Duration DRAIN = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(AliasRpcEventPublisher.class);

    private final List<AliasRpcEventWatcher> watchers;
    private final Consumer<Object> listeners;
    private final Executor executor;
    private final int phase;

    // A lock, not a monitor: listeners may run on a virtual thread.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Queue<Object> waiting = new ArrayDeque<>();
    private final AtomicBoolean watcherFailed = new AtomicBoolean();
    private boolean working;
    private boolean stopped;
    private long lost;

    /**
     * @param watchers see every event at once
     * @param listeners where events are published; may throw or block
     * @param executor gets one task at a time, which lasts for as long as there are events
     * @param phase of the lifecycle
     */
    public AliasRpcEventPublisher(
            List<AliasRpcEventWatcher> watchers, Consumer<Object> listeners, Executor executor, int phase) {
        this.watchers = List.copyOf(watchers);
        this.listeners = listeners;
        this.executor = executor;
        this.phase = phase;
    }

    /**
     * Shows an event to the watchers and queues it for the listeners.
     *
     * @param event what happened
     */
    public void publish(AliasRpcEvent event) {
        for (AliasRpcEventWatcher watcher : watchers) {
            try {
                watcher.onEvent(event);
            } catch (RuntimeException | Error e) { // neither the protocol nor the other watchers suffer from it
                LOG.atLevel(watcherFailed.getAndSet(true) ? Level.DEBUG : Level.WARN)
                        .setCause(e)
                        .log("A watcher failed on {}", event.getClass().getSimpleName());
            }
        }
        publishObject(event);
    }

    /**
     * Queues any object for the listeners, behind the events before it.
     *
     * @param event what happened
     */
    public void publishObject(Object event) {
        boolean begin;
        boolean firstLoss = false;
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            if (waiting.size() < MAX_WAITING) {
                waiting.add(event);
            } else {
                firstLoss = lost++ == 0;
            }
            begin = !working;
            working = true;
        } finally {
            lock.unlock();
        }
        if (firstLoss) {
            LOG.warn("Listeners of alias-rpc events are too slow: {} events wait, further ones are lost", MAX_WAITING);
        }
        if (begin) {
            begin();
        }
    }

    private void begin() {
        try {
            executor.execute(this::work);
        } catch (RuntimeException | Error e) { // no thread is left: the next event asks for one again
            LOG.warn("Events have to wait for a thread", e);
            lock.lock();
            try {
                working = false;
                idle.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Events that listeners will never see. */
    public long lost() {
        lock.lock();
        try {
            return lost;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Object event = next(); event != null; event = next()) {
            try {
                listeners.accept(event);
            } catch (RuntimeException | Error e) { // an Error too: else nobody would hear of later events
                LOG.warn("A listener failed on {}", event.getClass().getSimpleName(), e);
            }
        }
    }

    private @Nullable Object next() {
        lock.lock();
        try {
            Object event = waiting.poll();
            if (event == null) {
                working = false;
                idle.signalAll();
            }
            return event;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        lock.lock();
        try {
            stopped = false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a moment until listeners have seen what happened before. */
    @Override
    public void stop() {
        lock.lock();
        try {
            stopped = true;
            long left = DRAIN.toNanos();
            while (working && left > 0) {
                left = idle.awaitNanos(left);
            }
            waiting.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        lock.lock();
        try {
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
