package org.aliasrpc.spring.registry.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.registry.StoredAlias;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements: standard SQL, as PostgreSQL and H2 understand it. */
final class AliasRows {
    private final JdbcClient client;
    private final String table;
    private final String read;

    AliasRows(JdbcClient client, AliasTableName name) {
        this.client = client;
        this.table = name.table();
        // One row even if there is no alias, for the time.
        this.read = "SELECT CURRENT_TIMESTAMP AS read_at, a.* FROM (SELECT 1 AS one) x LEFT JOIN " + table + " a ON ";
    }

    /**
     * What was read at one moment.
     *
     * @param now by the database's clock
     */
    record Read(Instant now, List<Row> rows) {}

    /**
     * @param version differs with each change
     */
    record Row(StoredAlias alias, long version) {}

    String table() {
        return table;
    }

    Read find(String alias) {
        return read(client.sql(read + "a.alias = ?").param(alias));
    }

    Read all() {
        return read(client.sql(read + "1 = 1 ORDER BY a.first_seen, a.alias"));
    }

    private static Read read(JdbcClient.StatementSpec statement) {
        List<Row> rows = new ArrayList<>();
        Instant[] now = {Instant.EPOCH};
        statement.query(result -> {
            now[0] = instant(result, "read_at");
            if (result.getString("alias") != null) {
                rows.add(row(result));
            }
        });
        return new Read(now[0], rows);
    }

    private static Row row(ResultSet result) throws SQLException {
        AliasEntry entry = new AliasEntry(
                result.getString("alias"),
                PublicKey.parse(result.getString("target_public_key")),
                result.getString("hostname"),
                result.getString("service"),
                instant(result, "first_seen"),
                instant(result, "last_seen"),
                instant(result, "expires_at"),
                PublicKey.parse(result.getString("owner_public_key")),
                UUID.fromString(result.getString("connection_uid")));
        return new Row(new StoredAlias(entry, result.getString("expiry_told_by") != null), result.getLong("version"));
    }

    private static Instant instant(ResultSet result, String column) throws SQLException {
        return result.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    Instant now() {
        return client.sql("SELECT CURRENT_TIMESTAMP")
                .query((result, number) ->
                        result.getObject(1, OffsetDateTime.class).toInstant())
                .single();
    }

    int live() {
        return client.sql("SELECT COUNT(*) FROM " + table + " WHERE expiry_told_by IS NULL")
                .query(Integer.class)
                .single();
    }

    /**
     * @param live rows whose expiry is not told
     * @param overSoon rows whose deadline has come or will before the time that was asked for
     */
    record Counts(int live, int overSoon) {}

    Counts count(Instant soon) {
        return client.sql("SELECT COUNT(CASE WHEN expiry_told_by IS NULL THEN 1 END),"
                        + " COUNT(CASE WHEN expires_at < ? THEN 1 END) FROM " + table)
                .param(time(soon))
                .query((result, number) -> new Counts(result.getInt(1), result.getInt(2)))
                .single();
    }

    void insert(StoredAlias alias, long version) {
        AliasEntry entry = alias.entry();
        client.sql("INSERT INTO " + table + " (target_public_key, hostname, service, first_seen, last_seen, expires_at,"
                        + " owner_public_key, connection_uid, version, alias) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(values(entry, version))
                .param(entry.alias())
                .update();
    }

    /** Whether the row was still the one that was read. */
    boolean update(StoredAlias alias, long readVersion, long version) {
        AliasEntry entry = alias.entry();
        return client.sql("UPDATE " + table + " SET target_public_key = ?, hostname = ?, service = ?, first_seen = ?,"
                                + " last_seen = ?, expires_at = ?, owner_public_key = ?, connection_uid = ?, version = ?,"
                                + " expiry_told_by = NULL WHERE alias = ? AND version = ?")
                        .params(values(entry, version))
                        .param(entry.alias())
                        .param(readVersion)
                        .update()
                == 1;
    }

    private static List<Object> values(AliasEntry entry, long version) {
        return List.of(
                entry.targetPublicKey().toString(),
                entry.hostname(),
                entry.service(),
                time(entry.firstSeen()),
                time(entry.lastSeen()),
                time(entry.expiresAt()),
                entry.ownerPublicKey().toString(),
                entry.uid().toString(),
                version);
    }

    /** Whether the row was still the one that was read. */
    boolean delete(Row row) {
        return client.sql("DELETE FROM " + table + " WHERE alias = ? AND version = ?")
                        .param(row.alias().entry().alias())
                        .param(row.version())
                        .update()
                == 1;
    }

    /**
     * Marks every row whose deadline has come and whose mark is missing. Of several transactions that try this at once, one
     * gets a row.
     *
     * @param by names this transaction
     * @return the entries of those that this one marked
     */
    List<AliasEntry> tellExpired(Instant now, UUID by, long version) {
        int marked = client.sql("UPDATE " + table
                        + " SET expiry_told_by = ?, version = ? WHERE expires_at <= ? AND expiry_told_by IS NULL")
                .param(by.toString())
                .param(version)
                .param(time(now))
                .update();
        return marked == 0
                ? List.of()
                : client.sql("SELECT * FROM " + table + " WHERE expiry_told_by = ? ORDER BY expires_at, alias")
                        .param(by.toString())
                        .query((result, number) -> row(result).alias().entry())
                        .list();
    }

    void deleteTold(Instant deadline) {
        client.sql("DELETE FROM " + table + " WHERE expires_at <= ? AND expiry_told_by IS NOT NULL")
                .param(time(deadline))
                .update();
    }
}
