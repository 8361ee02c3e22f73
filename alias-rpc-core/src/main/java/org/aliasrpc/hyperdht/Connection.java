package org.aliasrpc.hyperdht;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.noise.HandshakeResult;
import org.aliasrpc.secretstream.SecretStream;
import org.aliasrpc.secretstream.SecretStreamException;
import org.aliasrpc.secretstream.SecretStreamOptions;
import org.aliasrpc.udx.UdxEvent;
import org.aliasrpc.udx.UdxStream;
import org.jspecify.annotations.Nullable;

/**
 * One encrypted connection: a UDX stream and a secret stream over it, the same on both sides.
 *
 * <p>The owner takes events with {@link #pollEvent} when {@link HyperDhtNode#pollActive} names the connection, and may
 * stop whenever it wants: what it does not take stays here, and once a window full is waiting the peer has to stop
 * sending. It can go on taking at any later time.
 *
 * <p>Source: docs/protocol/hyperdht.md §13.
 */
public final class Connection implements Timed, StreamOwner {
    /**
     * How long a server waits for a sign of life of a client. The handshake alone proves nothing: message 1 may be a
     * replay, or name somebody else's address. The reference waits for UDX to give up.
     */
    static final long PROOF_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final NodeCore core;
    private final PublicKey publicKey;
    private final PublicKey remotePublicKey;
    private final boolean initiator;

    private @Nullable Connector connector;
    private @Nullable UdxStream stream;
    private @Nullable SecretStream secret;
    private @Nullable ConnectionEvent terminal;
    private @Nullable PeerAddress lastRemote;
    private ConnectionEvent.@Nullable CloseReason invalid;
    private boolean ended;
    private boolean over;
    private boolean active;
    private long proofDeadline = Long.MAX_VALUE;
    private long resumeNanos = Long.MAX_VALUE;
    private long held;
    private @Nullable Object attachment;

    private Connection(NodeCore core, PublicKey publicKey, PublicKey remotePublicKey, boolean initiator) {
        this.core = core;
        this.publicKey = publicKey;
        this.remotePublicKey = remotePublicKey;
        this.initiator = initiator;
    }

    /** The client's side, before it is open. */
    static Connection connecting(NodeCore core, PublicKey own, PublicKey remote) {
        return new Connection(core, own, remote, true);
    }

    /**
     * The server's side, whose stream has just been connected.
     *
     * @param proven whether the client has shown already that it is where it says
     */
    static Connection accepted(NodeCore core, UdxStream stream, HandshakeResult keys, boolean proven, long nowNanos) {
        Connection connection = new Connection(core, keys.local(), keys.remote(), false);
        if (!proven) {
            connection.unproven(nowNanos + PROOF_NANOS);
        }
        connection.open(stream, keys, nowNanos);
        return connection;
    }

    void connector(Connector newConnector) {
        connector = newConnector;
    }

    /** Takes the connected stream over and writes the header of the secret stream. */
    void open(UdxStream connected, HandshakeResult keys, long nowNanos) {
        connector = null;
        stream = connected;
        var options = new SecretStreamOptions(core.config.keepAliveNanos(), 0, core.config.maxMessageBytes(), true);
        secret = SecretStream.established(keys, core.random, options, nowNanos);
        connected.attach(this);
        core.connections.add(this);
        flush(connected, secret);
        activate(); // packets may have come before the connection did
    }

    /** It will never open. */
    void fail(ConnectFailure failure) {
        if (!over) {
            over = true;
            connector = null;
            terminal = new ConnectionEvent.Failed(failure);
            activate();
        }
    }

    // ---- who it is

    /** Our own key. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** The peer's key, which it has proven to own once a message came in. */
    public PublicKey remotePublicKey() {
        return remotePublicKey;
    }

    /** Whether we are the client. */
    public boolean isInitiator() {
        return initiator;
    }

    /** 64 bytes, the same at both ends and different for every connection; null before it is open. */
    public @Nullable Bytes handshakeHash() {
        HandshakeResult handshake = secret == null ? null : secret.handshake();
        return handshake == null ? null : handshake.hash();
    }

    /** Where the peer is; null before the connection is open. */
    public @Nullable PeerAddress remoteAddress() {
        return stream == null ? null : stream.remoteAddress() == null ? lastRemote : stream.remoteAddress();
    }

    /** The socket in use; null before the connection is open. */
    public @Nullable SocketId socket() {
        return stream == null ? null : stream.socket();
    }

    /** Whether it was opened and has not closed. */
    public boolean isOpen() {
        return stream != null && !over;
    }

    /**
     * Whether the stream below has ended: nothing more can be sent, and what is left to poll ends with the last event.
     * Owners that have stopped polling should go on now.
     */
    public boolean isStreamClosed() {
        return over || (stream != null && stream.isClosed());
    }

    /** Bytes of encrypted messages received, keep-alives included, without the header of the stream. */
    public long messageBytesReceived() {
        return secret == null ? 0 : secret.messageBytesReceived();
    }

    /** Bytes of encrypted messages sent, keep-alives included, without the header of the stream. */
    public long messageBytesSent() {
        return secret == null ? 0 : secret.messageBytesSent();
    }

    /** Sends an empty message now, to find out whether the other end still knows the connection. */
    public void sendKeepAlive(long nowNanos) {
        if (stream != null && !over && !ended) {
            write(Bytes.EMPTY, nowNanos);
        }
    }

    /** What the owner attached with {@link #attach}. */
    public @Nullable Object attachment() {
        return attachment;
    }

    /** Keeps an object of the owner's with the connection. */
    public void attach(@Nullable Object object) {
        attachment = object;
    }

    // ---- sending

    /**
     * Sends a message.
     *
     * @param message at most 16777198 bytes, its remaining bytes; its position does not move. Empty ones arrive nowhere,
     *     as they are keep-alives
     * @param nowNanos the time
     * @return false if the high-water mark is passed: the caller should wait for {@link ConnectionEvent.Drained}. What is
     *     written to a closed connection is dropped
     * @throws IllegalStateException before the connection is open, or after {@link #end}
     * @throws IllegalArgumentException if it is too long
     */
    public boolean write(ByteBuffer message, long nowNanos) {
        UdxStream to = writableStream(message.remaining());
        if (to == null || secret == null) {
            return false;
        }
        try {
            secret.write(message, nowNanos);
        } catch (SecretStreamException e) {
            throw new IllegalStateException(e); // the length was checked, and nothing waits for a handshake
        }
        return flush(to, secret);
    }

    /** As {@link #write(ByteBuffer, long)}. */
    public boolean write(Bytes message, long nowNanos) {
        return write(message.asByteBuffer(), nowNanos);
    }

    /** Whether a write would not pass the high-water mark; not after {@link #end}. */
    public boolean isWritable() {
        return stream != null && !over && !ended && stream.isWritable();
    }

    /** Bytes written, as encrypted, that the peer has not acknowledged. */
    public long bufferedBytes() {
        return stream == null || over ? 0 : stream.bufferedBytes();
    }

    /** Changes whenever the peer acknowledges what it had not; while it does not and bytes are buffered, it is silent. */
    public int acknowledged() {
        return stream == null ? 0 : stream.oldestUnacknowledged();
    }

    /** Ends our direction behind all that was written. The peer may go on; destroy the connection if it does not matter. */
    public void end() {
        if (connector != null) {
            destroy();
        } else if (stream != null && secret != null && !over && !ended) {
            ended = true;
            secret.end();
            stream.end();
            core.timers.update(this);
        }
    }

    /** Gives the connection up at once, with all that is waiting in both directions. */
    public void destroy() {
        if (connector != null) {
            connector.fail(ConnectFailure.DESTROYED);
        } else {
            closeWith(ConnectionEvent.CloseReason.DESTROYED);
        }
    }

    /** Sends an empty message whenever nothing was sent for a time; 0 for never. Without effect before it is open. */
    public void setKeepAlive(long nanos, long nowNanos) {
        if (secret != null && !over) {
            secret.setKeepAlive(nanos, nowNanos);
            core.timers.update(this);
        }
    }

    // ---- receiving

    /**
     * Closes the connection when a message is longer; by default the node's limit counts. Without effect before it is
     * open.
     *
     * @param bytes at most 16777198
     */
    public void setMaxMessageBytes(int bytes) {
        if (secret != null) {
            secret.setMaxMessageBytes(bytes);
        }
    }

    /** The next event, or null when there is none now. Opens the peer's window for as much as was taken. */
    public @Nullable ConnectionEvent pollEvent() {
        UdxStream from = stream;
        SecretStream opened = secret;
        while (from != null && opened != null && !over) {
            ByteBuffer message = opened.pollMessage();
            if (message != null) {
                return new ConnectionEvent.Message(message);
            }
            account(opened.heldBytes());
            if (invalid != null) {
                closeWith(invalid); // behind the messages that were in order
                break;
            }
            UdxEvent event = from.pollEvent();
            if (event == null) {
                return null;
            }
            ConnectionEvent translated = onStreamEvent(from, opened, event);
            if (translated != null) {
                return translated;
            }
        }
        ConnectionEvent last = terminal;
        terminal = null;
        return last;
    }

    private @Nullable ConnectionEvent onStreamEvent(UdxStream from, SecretStream opened, UdxEvent event) {
        if (event instanceof UdxEvent.Data data) {
            int length = data.bytes().remaining();
            try {
                opened.onBytes(data.bytes(), core.now());
                from.consumed(length);
                account(opened.heldBytes());
                core.heldMessages.enforce(); // may close this very connection
            } catch (SecretStreamException e) {
                invalid = e.reason() == SecretStreamException.Reason.FRAME_TOO_LONG
                        ? ConnectionEvent.CloseReason.MESSAGE_TOO_LONG
                        : ConnectionEvent.CloseReason.INVALID_DATA;
            }
        } else if (event instanceof UdxEvent.RemoteEnded) {
            return new ConnectionEvent.RemoteEnded();
        } else if (event instanceof UdxEvent.Drained) {
            return new ConnectionEvent.Drained();
        } else if (event instanceof UdxEvent.Closed closed) {
            closeWith(
                    switch (closed.reason()) {
                        case ENDED -> ConnectionEvent.CloseReason.ENDED;
                        case DESTROYED -> ConnectionEvent.CloseReason.DESTROYED;
                        case RESET -> ConnectionEvent.CloseReason.RESET;
                        case TIMED_OUT -> ConnectionEvent.CloseReason.TIMED_OUT;
                    });
        }
        return null; // unordered messages and changes of path are of no use yet
    }

    /**
     * Names the connection again in the next turn, after what has arrived meanwhile for others: the owner has more to do
     * than it wants to do now.
     */
    public void resumeNextTurn() {
        resumeNanos = core.now();
        core.timers.update(this);
    }

    // ---- within the node

    @Override
    public void onStreamActive(UdxStream from, long nowNanos) {
        if (from.smoothedRttNanos() > 0) {
            proven();
        }
        activate();
    }

    @Override
    public long nextTimeout() {
        return secret == null || over
                ? resumeNanos
                : Math.min(resumeNanos, Math.min(secret.nextTimeout(), proofDeadline));
    }

    @Override
    public void onTimeout(long nowNanos) {
        if (resumeNanos <= nowNanos) {
            resumeNanos = Long.MAX_VALUE;
            activate();
        }
        if (nowNanos >= proofDeadline) {
            onProofOver();
        }
        if (secret != null && stream != null && !over) {
            long before = messageBytesSent();
            try {
                secret.onTimeout(nowNanos);
            } catch (SecretStreamException e) {
                closeWith(ConnectionEvent.CloseReason.TIMED_OUT);
                return;
            }
            flush(stream, secret);
            if (messageBytesSent() != before) {
                activate(); // the owner may want to know whether a keep-alive is acknowledged
            }
        }
    }

    /** The stream below; null before the connection is open. */
    @Nullable
    UdxStream stream() {
        return stream;
    }

    /** Closes an open connection; without effect on any other. */
    void closeWith(ConnectionEvent.CloseReason reason) {
        if (over || stream == null || secret == null) {
            return;
        }
        over = true;
        proven();
        lastRemote = stream.remoteAddress();
        stream.destroy();
        secret.close();
        core.connections.remove(this);
        account(0);
        terminal = new ConnectionEvent.Closed(reason);
        activate();
    }

    private void account(long bytes) {
        held = core.heldMessages.update(this, held, bytes);
    }

    private void unproven(long deadlineNanos) {
        core.unproven.add(this);
        proofDeadline = deadlineNanos;
    }

    private void proven() {
        if (proofDeadline != Long.MAX_VALUE) {
            proofDeadline = Long.MAX_VALUE;
            core.unproven.remove(this);
        }
    }

    /** The time for a first sign of life is over. */
    void onProofOver() {
        proven();
        if (stream != null && stream.smoothedRttNanos() == 0) { // it acknowledged nothing, not even our header
            closeWith(ConnectionEvent.CloseReason.TIMED_OUT);
        }
    }

    private @Nullable UdxStream writableStream(int length) {
        if (ended || (stream == null && !over)) {
            throw new IllegalStateException(ended ? "written after end" : "written before the connection is open");
        }
        if (length > SecretStreamOptions.MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("message of " + length + " bytes is too long");
        }
        return over ? null : stream;
    }

    private boolean flush(UdxStream to, SecretStream from) {
        boolean writable = to.isWritable();
        for (ByteBuffer frame = from.pollOutput(); frame != null; frame = from.pollOutput()) {
            writable = to.write(frame);
        }
        core.timers.update(this);
        return writable;
    }

    /** It was named to the owner, who need not take its events: whatever is new names it again. */
    void onNamed() {
        active = false;
    }

    private void activate() {
        if (!active) {
            active = true;
            core.active.add(this);
        }
    }
}
