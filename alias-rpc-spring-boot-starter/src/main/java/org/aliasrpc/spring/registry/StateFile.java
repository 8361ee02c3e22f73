package org.aliasrpc.spring.registry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;

/**
 * What {@code targets.json} has no place for, in a file beside it: UTF-8, a first line {@code alias-rpc state 1}, then a
 * line for each alias with these fields, separated by tabs: alias, target's key, first seen, last seen, expires at (all
 * ISO 8601), owner's key, uid of the connection, {@code told} or {@code -}, hostname and service as they were registered.
 *
 * <p>It may be older than the other file, or missing: what it says about an alias counts if that file has this alias with
 * this key.
 */
final class StateFile {
    private static final String HEADER = "alias-rpc state 1";
    private static final String TOLD = "told";
    private static final int FIELDS = 10;

    private StateFile() {}

    static byte[] encode(List<StoredAlias> aliases) {
        StringBuilder out = new StringBuilder(50 + 350 * aliases.size());
        out.append(HEADER).append('\n');
        for (StoredAlias alias : aliases) {
            AliasEntry entry = alias.entry();
            // None of these has a tab or a line end: the rules refuse control characters.
            out.append(entry.alias()).append('\t');
            out.append(entry.targetPublicKey()).append('\t');
            out.append(entry.firstSeen()).append('\t');
            out.append(entry.lastSeen()).append('\t');
            out.append(entry.expiresAt()).append('\t');
            out.append(entry.ownerPublicKey()).append('\t');
            out.append(entry.uid()).append('\t');
            out.append(alias.expiryTold() ? TOLD : "-").append('\t');
            out.append(entry.hostname()).append('\t');
            out.append(entry.service()).append('\n');
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param bytes of a file
     * @return what could be read, by alias; lines that are wrong are passed over
     */
    static Map<String, StoredAlias> decode(byte[] bytes) {
        Map<String, StoredAlias> aliases = new HashMap<>();
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        if (!lines[0].equals(HEADER)) {
            return aliases;
        }
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            if (fields.length == FIELDS) {
                try {
                    aliases.put(fields[0], alias(fields));
                } catch (IllegalArgumentException | DateTimeParseException e) {
                    // As if it were not there: the alias gets a full new expiry.
                }
            }
        }
        return aliases;
    }

    private static StoredAlias alias(String[] fields) {
        AliasEntry entry = new AliasEntry(
                fields[0],
                PublicKey.parse(fields[1]),
                fields[8],
                fields[9],
                Instant.parse(fields[2]),
                Instant.parse(fields[3]),
                Instant.parse(fields[4]),
                PublicKey.parse(fields[5]),
                UUID.fromString(fields[6]));
        return new StoredAlias(entry, fields[7].equals(TOLD));
    }
}
