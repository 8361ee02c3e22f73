package org.aliasrpc.noise;

import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.DhPublicKey;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One side of one handshake. The sides write and read in turn, the initiator writes first; after the last message both
 * call {@link #split}. About a millisecond of arithmetic a side.
 *
 * <p>A {@link NoiseException} ends the handshake: secrets are wiped, and every later call throws
 * {@link IllegalStateException}. {@link #close} does the same to a handshake that is given up.
 *
 * <p>Source: docs/protocol/crypto.md §7.
 */
public final class HandshakeState implements AutoCloseable {
    private final HandshakePattern pattern;
    private final boolean initiator;
    private final SymmetricState symmetric;
    private final KeyPair own;
    private final RandomGenerator random;

    private @Nullable KeyPair ephemeral;
    private @Nullable DhPublicKey remoteStatic;
    private @Nullable DhPublicKey remoteEphemeral;
    private int done;
    private boolean closed;

    private HandshakeState(
            HandshakePattern pattern, boolean initiator, Bytes prologue, KeyPair own, RandomGenerator random) {
        this.pattern = pattern;
        this.initiator = initiator;
        this.symmetric = new SymmetricState(pattern.protocolName(), prologue);
        this.own = own;
        this.random = random;
    }

    /**
     * The side that speaks first.
     *
     * @param pattern XX, or IK if remote is known
     * @param prologue both sides must have the same; may be empty
     * @param own the own static key; not closed by the handshake
     * @param remote the responder's static key, needed for IK and ignored for XX
     * @param random where the ephemeral key comes from
     * @throws NoiseException if remote is missing or not a usable key
     */
    public static HandshakeState initiator(
            HandshakePattern pattern, Bytes prologue, KeyPair own, @Nullable PublicKey remote, RandomGenerator random)
            throws NoiseException {
        HandshakeState state = new HandshakeState(pattern, true, prologue, own, random);
        if (pattern.knowsResponder()) {
            if (remote == null) {
                throw new NoiseException("Remote pubkey required");
            }
            state.remoteStatic = usable(remote);
            state.symmetric.mixHash(remote.bytes());
        }
        return state;
    }

    /**
     * The side that answers.
     *
     * @param pattern what the initiator uses
     * @param prologue both sides must have the same; may be empty
     * @param own the own static key; not closed by the handshake
     * @param random where the ephemeral key comes from
     */
    public static HandshakeState responder(
            HandshakePattern pattern, Bytes prologue, KeyPair own, RandomGenerator random) {
        HandshakeState state = new HandshakeState(pattern, false, prologue, own, random);
        if (pattern.knowsResponder()) {
            state.symmetric.mixHash(own.publicKey().bytes());
        }
        return state;
    }

    /** Whether the next step is {@link #writeMessage}; else it is {@link #readMessage}, or nothing if complete. */
    public boolean isMyTurn() {
        return !isComplete() && (done % 2 == 0) == initiator;
    }

    /** Whether all messages went over, so that only {@link #split} is left. */
    public boolean isComplete() {
        return done == pattern.messages().size();
    }

    /**
     * Writes the next message.
     *
     * @param payload goes along, encrypted except in the first message of XX; at most 65519 bytes
     * @return the message
     * @throws NoiseException if the payload is too long
     */
    public Bytes writeMessage(Bytes payload) throws NoiseException {
        checkTurn(isMyTurn());
        try {
            Bytes message = Bytes.EMPTY;
            for (HandshakePattern.Token token : pattern.messages().get(done)) {
                message = Bytes.concat(message, write(token));
            }
            message = Bytes.concat(message, symmetric.encryptAndHash(payload));
            done++;
            return message;
        } catch (NoiseException e) {
            close();
            throw e;
        }
    }

    /**
     * Reads the peer's next message.
     *
     * @param message as received
     * @return its payload
     * @throws NoiseException if it is not what the peer would have sent
     */
    public Bytes readMessage(Bytes message) throws NoiseException {
        checkTurn(!isComplete() && !isMyTurn());
        try {
            int at = 0;
            for (HandshakePattern.Token token : pattern.messages().get(done)) {
                at += read(token, message, at);
            }
            Bytes payload = symmetric.decryptAndHash(message.slice(at, message.length()));
            done++;
            return payload;
        } catch (NoiseException e) {
            close();
            throw e;
        }
    }

    /**
     * The peer's static key: known at once to the initiator of IK, else when the message that carries it was read. What
     * was read is proven to be the peer's own by then for IK's responder, and at the end of the handshake in every case.
     */
    public @Nullable PublicKey remoteStatic() {
        return remoteStatic == null ? null : remoteStatic.key();
    }

    /**
     * The keys of the connection. Call once, when complete; wipes this state.
     */
    public HandshakeResult split() {
        checkTurn(isComplete());
        SecretBytes[] keys = symmetric.split();
        HandshakeResult result = new HandshakeResult(
                initiator,
                keys[initiator ? 0 : 1],
                keys[initiator ? 1 : 0],
                symmetric.hash(),
                own.publicKey(),
                require(remoteStatic).key());
        close();
        return result;
    }

    /** Wipes the secrets of this handshake. */
    @Override
    public void close() {
        closed = true;
        symmetric.wipe();
        if (ephemeral != null) {
            ephemeral.close();
        }
    }

    /** For comparison with recorded states. */
    SymmetricState symmetric() {
        return symmetric;
    }

    private Bytes write(HandshakePattern.Token token) throws NoiseException {
        return switch (token) {
            case E -> {
                ephemeral = KeyPair.generate(random);
                Bytes key = ephemeral.publicKey().bytes();
                symmetric.mixHash(key);
                yield key;
            }
            case S -> symmetric.encryptAndHash(own.publicKey().bytes());
            case EE, ES, SE, SS -> {
                mixAgreed(token);
                yield Bytes.EMPTY;
            }
        };
    }

    /** Returns how many bytes of the message the token took. */
    private int read(HandshakePattern.Token token, Bytes message, int at) throws NoiseException {
        switch (token) {
            case E -> {
                Bytes key = part(message, at, PublicKey.LENGTH);
                symmetric.mixHash(key);
                remoteEphemeral = usable(PublicKey.of(key));
                return key.length();
            }
            case S -> {
                Bytes wire = part(message, at, PublicKey.LENGTH + symmetric.overhead());
                remoteStatic = usable(PublicKey.of(symmetric.decryptAndHash(wire)));
                return wire.length();
            }
            default -> {
                mixAgreed(token);
                return 0;
            }
        }
    }

    /** The first letter names the initiator's key, the second one the responder's. */
    private void mixAgreed(HandshakePattern.Token token) {
        boolean initiatorStatic = token == HandshakePattern.Token.SE || token == HandshakePattern.Token.SS;
        boolean responderStatic = token == HandshakePattern.Token.ES || token == HandshakePattern.Token.SS;
        KeyPair mine = (initiator ? initiatorStatic : responderStatic) ? own : require(ephemeral);
        DhPublicKey theirs = require((initiator ? responderStatic : initiatorStatic) ? remoteStatic : remoteEphemeral);
        try (SecretBytes secret = theirs.agree(mine)) {
            symmetric.mixKey(secret);
        }
    }

    private void checkTurn(boolean allowed) {
        if (closed || !allowed) {
            throw new IllegalStateException(closed ? "handshake is over" : "not the turn for this step");
        }
    }

    private static Bytes part(Bytes message, int at, int length) throws NoiseException {
        if (message.length() - at < length) {
            throw new NoiseException("Insufficient bytes");
        }
        return message.slice(at, at + length);
    }

    private static DhPublicKey usable(PublicKey key) throws NoiseException {
        DhPublicKey usable = DhPublicKey.of(key);
        if (usable == null) {
            throw new NoiseException("unusable public key");
        }
        return usable;
    }

    /** The order of tokens makes sure of it. */
    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("key not yet known");
        }
        return value;
    }
}
