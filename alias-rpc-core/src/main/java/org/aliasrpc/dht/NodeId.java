package org.aliasrpc.dht;

import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;

/**
 * A position in the DHT: of a node, or of what a query looks for (then called its target).
 *
 * @param bytes 32 bytes
 */
public record NodeId(Bytes bytes) implements Comparable<NodeId> {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    private static final int BITS = 8 * LENGTH;

    public NodeId {
        if (bytes.length() != LENGTH) {
            throw new IllegalArgumentException("a node id of " + bytes.length() + " bytes instead of " + LENGTH);
        }
    }

    /**
     * The id of the node at an address: BLAKE2b-256 over the 6 bytes of its encoding (dht-rpc.md §4). This binds a
     * node's place in the DHT to where it can be reached.
     *
     * @param address IPv4
     */
    public static NodeId of(PeerAddress address) {
        return new NodeId(Blake2b.hash(PeerAddress.IPV4_CODEC.encode(address)));
    }

    /** 32 random bytes. */
    public static NodeId random(RandomGenerator random) {
        byte[] content = new byte[LENGTH];
        random.nextBytes(content);
        return new NodeId(Bytes.wrap(content));
    }

    /**
     * Number of leading bits that both have in common.
     *
     * @return 0 to 256, the last for equal ids
     */
    public int commonPrefix(NodeId other) {
        for (int i = 0; i < LENGTH; i++) {
            int difference = (bytes.at(i) ^ other.bytes.at(i)) & 0xff;
            if (difference != 0) {
                return 8 * i + Integer.numberOfLeadingZeros(difference) - 24;
            }
        }
        return BITS;
    }

    /**
     * Compares two ids by their distance from this one, which is the XOR as an unsigned big-endian number (dht-rpc.md
     * §8.1).
     *
     * @return negative if {@code a} is nearer, positive if {@code b} is, zero if they are equal
     */
    public int compareDistance(NodeId a, NodeId b) {
        for (int i = 0; i < LENGTH; i++) {
            if (a.bytes.at(i) != b.bytes.at(i)) {
                int own = bytes.at(i);
                return Integer.compare((own ^ a.bytes.at(i)) & 0xff, (own ^ b.bytes.at(i)) & 0xff);
            }
        }
        return 0;
    }

    /** Order of the ids as unsigned big-endian numbers. */
    @Override
    public int compareTo(NodeId other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public String toString() {
        return bytes.toHex();
    }
}
