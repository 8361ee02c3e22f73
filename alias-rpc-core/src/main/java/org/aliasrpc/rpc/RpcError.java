package org.aliasrpc.rpc;

import org.jspecify.annotations.Nullable;

/**
 * Why a call failed.
 *
 * @param code null if the responder gave none or an unknown one
 * @param message without the code in front; if the remote wrote it, it is for people only
 * @param cause what was behind it, if known
 */
public record RpcError(
        @Nullable RpcErrorCode code,
        String message,
        @Nullable Cause cause) {
    /**
     * The failure behind an error response.
     *
     * @param message its text
     * @param code its code, if it has one
     * @param context further text, if any
     */
    public record Cause(
            String message, @Nullable String code, @Nullable String context) {
        /** A cause of which only the text is known. */
        public Cause(String message) {
            this(message, null, null);
        }
    }

    /** The text as the reference shows it, {@code CODE: message}. */
    public String text() {
        return code == null ? message : code + ": " + message;
    }
}
