package org.aliasrpc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A DHT node through which others join.
 *
 * @param host an IPv4 address or a name
 * @param port 1 to 65535
 * @param suggestedIp an IPv4 address that is tried first; the name is resolved only when it does not answer
 */
public record BootstrapNode(String host, int port, @Nullable String suggestedIp) {
    public BootstrapNode {
        Objects.requireNonNull(host, "host");
        if (host.isBlank()) {
            throw new IllegalArgumentException("bootstrap node without host");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "bootstrap node " + host + " has port " + port + ", allowed is 1 to 65535");
        }
    }

    /** A node by host and port alone. */
    public BootstrapNode(String host, int port) {
        this(host, port, null);
    }

    /**
     * @param text {@code host:port} or {@code ip@host:port}
     * @throws IllegalArgumentException says what is wrong
     */
    public static BootstrapNode parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("bootstrap node '" + text + "' has no port: expected host:port");
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "bootstrap node '" + text + "' has no numeric port: expected host:port", e);
        }
        int at = text.indexOf('@');
        return at < 0
                ? new BootstrapNode(text.substring(0, colon), port)
                : new BootstrapNode(text.substring(at + 1, colon), port, text.substring(0, at));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return (suggestedIp == null ? "" : suggestedIp + "@") + host + ":" + port;
    }
}
