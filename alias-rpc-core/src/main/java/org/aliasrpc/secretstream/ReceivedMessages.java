package org.aliasrpc.secretstream;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Messages that arrived and were not polled. */
final class ReceivedMessages {
    private final Queue<ByteBuffer> messages = new ArrayDeque<>();
    private long bytes;

    void add(ByteBuffer message) {
        messages.add(message);
        bytes += message.remaining();
    }

    @Nullable
    ByteBuffer poll() {
        ByteBuffer message = messages.poll();
        if (message != null) {
            bytes -= message.remaining();
        }
        return message;
    }

    /** The length of all. */
    long bytes() {
        return bytes;
    }
}
