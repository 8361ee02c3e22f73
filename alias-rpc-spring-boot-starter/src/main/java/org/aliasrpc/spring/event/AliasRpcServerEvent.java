package org.aliasrpc.spring.event;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.AliasServerEvent;
import org.aliasrpc.crypto.PublicKey;

/** What the alias server reports: one record for each event of the reference, with its fields. */
public sealed interface AliasRpcServerEvent extends AliasRpcEvent {
    /** The proven key of the client's end. */
    PublicKey remotePublicKey();

    /** A connection was accepted. */
    record ConnectionOpen(UUID uid, Instant occurredAt, PublicKey remotePublicKey, InetSocketAddress remoteAddress)
            implements AliasRpcServerEvent {
        @Override
        public String type() {
            return "connection-open";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("remotePublicKey", remotePublicKey, "remoteAddress", remoteAddress);
        }
    }

    /** A connection is gone. */
    record ConnectionClose(UUID uid, Instant occurredAt, PublicKey remotePublicKey) implements AliasRpcServerEvent {
        @Override
        public String type() {
            return "connection-close";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("remotePublicKey", remotePublicKey);
        }
    }

    /**
     * A connection broke; normal with clients of the reference, which end by a reset.
     *
     * @param error what happened, for people
     */
    record ConnectionError(UUID uid, Instant occurredAt, PublicKey remotePublicKey, String error)
            implements AliasRpcServerEvent {
        @Override
        public String type() {
            return "connection-error";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("remotePublicKey", remotePublicKey, "error", error);
        }
    }

    /** A request with a wrong secret was refused. */
    record AliasUnauthorised(
            UUID uid,
            Instant occurredAt,
            PublicKey remotePublicKey,
            PublicKey targetPublicKey,
            String alias,
            InetSocketAddress remoteAddress)
            implements AliasRpcServerEvent {
        @Override
        public String type() {
            return "alias-unauthorised";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of(
                    "remotePublicKey", remotePublicKey,
                    "targetPublicKey", targetPublicKey,
                    "alias", alias,
                    "remoteAddress", remoteAddress);
        }
    }

    /** A request with the right secret goes to the registrar. */
    record AliasRequest(
            UUID uid,
            Instant occurredAt,
            PublicKey remotePublicKey,
            PublicKey targetPublicKey,
            String alias,
            String hostname,
            String service)
            implements AliasRpcServerEvent {
        @Override
        public String type() {
            return "alias-request";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of(
                    "remotePublicKey", remotePublicKey,
                    "targetPublicKey", targetPublicKey,
                    "alias", alias,
                    "hostname", hostname,
                    "service", service);
        }
    }

    /**
     * The registrar accepted.
     *
     * @param updated whether its table changed
     */
    record AliasSuccess(
            UUID uid,
            Instant occurredAt,
            String alias,
            PublicKey remotePublicKey,
            PublicKey targetPublicKey,
            boolean updated)
            implements AliasRpcServerEvent {
        @Override
        public String type() {
            return "alias-success";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of(
                    "alias", alias,
                    "remotePublicKey", remotePublicKey,
                    "targetPublicKey", targetPublicKey,
                    "updated", updated);
        }
    }

    /**
     * The registrar refused or failed.
     *
     * @param error its failure; the client learns of a refusal's reason only
     */
    record AliasError(UUID uid, Instant occurredAt, PublicKey remotePublicKey, Throwable error)
            implements AliasRpcServerEvent {
        @Override
        public String type() {
            return "alias-error";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("remotePublicKey", remotePublicKey, "error", error);
        }
    }

    /**
     * @param event as the core reports it
     * @param at when it happened
     */
    static AliasRpcServerEvent of(AliasServerEvent event, Instant at) {
        UUID uid = event.uid();
        PublicKey remote = event.remotePublicKey();
        if (event instanceof AliasServerEvent.ConnectionOpen open) {
            return new ConnectionOpen(uid, at, remote, open.remoteAddress());
        }
        if (event instanceof AliasServerEvent.ConnectionClose) {
            return new ConnectionClose(uid, at, remote);
        }
        if (event instanceof AliasServerEvent.ConnectionError error) {
            return new ConnectionError(uid, at, remote, error.error());
        }
        if (event instanceof AliasServerEvent.AliasUnauthorised refused) {
            return new AliasUnauthorised(
                    uid, at, remote, refused.targetPublicKey(), refused.alias(), refused.remoteAddress());
        }
        if (event instanceof AliasServerEvent.AliasRequest request) {
            return new AliasRequest(
                    uid, at, remote, request.targetPublicKey(), request.alias(), request.hostname(), request.service());
        }
        if (event instanceof AliasServerEvent.AliasSuccess success) {
            return new AliasSuccess(uid, at, success.alias(), remote, success.targetPublicKey(), success.updated());
        }
        return new AliasError(uid, at, remote, ((AliasServerEvent.AliasError) event).error());
    }
}
