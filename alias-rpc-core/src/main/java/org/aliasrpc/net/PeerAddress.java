package org.aliasrpc.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/**
 * An IP address and a UDP port. An IPv4 address is held in its IPv4-mapped form, so that one peer has one value on
 * IPv4 and on dual-stack sockets.
 *
 * @param high the first 8 address bytes, big endian
 * @param low the last 8 address bytes, big endian
 * @param port 0 to 65535; 0 is not a peer that can be sent to but stands for "ports vary" in some messages
 */
public record PeerAddress(long high, long low, int port) {
    private static final long V4_PREFIX = 0xffff_0000_0000L;

    /** {@code ipv4Address}: 4 bytes as written, then the port as uint16 little endian (encoding.md §6). IPv4 only. */
    public static final Codec<PeerAddress> IPV4_CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, PeerAddress value) {
            int ip = value.ipv4();
            out.uint8(ip >>> 24).uint8(ip >>> 16 & 0xff).uint8(ip >>> 8 & 0xff).uint8(ip & 0xff);
            out.uint16(value.port);
        }

        @Override
        public PeerAddress decode(Reader in) throws DecodeException {
            int ip = in.uint8() << 24 | in.uint8() << 16 | in.uint8() << 8 | in.uint8();
            return ipv4(ip, in.uint16());
        }
    };

    /** {@code ipv6Address}: 16 bytes, big endian, then the port as uint16 little endian (encoding.md §6). */
    public static final Codec<PeerAddress> IPV6_CODEC = new Codec<>() {
        @Override
        public void encode(Writer out, PeerAddress value) {
            byte[] ip = ByteBuffer.allocate(16)
                    .putLong(value.high)
                    .putLong(value.low)
                    .array();
            out.raw(ip, 0, ip.length).uint16(value.port);
        }

        @Override
        public PeerAddress decode(Reader in) throws DecodeException {
            ByteBuffer ip = in.fixed(16).asByteBuffer();
            return new PeerAddress(ip.getLong(), ip.getLong(), in.uint16());
        }
    };

    public PeerAddress {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " outside 0..65535");
        }
    }

    /**
     * @param ip the four address bytes, the first one written in the highest bits
     * @param port 0 to 65535
     */
    public static PeerAddress ipv4(int ip, int port) {
        return new PeerAddress(0, V4_PREFIX | (ip & 0xffff_ffffL), port);
    }

    /**
     * @param ip 4 or 16 address bytes in network order
     * @param port 0 to 65535
     * @throws IllegalArgumentException if there is another number of bytes
     */
    public static PeerAddress of(byte[] ip, int port) {
        ByteBuffer bytes = ByteBuffer.wrap(ip);
        return switch (ip.length) {
            case 4 -> ipv4(bytes.getInt(), port);
            case 16 -> new PeerAddress(bytes.getLong(), bytes.getLong(), port);
            default -> throw new IllegalArgumentException("an IP address of " + ip.length + " bytes");
        };
    }

    /**
     * @param address resolved
     * @throws IllegalArgumentException if it is not
     */
    public static PeerAddress of(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException("unresolved address " + address);
        }
        return of(ip.getAddress(), address.getPort());
    }

    /**
     * Reads an IP literal; never resolves a name.
     *
     * @param host dotted IPv4 of four decimal numbers without leading zeros, or an IPv6 literal (recognised by its
     *     colon) without brackets
     * @param port 0 to 65535
     * @throws IllegalArgumentException if host is neither
     */
    public static PeerAddress of(String host, int port) {
        if (host.indexOf(':') < 0) {
            return ipv4(parseIpv4(host), port);
        }
        if (host.chars().anyMatch(c -> c != ':' && c != '.' && Character.digit(c, 16) < 0)) {
            throw notAnAddress(host);
        }
        try {
            return of(InetAddress.getByName(host).getAddress(), port); // only hex digits and colons: no name look-up
        } catch (UnknownHostException e) {
            throw notAnAddress(host);
        }
    }

    /** Whether this is an IPv4 address. */
    public boolean isIpv4() {
        return high == 0 && low >>> 32 == V4_PREFIX >>> 32;
    }

    /**
     * The four IPv4 bytes, the first one in the highest bits.
     *
     * @throws IllegalStateException if this is an IPv6 address
     */
    public int ipv4() {
        if (!isIpv4()) {
            throw new IllegalStateException(this + " is not an IPv4 address");
        }
        return (int) low;
    }

    /** The same host with another port. */
    public PeerAddress withPort(int otherPort) {
        return new PeerAddress(high, low, otherPort);
    }

    /** Whether both have the same IP address, whatever the ports. */
    public boolean sameHost(PeerAddress other) {
        return high == other.high && low == other.low;
    }

    /** The address as text: dotted decimal, or eight hexadecimal groups without compression (encoding.md §6). */
    public String host() {
        if (isIpv4()) {
            return (low >>> 24 & 255) + "." + (low >>> 16 & 255) + "." + (low >>> 8 & 255) + "." + (low & 255);
        }
        StringBuilder text = new StringBuilder(39);
        for (int group = 0; group < 8; group++) {
            long half = group < 4 ? high : low;
            text.append(group == 0 ? "" : ":").append(Long.toHexString(half >>> (48 - 16 * (group & 3)) & 0xffff));
        }
        return text.toString();
    }

    /** A socket address for the I/O layer. */
    public InetSocketAddress toInetSocketAddress() {
        byte[] ip = isIpv4()
                ? ByteBuffer.allocate(4).putInt((int) low).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // only for another length than 4 and 16
        }
    }

    /** {@code host:port}, the host in brackets if it is IPv6. */
    @Override
    public String toString() {
        return (isIpv4() ? host() : "[" + host() + "]") + ":" + port;
    }

    private static int parseIpv4(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            throw notAnAddress(host);
        }
        int ip = 0;
        for (String part : parts) {
            boolean canonical = part.length() <= 3
                    && !part.isEmpty()
                    && part.chars().allMatch(c -> c >= '0' && c <= '9')
                    && (part.length() == 1 || part.charAt(0) != '0');
            int value = canonical ? Integer.parseInt(part) : 256;
            if (value > 255) {
                throw notAnAddress(host);
            }
            ip = ip << 8 | value;
        }
        return ip;
    }

    private static IllegalArgumentException notAnAddress(String host) {
        return new IllegalArgumentException("not an IP address: " + host);
    }
}
