package org.aliasrpc.spring.registry;

import static org.aliasrpc.spring.testing.RegistryFixture.limits;
import static org.aliasrpc.spring.testing.RegistryFixture.putAsync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import org.aliasrpc.spring.registry.jdbc.JdbcStores;
import org.aliasrpc.spring.testing.Keys;

/** Registers 1000 aliases, a few at a time, and prints each one that was answered; to be killed meanwhile. */
final class StoreCrashProcess {
    private static final int ALIASES = 1000;
    private static final int AT_A_TIME = 8;

    /** How many more it registers than answers were read: who is to kill it may be slow, and it must not be ready before. */
    private static final int AHEAD = 200;

    private StoreCrashProcess() {}

    /** The store of a process, killed or not. */
    static AliasStore store(String kind, Path directory) throws Exception {
        if (kind.equals("file")) {
            return new FileAliasStore(
                    directory.resolve("targets.json"), limits(), Clock.systemUTC(), StoreListener.NONE);
        }
        // A process that is killed leaves H2's lock file: its owner is gone, so it is taken over after a moment.
        var database = JdbcStores.h2("file:" + directory.resolve("aliases"));
        JdbcStores.createTable(database, JdbcStores.NAME);
        return JdbcStores.store(database, limits());
    }

    public static void main(String[] args) throws Exception {
        var registry = new StoredAliasRegistry(store(args[0], Path.of(args[1])), limits(), event -> {});
        registry.start();
        Semaphore free = new Semaphore(AT_A_TIME);
        Semaphore unread = new Semaphore(AHEAD);
        Thread reader = new Thread(() -> release(unread), "reader");
        reader.setDaemon(true);
        reader.start();
        for (int i = 0; i < ALIASES; i++) {
            String alias = "app-" + i;
            unread.acquire();
            free.acquire();
            putAsync(registry, alias, Keys.key(1 + i % 50), Keys.key(99)).whenComplete((updated, failure) -> {
                if (failure == null) {
                    System.out.println("answered " + alias);
                    System.out.flush();
                }
                free.release();
            });
        }
        free.acquire(AT_A_TIME);
        System.out.println("all");
    }

    /** A byte for each answer that was read. */
    private static void release(Semaphore unread) {
        try {
            while (System.in.read() >= 0) {
                unread.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
