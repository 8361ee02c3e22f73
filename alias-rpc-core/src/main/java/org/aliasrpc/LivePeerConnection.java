package org.aliasrpc;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.hyperdht.ConnectFailure;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.io.Callbacks;
import org.aliasrpc.io.NodeLoop;
import org.aliasrpc.io.SerialQueue;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/** A connection whose messages go to the user. The loop's side and the user's side of it. */
final class LivePeerConnection extends LoopConnection implements PeerConnection {
    /** Messages and bytes on their way to the receiver; with more the connection is not read, and its window closes. */
    private static final int MAX_MESSAGES_UNDER_WAY = 64;

    private static final int MAX_BYTES_UNDER_WAY = 1 << 20;

    private static final int MAX_MESSAGE_BYTES = 0xff_ffff - 17; // docs/protocol, secret-stream.md

    private final NodeLoop loop;
    private final Callbacks callbacks;
    private final AtomicBoolean hasReceiver = new AtomicBoolean();
    private final SerialQueue queue;
    private final @Nullable Outcome<PeerConnection> connecting;
    private final @Nullable Handler handler;
    private final Outcome<Void> closed;
    private volatile PeerAddress remoteAddress = PeerAddress.ipv4(0, 0);
    private volatile Bytes handshakeHash = Bytes.EMPTY;

    // Confined to the loop.
    private final Queue<Outcome<Void>> waitingSends = new ArrayDeque<>();
    private @Nullable Receiver receiver;
    private int messagesUnderWay;
    private int bytesUnderWay;
    private boolean gone;
    private @Nullable String error;

    /** An attempt to connect; the outcome is told when it is open, or has failed. */
    LivePeerConnection(LiveHyperDht dht, Connection connection, Outcome<PeerConnection> connecting, long nowNanos) {
        this(dht, connection, connecting, null, nowNanos);
    }

    /** A connection of a client of ours; handed to the handler once it is accepted. */
    LivePeerConnection(LiveHyperDht dht, Connection connection, Handler handler, long nowNanos) {
        this(dht, connection, null, handler, nowNanos);
    }

    private LivePeerConnection(
            LiveHyperDht dht,
            Connection connection,
            @Nullable Outcome<PeerConnection> connecting,
            @Nullable Handler handler,
            long nowNanos) {
        super(connection, nowNanos);
        this.handler = handler;
        this.loop = dht.loop();
        this.callbacks = dht.callbacks();
        this.queue = new SerialQueue(callbacks, Integer.MAX_VALUE); // bounded by what is under way
        this.connecting = connecting;
        this.closed = new Outcome<>(callbacks);
        noteAddress();
    }

    // ---- on the loop

    @Override
    void onStart(long nowNanos) {
        noteAddress();
        if (connecting != null) {
            connecting.complete(this);
        }
        if (handler != null) {
            Handler to = handler;
            queue.execute(() -> to.onConnection(this));
        }
    }

    @Override
    boolean wantsMore() {
        // Until it is open nothing comes but a failure.
        return !connection().isOpen()
                || (receiver != null
                        && messagesUnderWay < MAX_MESSAGES_UNDER_WAY
                        && bytesUnderWay < MAX_BYTES_UNDER_WAY);
    }

    @Override
    void onMessage(ByteBuffer message, long nowNanos) {
        Receiver to = receiver;
        if (to == null) {
            return; // the connection is gone and nobody reads it
        }
        int bytes = message.remaining();
        messagesUnderWay++;
        bytesUnderWay += bytes;
        queue.execute(() -> {
            try {
                to.onMessage(message.asReadOnlyBuffer());
            } finally {
                loop.tryExecute(() -> {
                    messagesUnderWay--;
                    bytesUnderWay -= bytes;
                    pump(loop.nowNanos());
                });
            }
        });
    }

    @Override
    void onRemoteEnd(long nowNanos) {
        Receiver to = receiver;
        if (to == null) {
            connection().end();
        } else {
            queue.execute(() -> to.onEnd(this));
        }
    }

    @Override
    void onFailed(ConnectFailure failure, long nowNanos) {
        AliasRpcException reason = Failures.of(failure, remotePublicKey());
        if (connecting != null) {
            connecting.fail(reason);
        }
        onGone(reason.getMessage());
    }

    @Override
    void onClosed(@Nullable String reason, long nowNanos) {
        if (connecting != null) {
            connecting.fail(new AliasRpcException.Closed("the connection was closed before it was open"));
        }
        onGone(reason);
    }

    @Override
    boolean service(long nowNanos) {
        boolean drained = !waitingSends.isEmpty() && connection().isWritable();
        while (drained && !waitingSends.isEmpty()) {
            waitingSends.remove().complete(null);
        }
        return false;
    }

    private void onGone(@Nullable String reason) {
        gone = true;
        error = reason;
        waitingSends.forEach(send -> send.fail(lost()));
        waitingSends.clear();
        queue.execute(
                () -> { // behind the messages that came before
                    if (reason == null) {
                        closed.complete(null);
                    } else {
                        closed.fail(new AliasRpcException.ConnectionLost(reason));
                    }
                });
    }

    private AliasRpcException lost() {
        return new AliasRpcException.ConnectionLost(error == null ? "the connection is closed" : error);
    }

    private void noteAddress() {
        PeerAddress remote = connection().remoteAddress();
        remoteAddress = remote == null ? remoteAddress : remote;
        Bytes hash = connection().handshakeHash();
        handshakeHash = hash == null ? handshakeHash : hash;
    }

    private void write(ByteBuffer message, Outcome<Void> sent) {
        if (gone) {
            sent.fail(lost());
            return;
        }
        try {
            if (connection().write(message, loop.nowNanos())) {
                sent.complete(null);
            } else {
                waitingSends.add(sent);
            }
        } catch (IllegalStateException e) {
            sent.fail(new AliasRpcException.ConnectionLost("our direction has ended"));
        }
    }

    // ---- from any thread

    @Override
    public PublicKey publicKey() {
        return connection().publicKey();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress.toInetSocketAddress();
    }

    @Override
    public boolean isInitiator() {
        return connection().isInitiator();
    }

    @Override
    public Bytes handshakeHash() {
        return handshakeHash;
    }

    @Override
    public void receive(Receiver newReceiver) {
        if (!hasReceiver.compareAndSet(false, true)) {
            throw new IllegalStateException("the connection has a receiver already");
        }
        loop.tryExecute(() -> {
            receiver = newReceiver;
            pump(loop.nowNanos());
        });
    }

    @Override
    public CompletionStage<Void> send(ByteBuffer message) {
        if (message.remaining() > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("a message of " + message.remaining() + " bytes is too long");
        }
        Outcome<Void> sent = new Outcome<>(callbacks);
        ByteBuffer copy = ByteBuffer.allocate(message.remaining())
                .put(message.duplicate())
                .flip();
        if (!loop.tryExecute(() -> write(copy, sent))) {
            sent.fail(Failures.nodeClosed());
        }
        return sent.async();
    }

    @Override
    public void end() {
        loop.tryExecute(() -> connection().end());
    }

    @Override
    public void close() {
        loop.tryExecute(() -> {
            destroy(null);
            pump(loop.nowNanos());
        });
    }

    @Override
    public CompletionStage<Void> closed() {
        return closed.async();
    }
}
