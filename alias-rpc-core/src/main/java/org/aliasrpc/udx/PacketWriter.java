package org.aliasrpc.udx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes packets, one after the other, into arrays that hold many: packets of one burst lie side by side, and one
 * allocation serves them all. The array is never written again once it is full; a packet belongs to whoever took it.
 */
final class PacketWriter {
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** The longest UDP payload ever sent: an IP packet of 1500 bytes without IPv4 and UDP headers (udx.md §10). */
    static final int MAX_DATAGRAM = 1472;

    /** The arrays grow up to this while many packets are written, and are small for a node that is mostly idle. */
    private static final int MAX_SLAB = 64 << 10;

    private byte[] slab = new byte[0];
    private int start;
    private int at;
    private int slabLength = 2 * MAX_DATAGRAM;

    /** A copy of a whole packet, for another stream. */
    static ByteBuffer copyWithStreamId(ByteBuffer packet, int streamId) {
        byte[] copy = new byte[packet.remaining()];
        packet.get(packet.position(), copy);
        U32.set(copy, 4, streamId);
        return ByteBuffer.wrap(copy);
    }

    /**
     * Begins a packet.
     *
     * @param flags of {@link Packet}
     * @param dataOffset bytes of padding, written as zeros, or of SACK blocks
     * @param streamId the receiver's id
     */
    PacketWriter begin(int flags, int dataOffset, int streamId, int rwnd, int seq, int ack) {
        if (slab.length - at < MAX_DATAGRAM) {
            slab = new byte[slabLength];
            slabLength = Math.min(2 * slabLength, MAX_SLAB);
            at = 0;
        }
        start = at;
        slab[start] = (byte) Packet.MAGIC;
        slab[start + 1] = Packet.VERSION;
        slab[start + 2] = (byte) flags;
        slab[start + 3] = (byte) dataOffset;
        U32.set(slab, start + 4, streamId);
        U32.set(slab, start + 8, rwnd);
        U32.set(slab, start + 12, seq);
        U32.set(slab, start + 16, ack);
        at = start + Packet.HEADER_LENGTH;
        return this;
    }

    /** Appends one SACK block. */
    PacketWriter sack(int first, int end) {
        U32.set(slab, at, first);
        U32.set(slab, at + 4, end);
        at += Packet.SACK_BLOCK_LENGTH;
        return this;
    }

    /** Appends zeros. */
    PacketWriter padding(int count) {
        at += count; // arrays are written once: still zero
        return this;
    }

    /** Appends a range of a buffer, given by absolute index. */
    PacketWriter payload(ByteBuffer bytes, int from, int length) {
        bytes.get(from, slab, at, length);
        at += length;
        return this;
    }

    /** Appends what remains of a buffer, leaving its position alone. */
    PacketWriter payload(ByteBuffer bytes) {
        return payload(bytes, bytes.position(), bytes.remaining());
    }

    /** Room left in the packet, in bytes. */
    int remaining() {
        return MAX_DATAGRAM - (at - start);
    }

    /** The finished packet. */
    ByteBuffer finish() {
        return ByteBuffer.wrap(slab, start, at - start).slice();
    }
}
