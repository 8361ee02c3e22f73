package org.aliasrpc.io;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Randomness fit for keys, drawn from the system in blocks so that a stream id or a jitter costs no system call.
 * For the loop and the workers that compute its handshakes. Bytes that were handed out are wiped here.
 */
final class LoopRandom implements RandomGenerator {
    private static final int BLOCK_BYTES = 512;

    private final SecureRandom source;
    private final byte[] block = new byte[BLOCK_BYTES];
    private int next = BLOCK_BYTES;

    LoopRandom() {
        this.source = nonBlocking();
    }

    @Override
    public synchronized long nextLong() {
        return draw(Long.BYTES);
    }

    @Override
    public synchronized int nextInt() {
        return (int) draw(Integer.BYTES);
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
        if (bytes.length > BLOCK_BYTES / 4) {
            source.nextBytes(bytes);
            return;
        }
        ensure(bytes.length);
        System.arraycopy(block, next, bytes, 0, bytes.length);
        Arrays.fill(block, next, next + bytes.length, (byte) 0);
        next += bytes.length;
    }

    private long draw(int bytes) {
        ensure(bytes);
        long value = 0;
        for (int end = next + bytes; next < end; next++) {
            value = (value << 8) | (block[next] & 0xff);
            block[next] = 0;
        }
        return value;
    }

    private void ensure(int bytes) {
        if (BLOCK_BYTES - next < bytes) {
            source.nextBytes(block);
            next = 0;
        }
    }

    /** Reads /dev/urandom where there is one: the default may wait for entropy when it is seeded. */
    private static SecureRandom nonBlocking() {
        try {
            return SecureRandom.getInstance("NativePRNGNonBlocking");
        } catch (NoSuchAlgorithmException e) {
            return new SecureRandom(); // not on Windows, whose default does not block
        }
    }
}
