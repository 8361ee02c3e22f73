package org.aliasrpc.interop;

import java.util.concurrent.CompletionException;
import org.aliasrpc.AliasRpcException;

/** How a registration ended, in words that hold for clients of every kind (docs/protocol, alias-rpc.md §5). */
sealed interface Outcome {
    /** The server accepted. */
    record Registered(boolean updated) implements Outcome {}

    /** The server answered no, for this reason. */
    record Refused(String reason) implements Outcome {}

    /** One side does not accept the other's version; the text says which. */
    record Incompatible(String text) implements Outcome {}

    /** The time was over. */
    record TimedOut() implements Outcome {}

    /** No connection, or no channel on it, came about. */
    record Unreachable() implements Outcome {}

    /** The connection broke before the answer. */
    record Lost() implements Outcome {}

    /** Something no test of the matrix expects. */
    record Odd(String text) implements Outcome {}

    static Outcome of(Throwable thrown) {
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (failure instanceof NodePeerException node) {
            return ofNode(node);
        }
        if (failure instanceof AliasRpcException.Refused refused) {
            return new Refused(String.valueOf(refused.getMessage()));
        }
        if (failure instanceof AliasRpcException.IncompatibleVersion incompatible) {
            return new Incompatible(String.valueOf(incompatible.getMessage()));
        }
        if (failure instanceof AliasRpcException.TimedOut) {
            return new TimedOut();
        }
        if (failure instanceof AliasRpcException.ConnectionLost) {
            return new Lost();
        }
        if (failure instanceof AliasRpcException.PeerNotFound
                || failure instanceof AliasRpcException.ConnectionFailed
                || failure instanceof AliasRpcException.ChannelRejected) {
            return new Unreachable();
        }
        return new Odd(String.valueOf(failure));
    }

    private static Outcome ofNode(NodePeerException failure) {
        String code = failure.code();
        if (code == null) {
            return failure.reason().equals("Could not open socket") ? new Unreachable() : new Refused(failure.reason());
        }
        return switch (code) {
            case "DECODE_ERROR" -> new Incompatible(String.valueOf(failure.causeMessage()));
            case "TIMEOUT_EXCEEDED", "REQUEST_TIMEOUT" -> new TimedOut();
            case "CHANNEL_CLOSED" -> new Lost();
            default -> new Odd(failure.reason());
        };
    }
}
