package org.aliasrpc.sample;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;

/** A PostgreSQL of a test's own, which can go away and come back at the same address with what it knew. */
final class Database implements AutoCloseable {
    private static final String USER = "postgres";

    private final Path data;
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
                .setServerConfig("synchronous_commit", "on"); // as it is unless somebody turns it off
    }

    String url() {
        return postgres.getJdbcUrl(USER, USER);
    }

    /** From here on connections are refused; what was committed stays. */
    void stop() throws IOException {
        postgres.close();
    }

    void startAgain() throws IOException {
        postgres = settings().setPort(postgres.getPort()).start();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
