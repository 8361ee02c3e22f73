package org.aliasrpc.net;

import java.util.List;

/**
 * The classes of IPv4 addresses that HyperDHT treats specially. IPv6 addresses belong to none of them.
 *
 * <p>Source: docs/protocol/hyperdht.md §16.
 */
public final class AddressClass {
    private static final List<Range> PRIVATE = List.of(
            Range.of("10.0.0.0", 8),
            Range.of("100.64.0.0", 10),
            Range.of("127.0.0.0", 8),
            Range.of("169.254.0.0", 16),
            Range.of("172.16.0.0", 12),
            Range.of("192.168.0.0", 16));
    private static final List<Range> RESERVED = List.of(
            Range.of("0.0.0.0", 8),
            Range.of("192.0.0.0", 24),
            Range.of("192.0.2.0", 24),
            Range.of("198.18.0.0", 15),
            Range.of("198.51.100.0", 24),
            Range.of("203.0.113.0", 24),
            Range.of("224.0.0.0", 4),
            Range.of("240.0.0.0", 4));

    private AddressClass() {}

    /**
     * @param address any; its port does not matter
     * @return whether the address is reachable within one site or machine only
     */
    public static boolean isPrivate(PeerAddress address) {
        return isIn(PRIVATE, address);
    }

    /**
     * @param address any; its port does not matter
     * @return whether no host can have this address
     */
    public static boolean isReserved(PeerAddress address) {
        return isIn(RESERVED, address);
    }

    /**
     * @param address any; its port does not matter
     * @return whether the address is private or reserved: not one of the public internet
     */
    public static boolean isBogon(PeerAddress address) {
        return isPrivate(address) || isReserved(address);
    }

    private static boolean isIn(List<Range> ranges, PeerAddress address) {
        return address.isIpv4() && ranges.stream().anyMatch(range -> range.contains(address.ipv4()));
    }

    private record Range(int network, int mask) {
        static Range of(String network, int bits) {
            return new Range(PeerAddress.of(network, 0).ipv4(), -1 << (32 - bits));
        }

        boolean contains(int ip) {
            return (ip & mask) == network;
        }
    }
}
