package org.aliasrpc.secretstream;

/** A secret stream failed, for good: the transport below it has to be destroyed. Nothing is sent about it. */
public final class SecretStreamException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What went wrong. The texts are the reference's. */
    public enum Reason {
        /** A handshake message was not what the peer should have sent. */
        HANDSHAKE("Noise handshake failed"),
        /** The first frame does not have the length of a header. */
        HEADER_LENGTH("Invalid header message received"),
        /** The header belongs to another stream, or is our own, sent back. */
        HEADER_ID("Invalid header received"),
        /** A frame is too short to be a message. */
        FRAME_TOO_SHORT("Invalid message received"),
        /** A frame is longer than the configured limit, or than a handshake message can be. */
        FRAME_TOO_LONG("Received message is too large"),
        /** A message was changed, lost, repeated or put out of order. */
        FORGED("pull failed"),
        /** A message to send is too large for one frame. */
        MESSAGE_TOO_LARGE("Message is too large for an atomic write. Max size is 16777215 bytes."),
        /** More was written before the handshake ended than is kept. */
        TOO_MUCH_PENDING("Too many bytes written before the handshake"),
        /** All numbers of datagrams were used. */
        DATAGRAMS_EXHAUSTED("udp send nonce exhausted"),
        /** Nothing was received for the configured time. */
        TIMED_OUT("Stream timed out");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final Reason reason;

    SecretStreamException(Reason reason) {
        super(reason.text);
        this.reason = reason;
    }

    /** What went wrong. */
    public Reason reason() {
        return reason;
    }

    /** A peer can cause it at will, and where it was thrown says nothing: the stack would only cost. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
