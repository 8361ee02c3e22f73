package org.aliasrpc.noise;

/** A handshake failed, for good: its state must not be used again. */
public final class NoiseException extends Exception {
    private static final long serialVersionUID = 1L;

    NoiseException(String message) {
        super(message);
    }

    /** Strangers can cause it at will, and where it was thrown says nothing: the stack would only cost. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
