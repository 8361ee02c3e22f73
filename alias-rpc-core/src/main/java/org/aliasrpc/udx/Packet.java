package org.aliasrpc.udx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.aliasrpc.encoding.DecodeException;

/**
 * A view of one received packet. One instance is used again for each packet, so that reading allocates nothing.
 *
 * <p>Layout (udx.md §2), integers little endian: {@code u8 magic 255, u8 version 1, u8 flags, u8 dataOffset, u32 stream id
 * at the receiver, u32 rwnd, u32 seq, u32 ack}, then {@code dataOffset} bytes of padding or SACK blocks, then the payload.
 */
final class Packet {
    static final int HEADER_LENGTH = 20;
    static final int MAGIC = 0xff;
    static final int VERSION = 1;

    static final int DATA = 0x01;
    static final int END = 0x02;
    static final int SACK = 0x04;
    static final int MESSAGE = 0x08;
    static final int DESTROY = 0x10;
    static final int HEARTBEAT = 0x20;

    /** Two u32: the first sequence number covered and the one after the last. */
    static final int SACK_BLOCK_LENGTH = 8;

    /** More gaps than this are not reported (udx.md §2.2). */
    static final int MAX_SACK_BLOCKS = 50;

    private ByteBuffer datagram = ByteBuffer.allocate(0);
    private int start;
    private int length;
    private boolean bigEndian;

    /** Whether the bytes begin as a UDX packet does (udx.md §3.1). */
    static boolean isUdx(ByteBuffer datagram) {
        int at = datagram.position();
        return datagram.remaining() >= HEADER_LENGTH
                && datagram.get(at) == (byte) MAGIC
                && datagram.get(at + 1) == VERSION;
    }

    /** The stream id of a datagram that {@linkplain #isUdx is UDX}. */
    static int streamId(ByteBuffer datagram) {
        int id = datagram.getInt(datagram.position() + 4);
        return datagram.order() == ByteOrder.BIG_ENDIAN ? Integer.reverseBytes(id) : id;
    }

    /**
     * Points this view at a datagram.
     *
     * @param packet from position to limit; neither changed nor kept longer than the view is used
     * @throws DecodeException if it is no UDX packet, or its data offset is larger than what follows the header
     */
    void wrap(ByteBuffer packet) throws DecodeException {
        if (!isUdx(packet)) {
            throw new DecodeException("not a UDX packet");
        }
        datagram = packet;
        start = packet.position();
        length = packet.remaining();
        bigEndian = packet.order() == ByteOrder.BIG_ENDIAN;
        if (dataOffset() > length - HEADER_LENGTH) {
            throw new DecodeException("data offset beyond the end of the packet");
        }
    }

    int flags() {
        return datagram.get(start + 2) & 0xff;
    }

    boolean has(int anyOf) {
        return (flags() & anyOf) != 0;
    }

    int dataOffset() {
        return datagram.get(start + 3) & 0xff;
    }

    int streamId() {
        return u32(4);
    }

    /** Free receive buffer of the sender in bytes, 0 to 2^32 − 1. */
    long rwnd() {
        return u32(8) & 0xffff_ffffL;
    }

    int seq() {
        return u32(12);
    }

    int ack() {
        return u32(16);
    }

    /** Blocks in the packet; what is left over behind the last whole block is ignored. */
    int sackCount() {
        if (!has(SACK)) {
            return 0;
        }
        int after = length - HEADER_LENGTH;
        int bytes = dataOffset() == 0 ? after : dataOffset();
        return Math.min(bytes / SACK_BLOCK_LENGTH, MAX_SACK_BLOCKS);
    }

    /** The first number a block covers; nothing says yet that it is a sensible one. */
    int sackStart(int block) {
        return u32(HEADER_LENGTH + block * SACK_BLOCK_LENGTH);
    }

    /** The number after the last that a block covers. */
    int sackEnd(int block) {
        return u32(HEADER_LENGTH + block * SACK_BLOCK_LENGTH + 4);
    }

    int payloadLength() {
        return length - HEADER_LENGTH - dataOffset();
    }

    /** Copies the payload. */
    void copyPayload(byte[] to, int offset) {
        datagram.get(start + HEADER_LENGTH + dataOffset(), to, offset, payloadLength());
    }

    private int u32(int at) {
        int value = datagram.getInt(start + at);
        return bigEndian ? Integer.reverseBytes(value) : value;
    }
}
