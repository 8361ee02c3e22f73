package org.aliasrpc.io;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.secretstream.WarmUp;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads of a node for its own work that must not hold up the loop: names to resolve, cryptography to load. Apart from
 * {@link Callbacks}, which users may block.
 */
public final class Workers implements Executor, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Workers.class);

    private static final int THREADS = 2;

    /** For arithmetic: what the loop leaves of the machine. */
    private static final int HANDSHAKE_THREADS =
            Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() - 1));

    private final ThreadPoolExecutor pool;
    private final ThreadPoolExecutor handshakes;

    /**
     * @param name of the threads
     */
    public Workers(String name) {
        this.pool = Callbacks.pool(THREADS, name);
        this.handshakes = Callbacks.pool(HANDSHAKE_THREADS, name + "-handshake");
    }

    /** Runs a task; what it throws is logged. */
    @Override
    public void execute(Runnable task) {
        pool.execute(() -> Callbacks.run(task));
    }

    /**
     * Computes a step of a handshake, begun in the order of the calls; names that are looked up do not hold it up. What
     * waits is bounded by the node, which answers no more handshakes than that.
     *
     * @throws java.util.concurrent.RejectedExecutionException if closed
     */
    void compute(Runnable step) {
        handshakes.execute(() -> Callbacks.run(step));
    }

    /** Makes the first handshake as fast as later ones: the classes it needs are many. */
    public void warmUp() {
        execute(() -> WarmUp.run(new LoopRandom()));
    }

    /**
     * Looks up a name, which may take many seconds.
     *
     * @return its IPv4 address with port 0, or null if it has none or nobody could look; completed on a worker
     */
    public CompletableFuture<@Nullable PeerAddress> resolve(String name) {
        try {
            return CompletableFuture.supplyAsync(() -> lookUp(name), pool);
        } catch (RuntimeException | Error e) {
            // Closed, or no thread to be had: names that were not found are looked up again later.
            Unexpected.report("Bootstrap node " + name + " was not looked up", e);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Drops what waits. */
    @Override
    public void close() {
        pool.shutdownNow();
        handshakes.shutdownNow();
    }

    private static @Nullable PeerAddress lookUp(String name) {
        try {
            for (InetAddress address : InetAddress.getAllByName(name)) {
                if (address instanceof Inet4Address) {
                    return PeerAddress.of(address.getAddress(), 0);
                }
            }
            log.warn("Bootstrap node {} has no IPv4 address", name);
        } catch (UnknownHostException e) {
            log.warn("Bootstrap node {} was not found", name);
        }
        return null;
    }
}
