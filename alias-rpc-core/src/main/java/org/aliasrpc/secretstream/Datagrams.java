package org.aliasrpc.secretstream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.SecretBox;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams beside a stream: {@code counter (8), secretbox(message)}, 24 bytes more than the message.
 *
 * <p>The nonce is the counter and 16 zeros. Repeated and late datagrams are accepted, as in the reference: whoever sends
 * them has to bear it (secret-stream.md §6).
 */
final class Datagrams implements AutoCloseable {
    static final int COUNTER_LENGTH = 8;
    static final int OVERHEAD = COUNTER_LENGTH + SecretBox.OVERHEAD;

    private final SecretBytes sendKey;
    private final SecretBytes receiveKey;
    private final long first;
    private long counter;

    /**
     * @param start 8 random bytes, the counter before the first datagram
     */
    Datagrams(Bytes handshakeHash, boolean initiator, byte[] start) {
        this.sendKey = Ids.sendKey(handshakeHash, initiator);
        this.receiveKey = Ids.sendKey(handshakeHash, !initiator);
        this.first = little(start).getLong();
        this.counter = first;
    }

    static byte[] randomStart(RandomGenerator random) {
        byte[] start = new byte[COUNTER_LENGTH];
        random.nextBytes(start);
        return start;
    }

    ByteBuffer seal(ByteBuffer message) throws SecretStreamException {
        counter++;
        if (counter == first) {
            throw new SecretStreamException(SecretStreamException.Reason.DATAGRAMS_EXHAUSTED);
        }
        byte[] nonce = new byte[SecretBox.NONCE_LENGTH];
        little(nonce).putLong(counter);
        Bytes box = SecretBox.seal(sendKey, Bytes.copyOf(nonce), Bytes.copyOf(message));
        byte[] datagram = new byte[COUNTER_LENGTH + box.length()];
        System.arraycopy(nonce, 0, datagram, 0, COUNTER_LENGTH);
        box.copyTo(datagram, COUNTER_LENGTH);
        return ByteBuffer.wrap(datagram);
    }

    @Nullable
    ByteBuffer open(ByteBuffer datagram) {
        if (datagram.remaining() < OVERHEAD) {
            return null;
        }
        byte[] nonce = new byte[SecretBox.NONCE_LENGTH];
        int at = datagram.position();
        datagram.get(at, nonce, 0, COUNTER_LENGTH);
        Bytes box = Bytes.copyOf(datagram.slice(at + COUNTER_LENGTH, datagram.remaining() - COUNTER_LENGTH));
        Bytes message = SecretBox.open(receiveKey, Bytes.wrap(nonce), box);
        return message == null ? null : message.asByteBuffer();
    }

    /** Goes on from another number: nobody waits for 2^64 datagrams. */
    void restore(long lastSent) {
        counter = lastSent;
    }

    @Override
    public void close() {
        sendKey.close();
        receiveKey.close();
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
