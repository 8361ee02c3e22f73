package org.aliasrpc.io;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/** A machine for tests: remembers what it gets, sends what it is told, and sends back what it gets if it echoes. */
final class Echo implements Machine {
    final boolean echoes;
    final CountDownLatch expected;
    final List<Bytes> received = new ArrayList<>();
    final List<SocketId> receivedOn = new ArrayList<>();
    final Queue<Transmit> toSend = new ArrayDeque<>();
    int turns;
    long nextTimeout = Long.MAX_VALUE;
    final List<Long> timeouts = new ArrayList<>();

    @Nullable
    RuntimeException failure;

    Echo(boolean echoes, int expected) {
        this.echoes = echoes;
        this.expected = new CountDownLatch(expected);
    }

    @Override
    public void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        if (failure != null) {
            RuntimeException thrown = failure;
            failure = null;
            throw thrown;
        }
        Bytes copy = Bytes.copyOf(datagram);
        received.add(copy);
        receivedOn.add(socket);
        if (echoes) {
            toSend.add(new Transmit(socket, from, copy.asByteBuffer()));
        }
        expected.countDown();
    }

    @Override
    public void onTimeout(long nowNanos) {
        timeouts.add(nowNanos);
        nextTimeout = Long.MAX_VALUE;
        expected.countDown();
    }

    @Override
    public void onTurnEnd(long nowNanos) {
        turns++;
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos) {
        return toSend.poll();
    }

    @Override
    public long nextTimeout() {
        return nextTimeout;
    }
}
