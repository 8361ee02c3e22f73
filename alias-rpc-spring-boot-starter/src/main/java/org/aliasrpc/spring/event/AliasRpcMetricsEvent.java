package org.aliasrpc.spring.event;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.MetricsServerEvent;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;

/** What the server of this application's metrics reports: one record for each event of the reference, with its fields. */
public sealed interface AliasRpcMetricsEvent extends AliasRpcEvent {
    /** The key of the scraper's end; proven, unless the event is {@link FirewallBlock}. */
    PublicKey remotePublicKey();

    /** A connection was accepted. */
    record ConnectionOpen(UUID uid, Instant occurredAt, PublicKey remotePublicKey, InetSocketAddress remoteAddress)
            implements AliasRpcMetricsEvent {
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
    record ConnectionClose(UUID uid, Instant occurredAt, PublicKey remotePublicKey) implements AliasRpcMetricsEvent {
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
     * A connection broke; normal with scrapers of the reference, which end by a reset.
     *
     * @param error what happened, for people
     */
    record ConnectionError(UUID uid, Instant occurredAt, PublicKey remotePublicKey, String error)
            implements AliasRpcMetricsEvent {
        @Override
        public String type() {
            return "connection-error";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("remotePublicKey", remotePublicKey, "error", error);
        }
    }

    /** The metrics were asked for. */
    record MetricsRequest(UUID uid, Instant occurredAt, PublicKey remotePublicKey) implements AliasRpcMetricsEvent {
        @Override
        public String type() {
            return "metrics-request";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("remotePublicKey", remotePublicKey);
        }
    }

    /**
     * The metrics are on their way.
     *
     * @param bytes length of the text
     * @param duration since the request
     */
    record MetricsSuccess(UUID uid, Instant occurredAt, PublicKey remotePublicKey, int bytes, Duration duration)
            implements AliasRpcMetricsEvent {
        @Override
        public String type() {
            return "metrics-success";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("remotePublicKey", remotePublicKey, "bytes", bytes, "duration", duration);
        }
    }

    /**
     * The metrics could not be collected, or are too long.
     *
     * @param error what happened
     * @param duration since the request
     */
    record MetricsError(UUID uid, Instant occurredAt, PublicKey remotePublicKey, Throwable error, Duration duration)
            implements AliasRpcMetricsEvent {
        @Override
        public String type() {
            return "metrics-error";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("remotePublicKey", remotePublicKey, "error", error, "duration", duration);
        }
    }

    /**
     * Somebody who may not scrape was refused in the handshake. There was no connection: the uid is all zeros.
     *
     * @param payload what the other end said about itself, encoded
     * @param address where it is, as the node in between says
     */
    record FirewallBlock(
            UUID uid, Instant occurredAt, PublicKey remotePublicKey, Bytes payload, InetSocketAddress address)
            implements AliasRpcMetricsEvent {
        @Override
        public String type() {
            return "firewall-block";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("remotePublicKey", remotePublicKey, "payload", payload, "address", address);
        }
    }

    /**
     * @param event as the core reports it
     * @param at when it happened
     */
    static AliasRpcMetricsEvent of(MetricsServerEvent event, Instant at) {
        PublicKey remote = event.remotePublicKey();
        if (event instanceof MetricsServerEvent.ConnectionOpen open) {
            return new ConnectionOpen(open.uid(), at, remote, open.remoteAddress());
        }
        if (event instanceof MetricsServerEvent.ConnectionClose close) {
            return new ConnectionClose(close.uid(), at, remote);
        }
        if (event instanceof MetricsServerEvent.ConnectionError error) {
            return new ConnectionError(error.uid(), at, remote, error.error());
        }
        if (event instanceof MetricsServerEvent.MetricsRequest request) {
            return new MetricsRequest(request.uid(), at, remote);
        }
        if (event instanceof MetricsServerEvent.MetricsSuccess success) {
            return new MetricsSuccess(success.uid(), at, remote, success.bytes(), success.duration());
        }
        if (event instanceof MetricsServerEvent.MetricsError error) {
            return new MetricsError(error.uid(), at, remote, error.error(), error.duration());
        }
        var block = (MetricsServerEvent.FirewallBlock) event;
        return new FirewallBlock(new UUID(0, 0), at, remote, block.payload(), block.address());
    }
}
