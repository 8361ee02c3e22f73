package org.aliasrpc.secretstream;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.SecretStreamCipher;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.noise.HandshakeResult;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.noise.NoiseException;
import org.aliasrpc.secretstream.SecretStreamException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One end of a secret stream. Bytes of the transport go in and messages come out, and the other way round; each message
 * arrives whole, once and in order, or the stream fails.
 *
 * <p>Does no I/O and reads no clock. After each call the owner drains {@link #pollOutput} into the transport and
 * {@link #pollMessage} into its reader, then arms its timer for {@link #nextTimeout}. After a
 * {@link SecretStreamException} it destroys the transport; messages that arrived before are still there, and every later
 * input is ignored. The end of the transport is the end of the stream and needs no call but {@link #close}; the
 * incomplete frame, if any, is dropped.
 *
 * <p>Source: docs/protocol/secret-stream.md.
 */
public final class SecretStream implements AutoCloseable {
    /** Most plaintext bytes kept for a handshake to end, with {@link #PENDING_OVERHEAD} added for each message. */
    public static final int MAX_PENDING_BYTES = 1 << 20;

    private static final int PENDING_OVERHEAD = 64;
    private static final int ID_LENGTH = 32;
    private static final int HEADER_BODY = ID_LENGTH + SecretStreamCipher.HEADER_LENGTH;
    private static final int MAX_HANDSHAKE_BODY = 65535; // one Noise message (crypto.md §7.8)
    private static final int MESSAGE_TAG = 0;

    private final RandomGenerator random;
    private final FrameReader frames = new FrameReader();
    private final StreamTimers timers = new StreamTimers();
    private final Queue<ByteBuffer> output = new ArrayDeque<>();
    private final ReceivedMessages messages = new ReceivedMessages();
    private final Queue<Bytes> pending = new ArrayDeque<>();
    private int pendingBytes;

    private @Nullable HandshakeState handshake;
    private @Nullable HandshakeResult result;
    private @Nullable SecretStreamCipher sender;
    private @Nullable SecretStreamCipher receiver;
    private @Nullable Datagrams datagrams;
    private boolean ended;
    private boolean over;

    private int maxMessageBytes;
    private boolean dropEmpty;
    private long messageBytesReceived;
    private long messageBytesSent;

    private SecretStream(RandomGenerator random, SecretStreamOptions options, long nowNanos) {
        this.random = random;
        this.maxMessageBytes = options.maxMessageBytes();
        this.dropEmpty = options.dropEmpty();
        setKeepAlive(options.keepAliveNanos(), nowNanos);
        setTimeout(options.timeoutNanos(), nowNanos);
    }

    /**
     * A stream whose handshake was done elsewhere, as in the DHT. Open at once.
     *
     * @param handshake what it left; the stream closes its keys
     * @param random where the header and the first datagram's number come from
     * @param options settings
     */
    public static SecretStream established(
            HandshakeResult handshake, RandomGenerator random, SecretStreamOptions options, long nowNanos) {
        SecretStream stream = new SecretStream(random, options, nowNanos);
        stream.open(handshake, nowNanos);
        return stream;
    }

    /**
     * A stream that runs the handshake itself: each Noise message is a frame, every payload is empty (secret-stream.md
     * §2.1).
     *
     * @param handshake fresh, with an empty prologue; the stream closes it
     * @param random where the header and the first datagram's number come from
     * @param options settings
     */
    public static SecretStream negotiating(
            HandshakeState handshake, RandomGenerator random, SecretStreamOptions options, long nowNanos) {
        SecretStream stream = new SecretStream(random, options, nowNanos);
        stream.handshake = handshake;
        try {
            stream.continueHandshake(handshake, nowNanos);
        } catch (NoiseException e) {
            throw new IllegalArgumentException("not a fresh handshake", e); // an empty payload always fits
        }
        return stream;
    }

    /** Whether the handshake is over, so that the keys below are known and messages go out at once. */
    public boolean isOpen() {
        return result != null;
    }

    /** What the handshake left, its two keys closed; null while it lasts. */
    public @Nullable HandshakeResult handshake() {
        return result;
    }

    /**
     * Takes bytes that arrived from the transport, in order.
     *
     * @param chunk consumed whole and not kept
     * @throws SecretStreamException if the peer broke the protocol or somebody tampered
     */
    public void onBytes(ByteBuffer chunk, long nowNanos) throws SecretStreamException {
        if (over) {
            chunk.position(chunk.limit());
            return;
        }
        timers.onReceived(nowNanos);
        try {
            while (true) {
                byte[] body = frames.next(chunk, maxBody());
                if (body == null) {
                    return;
                }
                onFrame(body, nowNanos);
            }
        } catch (FrameReader.TooLong e) {
            throw fail(tooLong());
        }
    }

    /**
     * The next message from the peer.
     *
     * @return the plaintext, in memory of its own; null if there is none now
     */
    public @Nullable ByteBuffer pollMessage() {
        return messages.poll();
    }

    /** Bytes of memory held for messages that have begun or were not polled. */
    public long heldBytes() {
        return frames.held() + messages.bytes();
    }

    /**
     * Sends a message; may be empty. Kept until the handshake is over.
     *
     * @param message its remaining bytes; its position does not move
     * @throws SecretStreamException if it is longer than {@link SecretStreamOptions#MAX_MESSAGE_BYTES}, or too much waits
     *     for the handshake
     */
    public void write(ByteBuffer message, long nowNanos) throws SecretStreamException {
        checkWritable(message.remaining());
        if (sender == null) {
            keep(Bytes.copyOf(message));
            return;
        }
        byte[] frame = frame(message.remaining());
        message.get(message.position(), frame, FrameReader.LENGTH_BYTES + 1, message.remaining());
        send(sender, frame, message.remaining(), nowNanos);
    }

    /** As {@link #write(ByteBuffer, long)}. */
    public void write(Bytes message, long nowNanos) throws SecretStreamException {
        checkWritable(message.length());
        if (sender == null) {
            keep(message);
            return;
        }
        byte[] frame = frame(message.length());
        message.copyTo(frame, FrameReader.LENGTH_BYTES + 1);
        send(sender, frame, message.length(), nowNanos);
    }

    /** No more messages will be written: keep-alive stops. The owner ends the transport when the output is drained. */
    public void end() {
        ended = true;
        timers.stopSending();
    }

    /**
     * The next bytes for the transport.
     *
     * @return one frame or a part of the stream's beginning, the caller's from now on; null if there is none now
     */
    public @Nullable ByteBuffer pollOutput() {
        return output.poll();
    }

    /**
     * Seals a datagram to be sent beside the stream.
     *
     * @param message its remaining bytes; its position does not move
     * @return 24 bytes more; null before the handshake is over, when the reference drops datagrams, too
     * @throws SecretStreamException after 2^64 datagrams
     */
    public @Nullable ByteBuffer sealDatagram(ByteBuffer message) throws SecretStreamException {
        if (over || datagrams == null) {
            return null;
        }
        try {
            return datagrams.seal(message);
        } catch (SecretStreamException e) {
            throw fail(e);
        }
    }

    /**
     * Opens a datagram that arrived beside the stream. It may be a repetition: nobody counts them.
     *
     * @param datagram its remaining bytes; its position does not move
     * @return the message; null if it is not from the peer or the handshake is not over
     */
    public @Nullable ByteBuffer openDatagram(ByteBuffer datagram) {
        return over || datagrams == null ? null : datagrams.open(datagram);
    }

    /**
     * Sends an empty message whenever nothing was sent for a time. From the first time above 0 on, empty messages that
     * arrive are dropped for good (secret-stream.md §5.1).
     *
     * @param nanos the time; 0 for never
     * @param nowNanos the time now
     */
    public void setKeepAlive(long nanos, long nowNanos) {
        dropEmpty |= nanos > 0;
        timers.setKeepAlive(nanos, nowNanos);
    }

    /**
     * Fails the stream when nothing arrives for a time.
     *
     * @param nanos the time; 0 for never
     * @param nowNanos the time now
     */
    public void setTimeout(long nanos, long nowNanos) {
        timers.setTimeout(nanos, nowNanos);
    }

    /**
     * Accepts shorter or longer messages from now on; a message that has begun is meant, too.
     *
     * @param bytes longest plaintext, at most {@link SecretStreamOptions#MAX_MESSAGE_BYTES}
     */
    public void setMaxMessageBytes(int bytes) {
        if (bytes < 0 || bytes > SecretStreamOptions.MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("a limit of " + bytes + " bytes");
        }
        maxMessageBytes = bytes;
    }

    /** When {@link #onTimeout} wants to be called; {@link Long#MAX_VALUE} for never. */
    public long nextTimeout() {
        return timers.next();
    }

    /**
     * Does what is due: sends a keep-alive, or gives up.
     *
     * @throws SecretStreamException if the peer was silent for too long
     */
    public void onTimeout(long nowNanos) throws SecretStreamException {
        if (timers.isTimedOut(nowNanos)) {
            throw fail(new SecretStreamException(Reason.TIMED_OUT));
        }
        if (sender != null && timers.isKeepAliveDue(nowNanos)) {
            send(sender, frame(0), 0, nowNanos);
        }
    }

    /** Encrypted bytes of all messages that arrived, keep-alives included (hyperswarm.md §6), the header not. */
    public long messageBytesReceived() {
        return messageBytesReceived;
    }

    /** Encrypted bytes of all messages that were sealed, keep-alives included, the header not. */
    public long messageBytesSent() {
        return messageBytesSent;
    }

    /** Wipes the keys and drops what is queued for sending. Messages that arrived can still be polled. */
    @Override
    public void close() {
        over = true;
        timers.stop();
        pending.clear();
        output.clear();
        if (handshake != null) {
            handshake.close();
        }
        if (result != null) {
            result.tx().close();
            result.rx().close();
        }
        closeAll(sender, receiver, datagrams);
    }

    private void onFrame(byte[] body, long nowNanos) throws SecretStreamException {
        if (receiver != null) {
            onMessage(receiver, body);
        } else if (result != null) {
            onHeader(result, body);
        } else if (handshake != null) {
            try {
                handshake.readMessage(Bytes.wrap(body));
                continueHandshake(handshake, nowNanos);
            } catch (NoiseException e) {
                throw fail(new SecretStreamException(Reason.HANDSHAKE));
            }
        }
    }

    private void continueHandshake(HandshakeState state, long nowNanos) throws NoiseException {
        if (state.isMyTurn()) {
            Bytes message = state.writeMessage(Bytes.EMPTY);
            byte[] frame = new byte[FrameReader.LENGTH_BYTES + message.length()];
            FrameReader.writeLength(frame, message.length());
            message.copyTo(frame, FrameReader.LENGTH_BYTES);
            output.add(ByteBuffer.wrap(frame));
        }
        if (state.isComplete()) {
            handshake = null;
            open(state.split(), nowNanos);
        }
    }

    private void open(HandshakeResult keys, long nowNanos) {
        byte[] header = new byte[SecretStreamCipher.HEADER_LENGTH];
        random.nextBytes(header);
        result = keys;
        sender = new SecretStreamCipher(keys.tx(), Bytes.copyOf(header));
        keys.tx().close();
        datagrams = new Datagrams(keys.hash(), keys.initiator(), Datagrams.randomStart(random));
        byte[] frame = new byte[FrameReader.LENGTH_BYTES + HEADER_BODY];
        FrameReader.writeLength(frame, HEADER_BODY);
        Ids.streamId(keys.hash(), keys.initiator()).copyTo(frame, FrameReader.LENGTH_BYTES);
        System.arraycopy(header, 0, frame, FrameReader.LENGTH_BYTES + ID_LENGTH, header.length);
        output.add(ByteBuffer.wrap(frame));
        if (!ended) {
            timers.startSending(nowNanos);
        }
        for (Bytes message = pending.poll(); message != null; message = pending.poll()) {
            byte[] waiting = frame(message.length());
            message.copyTo(waiting, FrameReader.LENGTH_BYTES + 1);
            send(sender, waiting, message.length(), nowNanos);
        }
        pendingBytes = 0;
    }

    private void onHeader(HandshakeResult keys, byte[] body) throws SecretStreamException {
        if (body.length != HEADER_BODY) {
            throw fail(new SecretStreamException(Reason.HEADER_LENGTH));
        }
        // The peer's role: our own header, sent back to us, is refused here (secret-stream.md §4).
        if (!Ids.streamId(keys.hash(), !keys.initiator()).equals(Bytes.copyOf(body, 0, ID_LENGTH))) {
            throw fail(new SecretStreamException(Reason.HEADER_ID));
        }
        receiver = new SecretStreamCipher(keys.rx(), Bytes.copyOf(body, ID_LENGTH, SecretStreamCipher.HEADER_LENGTH));
        keys.rx().close();
    }

    private void onMessage(SecretStreamCipher cipher, byte[] body) throws SecretStreamException {
        if (body.length < SecretStreamCipher.OVERHEAD) {
            throw fail(new SecretStreamException(Reason.FRAME_TOO_SHORT));
        }
        // Any tag is a message; only its effect on the key counts (secret-stream.md §5, rule 5).
        if (cipher.open(body, 0, body.length) == SecretStreamCipher.FORGED) {
            throw fail(new SecretStreamException(Reason.FORGED));
        }
        int length = body.length - SecretStreamCipher.OVERHEAD;
        messageBytesReceived += body.length;
        if (length == 0 && dropEmpty) {
            return;
        }
        messages.add(ByteBuffer.wrap(body, 1, length).slice());
    }

    private void checkWritable(int length) throws SecretStreamException {
        if (ended) {
            throw new IllegalStateException("written after end");
        }
        if (length > SecretStreamOptions.MAX_MESSAGE_BYTES) {
            throw fail(new SecretStreamException(Reason.MESSAGE_TOO_LARGE));
        }
    }

    private void keep(Bytes message) throws SecretStreamException {
        if (over) {
            return;
        }
        pendingBytes += message.length() + PENDING_OVERHEAD;
        if (pendingBytes > MAX_PENDING_BYTES) {
            throw fail(new SecretStreamException(Reason.TOO_MUCH_PENDING));
        }
        pending.add(message);
    }

    /** A frame for a plaintext, which goes behind the length and the tag and is encrypted there. */
    private static byte[] frame(int plaintext) {
        byte[] frame = new byte[FrameReader.LENGTH_BYTES + SecretStreamCipher.OVERHEAD + plaintext];
        FrameReader.writeLength(frame, SecretStreamCipher.OVERHEAD + plaintext);
        return frame;
    }

    private void send(SecretStreamCipher cipher, byte[] frame, int plaintext, long nowNanos) {
        if (over) {
            return;
        }
        cipher.seal(frame, FrameReader.LENGTH_BYTES, plaintext, MESSAGE_TAG);
        output.add(ByteBuffer.wrap(frame));
        messageBytesSent += plaintext + SecretStreamCipher.OVERHEAD;
        timers.onSent(nowNanos);
    }

    private int maxBody() {
        if (receiver != null) {
            return maxMessageBytes + SecretStreamCipher.OVERHEAD;
        }
        return result != null ? HEADER_BODY : MAX_HANDSHAKE_BODY;
    }

    private SecretStreamException tooLong() {
        if (receiver != null) {
            return new SecretStreamException(Reason.FRAME_TOO_LONG);
        }
        return new SecretStreamException(result != null ? Reason.HEADER_LENGTH : Reason.HANDSHAKE);
    }

    private SecretStreamException fail(SecretStreamException reason) {
        close();
        return reason;
    }

    private static void closeAll(
            @Nullable SecretStreamCipher sender, @Nullable SecretStreamCipher receiver, @Nullable Datagrams datagrams) {
        if (sender != null) {
            sender.close();
        }
        if (receiver != null) {
            receiver.close();
        }
        if (datagrams != null) {
            datagrams.close();
        }
    }
}
