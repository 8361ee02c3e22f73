package org.aliasrpc.spring.event;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** What the file behind an alias server's table reports. No connection causes these, so their uid is all zeroes. */
public sealed interface AliasRpcStoreEvent extends AliasRpcEvent {
    /** The file concerned. */
    String location();

    @Override
    default UUID uid() {
        return new UUID(0, 0);
    }

    /**
     * Something in the file could not be used; the rest was.
     *
     * @param error what, for people
     */
    record LoadAliasesError(Instant occurredAt, String location, String error) implements AliasRpcStoreEvent {
        @Override
        public String type() {
            return "load-aliases-error";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("location", location, "error", error);
        }
    }

    /**
     * The file could not be written: registrations that would change it are refused until it can.
     *
     * @param error what happened, for people
     */
    record WriteAliasesError(Instant occurredAt, String location, String error) implements AliasRpcStoreEvent {
        @Override
        public String type() {
            return "write-aliases-error";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("location", location, "error", error);
        }
    }

    /** The file was written. */
    record AliasesUpdated(Instant occurredAt, String location) implements AliasRpcStoreEvent {
        @Override
        public String type() {
            return "aliases-updated";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("location", location);
        }
    }
}
