package org.aliasrpc.dht;

import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a node first asks, while it knows nobody (dht-rpc.md §9.1).
 *
 * @param address of the bootstrap node; null if only the name is known
 * @param name its host name. With an address the name is looked up only if the address does not answer a ping; null if
 *     the address is all there is
 * @param port 1 to 65535
 */
public record BootstrapNode(
        @Nullable PeerAddress address, @Nullable String name, int port) {
    public BootstrapNode {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("bootstrap port " + port + " outside 1..65535");
        }
        if (address == null && name == null) {
            throw new IllegalArgumentException("a bootstrap node needs an address or a name");
        }
    }

    /** A bootstrap node at a known address. */
    public static BootstrapNode of(PeerAddress address) {
        return new BootstrapNode(address, null, address.port());
    }

    /**
     * Reads {@code host:port} or {@code suggested-ip@host:port}. Nothing is looked up.
     *
     * @throws IllegalArgumentException if the port is missing, or what stands before the {@code @} is no IPv4 address
     */
    public static BootstrapNode parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("bootstrap node without port: " + text);
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("bootstrap node with a bad port: " + text, e);
        }
        String host = text.substring(0, colon);
        int at = host.indexOf('@');
        if (at >= 0) {
            PeerAddress suggested = PeerAddress.of(host.substring(0, at), port);
            BootstrapNode fallback = parse(host.substring(at + 1) + ":" + port);
            // An address behind the '@' needs no look-up, but is still only the second choice.
            String name = fallback.name != null ? fallback.name : host.substring(at + 1);
            return new BootstrapNode(suggested, name, port);
        }
        if (host.isEmpty()) {
            throw new IllegalArgumentException("bootstrap node without host: " + text);
        }
        return isIpv4(host) ? of(PeerAddress.of(host, port)) : new BootstrapNode(null, host, port);
    }

    /** The name as an address, if that is what it is: the one behind an {@code @}. */
    @Nullable
    PeerAddress literalName() {
        return name != null && isIpv4(name) ? PeerAddress.of(name, port) : null;
    }

    private static boolean isIpv4(String host) {
        return host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
