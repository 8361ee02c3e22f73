package org.aliasrpc.noise;

import java.util.List;

/** Which keys a handshake sends, in which order (crypto.md §7.3 and §7.4). */
public enum HandshakePattern {
    /** The initiator knows the responder's static key: two messages. */
    IK,

    /** Nobody knows anybody: three messages. */
    XX;

    private static final List<List<Token>> IK_MESSAGES =
            List.of(List.of(Token.E, Token.ES, Token.S, Token.SS), List.of(Token.E, Token.EE, Token.SE));
    private static final List<List<Token>> XX_MESSAGES =
            List.of(List.of(Token.E), List.of(Token.E, Token.EE, Token.S, Token.ES), List.of(Token.S, Token.SE));

    /** The tokens of each message; the initiator sends the first, then the sides alternate. */
    List<List<Token>> messages() {
        return switch (this) {
            case IK -> IK_MESSAGES;
            case XX -> XX_MESSAGES;
        };
    }

    /** Whether the responder's static key is known to the initiator beforehand. */
    boolean knowsResponder() {
        return this == IK;
    }

    String protocolName() {
        return "Noise_" + name() + "_Ed25519_ChaChaPoly_BLAKE2b";
    }

    /** A step of a message (crypto.md §7.5). */
    enum Token {
        E,
        S,
        EE,
        ES,
        SE,
        SS
    }
}
