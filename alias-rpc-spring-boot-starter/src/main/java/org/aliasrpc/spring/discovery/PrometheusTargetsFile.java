package org.aliasrpc.spring.discovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcEventWatcher;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.event.AliasRpcServerEvent;
import org.aliasrpc.spring.registry.DurableFile;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps a file for Prometheus' {@code file_sd_configs}: the same list as over HTTP. It is replaced as a whole, only when
 * its content changes, and left alone while the table of aliases is not available and after this process has ended.
 */
public final class PrometheusTargetsFile implements AliasRpcEventWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(PrometheusTargetsFile.class);

    /**
     * Updates after which the list is made without an event: aliases leave it silently after their grace period, and
     * another replica may have changed the database.
     */
    private static final int UPDATES_BETWEEN_CHECKS = 20;

    private final Supplier<AliasTargets> targets;
    private final Path file;
    private final JsonMapper json = JsonMapper.builder().build();
    private volatile boolean changed;

    // Confined to update().
    private int unchecked = UPDATES_BETWEEN_CHECKS;
    private byte @Nullable [] written;
    private boolean failing;

    /**
     * @param targets what to write; asked for when the file is first written
     * @param file where to; its directory is made if it does not exist
     */
    public PrometheusTargetsFile(Supplier<AliasTargets> targets, Path file) {
        this.targets = targets;
        this.file = file.toAbsolutePath();
    }

    @Override
    public void onEvent(AliasRpcEvent event) {
        if (event instanceof AliasRpcServerEvent.AliasSuccess || event instanceof AliasRpcRegistryEvent) {
            changed = true;
        }
    }

    /** Writes the file if its content has changed. Called twice a second, and never by two threads at a time. */
    public void update() {
        if (!changed && ++unchecked < UPDATES_BETWEEN_CHECKS) {
            return;
        }
        changed = false;
        unchecked = 0;
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
        DurableFile.write(file, content);
    }
}
