package org.aliasrpc.spring.autoconfigure;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Starts and stops one part of the network side in its phase, as often as the context is started and stopped. */
final class NetworkLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkLifecycle.class);

    private final String name;
    private final int phase;
    private final Runnable starter;
    private final Supplier<CompletionStage<Void>> stopper;
    private volatile boolean running;

    /**
     * @param name for the log
     * @param phase see {@link Phases}
     * @param starter does not block; makes anew what a stop before has closed
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

    /** A paused context keeps its ports and its place in the DHT. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
