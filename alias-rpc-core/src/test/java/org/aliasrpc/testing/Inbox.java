package org.aliasrpc.testing;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.aliasrpc.PeerConnection;
import org.aliasrpc.encoding.Bytes;

/** Keeps the messages of a connection. */
public final class Inbox implements PeerConnection.Receiver {
    /** What has come and was not taken yet. */
    public final BlockingQueue<Bytes> messages = new LinkedBlockingQueue<>();

    /** Opens when the other end sends no more. */
    public final CountDownLatch ended = new CountDownLatch(1);

    private final boolean answersEnd;

    private Inbox(boolean answersEnd) {
        this.answersEnd = answersEnd;
    }

    /** Ends our direction with the other one. */
    public static Inbox of(PeerConnection connection) {
        return read(connection, new Inbox(true));
    }

    /** Leaves our direction open when the other one ends. */
    public static Inbox halfOpen(PeerConnection connection) {
        return read(connection, new Inbox(false));
    }

    private static Inbox read(PeerConnection connection, Inbox inbox) {
        connection.receive(inbox);
        return inbox;
    }

    @Override
    public void onMessage(ByteBuffer message) {
        messages.add(Bytes.copyOf(message));
    }

    @Override
    public void onEnd(PeerConnection connection) {
        ended.countDown();
        if (answersEnd) {
            connection.end();
        }
    }
}
