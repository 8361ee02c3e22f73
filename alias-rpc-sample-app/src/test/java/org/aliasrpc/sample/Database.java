package org.aliasrpc.sample;

import static org.aliasrpc.testing.Waiting.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.aliasrpc.testing.Ports;

/** A PostgreSQL of a test's own, which can go away and come back at the same address with what it knew. */
final class Database implements AutoCloseable {
    private static final String USER = "postgres";

    /** It may take a while on a busy machine; the library itself waits for 10 s, and for 5 s for the end. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path data;
    private final int port = Ports.lasting();
    private EmbeddedPostgres postgres;

    /**
     * Starts it.
     *
     * @param directory for its files
     */
    Database(Path directory) throws IOException {
        this.data = directory.resolve("data");
        this.postgres = settings().start();
    }

    private EmbeddedPostgres.Builder settings() {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(LIMIT)
                .setServerConfig("synchronous_commit", "on"); // as it is unless somebody turns it off
    }

    String url() {
        return postgres.getJdbcUrl(USER, USER);
    }

    /** From here on connections are refused; what was committed stays. */
    void stop() throws IOException {
        postgres.close();
        await().atMost(LIMIT).until(() -> Files.notExists(data.resolve("postmaster.pid"))); // its last act
    }

    void startAgain() throws IOException {
        postgres = settings().start();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
