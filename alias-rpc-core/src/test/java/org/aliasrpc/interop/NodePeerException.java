package org.aliasrpc.interop;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A command that a Node peer could not carry out: what the reference's promise was rejected with. */
public final class NodePeerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final @Nullable String code;
    private final @Nullable String causeMessage;

    private NodePeerException(String told, String reason, @Nullable String code, @Nullable String causeMessage) {
        super(told);
        this.reason = reason;
        this.code = code;
        this.causeMessage = causeMessage;
    }

    static NodePeerException of(String command, JsonNode error, String stderr) {
        String told = command + " failed in the Node peer: " + error + stderr;
        return new NodePeerException(
                told,
                error.path("message").asString(""),
                error.path("code").asString(null),
                error.path("cause").path("message").asString(null));
    }

    /** The error's own text, as the reference wrote it. */
    public String reason() {
        return reason;
    }

    /** The reference's error code, such as {@code TIMEOUT_EXCEEDED}; null for a plain error. */
    public @Nullable String code() {
        return code;
    }

    /** The text of the error's cause; null without one. */
    public @Nullable String causeMessage() {
        return causeMessage;
    }
}
