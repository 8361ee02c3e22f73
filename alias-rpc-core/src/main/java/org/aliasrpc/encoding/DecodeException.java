package org.aliasrpc.encoding;

/** Received bytes do not have the announced form. The only exception a decoder throws. */
public final class DecodeException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong, without the received bytes: they may hold secrets
     */
    public DecodeException(String message) {
        super(message);
    }

    /** A read past the end of the input; the text is the reference's (encoding.md §1, R4). */
    public static DecodeException outOfBounds() {
        return new DecodeException("Out of bounds");
    }

    /**
     * Expected at the rate at which a hostile peer sends garbage, and never logged with its stack: filling it in would
     * cost more than the decoding.
     */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
