package org.aliasrpc.spring.autoconfigure;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops one part of the network side in its phase. What is stopped stays closed: sockets and keys are made with
 * the beans, so a new start needs a new context.
 */
final class NetworkLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkLifecycle.class);

    private final String name;
    private final int phase;
    private final Runnable starter;
    private final Supplier<CompletionStage<Void>> stopper;
    private volatile boolean running;
    private volatile boolean stopped;

    /**
     * @param name for the log
     * @param phase see {@link Phases}
     * @param starter does not block
     * @param stopper does not block; its stage ends when everything is closed
     */
    NetworkLifecycle(String name, int phase, Runnable starter, Supplier<CompletionStage<Void>> stopper) {
        this.name = name;
        this.phase = phase;
        this.starter = starter;
        this.stopper = stopper;
    }

    @Override
    public void start() {
        if (stopped) {
            throw new IllegalStateException("the " + name + " is closed; it starts again with a new context only");
        }
        starter.run();
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        stopped = true;
        stopper.get().whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("The {} did not stop cleanly: {}", name, failure.toString());
            }
            callback.run();
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A paused context keeps its place in the DHT: nothing could be started again. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
