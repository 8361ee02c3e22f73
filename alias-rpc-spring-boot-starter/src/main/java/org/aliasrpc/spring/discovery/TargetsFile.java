package org.aliasrpc.spring.discovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcEventWatcher;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.event.AliasRpcServerEvent;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps a file for Prometheus' {@code file_sd_configs}: the same list as over HTTP. It is replaced as a whole, only when
 * its content changes, and left alone while the table of aliases is not available.
 */
public final class TargetsFile implements AliasRpcEventWatcher, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(TargetsFile.class);

    private static final long PERIOD_MILLIS = 500;

    /** Ticks after which the list is made without an event: aliases leave it silently after their grace period, and
     *  another replica may have changed the database. */
    private static final int TICKS_BETWEEN_CHECKS = 20;

    private final Supplier<AliasTargets> targets;
    private final Path file;
    private final int phase;
    private final JsonMapper json = JsonMapper.builder().build();
    private volatile boolean changed;
    private @Nullable ScheduledThreadPoolExecutor executor;
    private @Nullable Future<?> ticking;

    // Confined to the executor.
    private int ticks = TICKS_BETWEEN_CHECKS;
    private byte @Nullable [] written;
    private boolean failing;

    /**
     * @param targets what to write; asked for when the file is first written
     * @param file where to; its directory is made if it does not exist
     * @param phase of the lifecycle
     */
    public TargetsFile(Supplier<AliasTargets> targets, Path file, int phase) {
        this.targets = targets;
        this.file = file.toAbsolutePath();
        this.phase = phase;
    }

    @Override
    public void onEvent(AliasRpcEvent event) {
        if (event instanceof AliasRpcServerEvent.AliasSuccess || event instanceof AliasRpcRegistryEvent) {
            changed = true;
        }
    }

    @Override
    public synchronized void start() {
        var fresh = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "alias-rpc-targets-file");
            thread.setDaemon(true);
            return thread;
        });
        ticking = fresh.scheduleWithFixedDelay(this::tick, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        executor = fresh;
    }

    private void tick() {
        if (!changed && ++ticks < TICKS_BETWEEN_CHECKS) {
            return;
        }
        changed = false;
        ticks = 0;
        try {
            byte[] content = json.writeValueAsBytes(targets.get().list(""));
            if (!Arrays.equals(content, written)) {
                write(content);
                written = content;
            }
            if (failing) {
                failing = false;
                LOG.info("{} is written again", file);
            }
        } catch (RegistryUnavailableException e) {
            changed = true; // the old list stays: Prometheus goes on with it
        } catch (IOException | RuntimeException e) {
            changed = true;
            if (!failing) {
                failing = true;
                LOG.warn("{} (alias-rpc.server.discovery.file) cannot be written: {}", file, e.toString());
            }
        }
    }

    private void write(byte[] content) throws IOException {
        Path directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The file stays, so that Prometheus keeps its targets while this process restarts. */
    @Override
    public synchronized void stop() {
        if (ticking != null) {
            ticking.cancel(false);
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
        return phase;
    }
}
