package org.aliasrpc.dht;

import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What to ask another node with a command of the layer above.
 *
 * @param command 0 to 2^53 − 1; its meaning belongs to the layer above
 * @param target the position it is about; without one the answer carries no closer nodes
 * @param value the argument; null is told apart from empty. The datagram is not fragmented: keep it below about 1000 bytes
 * @param token the token of an earlier reply of that node, which proves our address; null if the command needs none
 */
public record OutgoingRequest(
        long command,
        @Nullable NodeId target,
        @Nullable Bytes value,
        @Nullable Bytes token) {
    public OutgoingRequest {
        if (token != null && token.length() != RoundTripTokens.LENGTH) {
            throw new IllegalArgumentException("a token of " + token.length() + " bytes");
        }
    }

    /** A request without token. */
    public OutgoingRequest(long command, @Nullable NodeId target, @Nullable Bytes value) {
        this(command, target, value, null);
    }

    /** The same request with another token. */
    public OutgoingRequest withToken(@Nullable Bytes otherToken) {
        return new OutgoingRequest(command, target, value, otherToken);
    }
}
