package org.aliasrpc.protomux;

import java.nio.ByteBuffer;

/** Counts and keeps what opens of the remote hold while they wait for a local channel, and says when it is too much. */
final class WaitingOpens {
    /** Key and handshake up to this count nothing: in the reference they never do. */
    private static final int FREE_BYTES = 256;

    private final MuxerLimits limits;
    private int count;
    private int keptBytes;

    WaitingOpens(MuxerLimits limits) {
        this.limits = limits;
    }

    int count() {
        return count;
    }

    int keptBytes() {
        return keptBytes;
    }

    /** Whether a further open has to be rejected. */
    boolean isFull() {
        return count >= limits.maxWaitingOpens();
    }

    /** Whether no further input may be looked at. */
    boolean isOverfull() {
        return keptBytes > limits.maxKeptBytes();
    }

    void add(Pairing pairing, RemoteOpen open) {
        long held = 2L * open.key.protocol().length() + open.key.id().length() + open.handshake.length();
        open.keptBytes = (int) Math.max(0, held - FREE_BYTES);
        pairing.waiting.add(open);
        pairing.requests++;
        count++;
        keptBytes += open.keptBytes;
    }

    /** A message for an open that waits. */
    void keep(RemoteOpen open, int type, ByteBuffer body) {
        keptBytes += open.keep(type, body);
    }

    /** The remote has closed: what it sent goes nowhere, but it still waits for an answer. */
    void close(RemoteOpen open) {
        keptBytes -= open.keptBytes;
        open.close();
    }

    /** It is paired or rejected. */
    void remove(Pairing pairing, RemoteOpen open) {
        pairing.waiting.remove(open);
        count--;
        keptBytes -= open.keptBytes;
    }
}
