package org.aliasrpc.spring.event;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.AliasClientEvent;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.crypto.PublicKey;

/** What the registering side reports: the events of the reference's client and of its metrics process. */
public sealed interface AliasRpcClientEvent extends AliasRpcEvent {
    /** The server's name in the configuration; {@code default} for the one of {@code server-public-key}. */
    String server();

    /** What is registered. */
    String alias();

    /** The key it is registered for. */
    PublicKey targetPublicKey();

    /** An attempt begins. */
    record AliasAttempt(
            UUID uid,
            Instant occurredAt,
            String server,
            String alias,
            PublicKey targetPublicKey,
            String hostname,
            String service)
            implements AliasRpcClientEvent {
        @Override
        public String type() {
            return "alias-attempt";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of(
                    "server", server,
                    "alias", alias,
                    "targetPublicKey", targetPublicKey,
                    "hostname", hostname,
                    "service", service);
        }
    }

    /**
     * No connection could be made, or it broke.
     *
     * @param error what happened
     */
    record ConnectionError(
            UUID uid,
            Instant occurredAt,
            String server,
            String alias,
            PublicKey targetPublicKey,
            AliasRpcException error)
            implements AliasRpcClientEvent {
        @Override
        public String type() {
            return "connection-error";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("server", server, "alias", alias, "targetPublicKey", targetPublicKey, "error", error);
        }
    }

    /**
     * The server accepted.
     *
     * @param updated whether its table changed
     */
    record RegisterAliasSuccess(
            UUID uid, Instant occurredAt, String server, String alias, PublicKey targetPublicKey, boolean updated)
            implements AliasRpcClientEvent {
        @Override
        public String type() {
            return "register-alias-success";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("server", server, "alias", alias, "targetPublicKey", targetPublicKey, "updated", updated);
        }
    }

    /**
     * The attempt failed; another follows.
     *
     * @param error why
     */
    record RegisterAliasError(
            UUID uid,
            Instant occurredAt,
            String server,
            String alias,
            PublicKey targetPublicKey,
            AliasRpcException error)
            implements AliasRpcClientEvent {
        @Override
        public String type() {
            return "register-alias-error";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("server", server, "alias", alias, "targetPublicKey", targetPublicKey, "error", error);
        }
    }

    /**
     * @param server the server's name in the configuration
     * @param event as the core reports it
     * @param at when it happened
     */
    static AliasRpcClientEvent of(String server, AliasClientEvent event, Instant at) {
        UUID uid = event.uid();
        if (event instanceof AliasClientEvent.AliasAttempt attempt) {
            AliasRegistration asked = attempt.registration();
            return new AliasAttempt(
                    uid, at, server, asked.alias(), asked.targetPublicKey(), asked.hostname(), asked.service());
        }
        if (event instanceof AliasClientEvent.ConnectionError error) {
            return new ConnectionError(uid, at, server, error.alias(), error.targetPublicKey(), error.error());
        }
        if (event instanceof AliasClientEvent.AliasRegistered success) {
            AliasRegistration asked = success.registration();
            return new RegisterAliasSuccess(uid, at, server, asked.alias(), asked.targetPublicKey(), success.updated());
        }
        var failed = (AliasClientEvent.AliasFailed) event;
        AliasRegistration asked = failed.registration();
        return new RegisterAliasError(uid, at, server, asked.alias(), asked.targetPublicKey(), failed.error());
    }
}
