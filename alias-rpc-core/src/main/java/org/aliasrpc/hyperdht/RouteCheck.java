package org.aliasrpc.hyperdht;

import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.Blake2b;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the way from a storing node leads to a process that lives. Processes that share a key pair replace
 * each other's routes there, and one that is killed deletes nothing: the record is still there, and so is its route
 * (docs/protocol/hyperdht.md §8, third defect).
 *
 * <p>The question goes the way of a client's handshake, in the place of Noise message 1: {@code public key of the server
 * (32), nonce (32), keyed BLAKE2b of the nonce (32)}, keyed with what only owners of the key pair can compute. Whichever
 * of them gets it answers in the place of message 2, {@code keyed BLAKE2b (32)} again, without any curve arithmetic. A
 * server of the reference takes the question for a forged message 1 and is silent; its beginning is a valid point, so
 * that it gets no further there than with any other forgery.
 */
final class RouteCheck implements AutoCloseable {
    /** Every so many rounds the ways are checked: 6 s apart, and 10 s if a node answers late. */
    static final int ROUNDS = 2;

    /**
     * As long as a way leads to another process of the same key every round: should that one be killed, clients wait for
     * us to take its place. Whoever has the ways, as nearly every server, does not pay for this.
     */
    static final int ROUNDS_BEHIND_ANOTHER = 1;

    /** Half as often after each failure in a row, down to this: about 3 minutes. A way may be one that never works. */
    static final int MAX_ROUNDS = 64;

    /** A process that lives answers in time: so often the question is repeated, and its end is known soon. */
    static final int RETRIES = 2;

    private static final int PART = PublicKey.LENGTH;
    private static final int LENGTH = 3 * PART;
    private static final Bytes QUESTION = Bytes.utf8("question");
    private static final Bytes ANSWER = Bytes.utf8("answer");

    private final Bytes publicKey;
    private final SecretBytes key;
    private Bytes asked = Bytes.EMPTY;
    private Bytes expected = Bytes.EMPTY;
    private int answeredOurselves;
    private int rounds = ROUNDS;

    RouteCheck(KeyPair keyPair) {
        this.publicKey = keyPair.publicKey().bytes();
        try (KeyPair derived = keyPair.derive("alias-rpc/route-check")) {
            this.key = derived.seed();
        }
    }

    /** Whether it is time for a check, in the so manieth round of looking after the record. */
    boolean isDue(int round) {
        return round % rounds == 0;
    }

    /** Whether checks have failed of late. */
    boolean isDoubtful() {
        return rounds > ROUNDS;
    }

    /**
     * All nodes were asked.
     *
     * @param nodes how many
     * @param all whether all have led to an answer
     */
    void onChecked(int nodes, boolean all) {
        if (all) {
            rounds = answeredOurselves < nodes ? ROUNDS_BEHIND_ANOTHER : ROUNDS;
        } else {
            rounds = Math.min(2 * Math.max(rounds, ROUNDS), MAX_ROUNDS);
        }
    }

    /** The value of a new PEER_HANDSHAKE request; answers to the one before do not count any more. */
    Bytes ask(RandomGenerator random) {
        byte[] fresh = new byte[PART];
        random.nextBytes(fresh);
        Bytes nonce = Bytes.wrap(fresh);
        asked = nonce;
        answeredOurselves = 0;
        expected = Blake2b.keyed(key, ANSWER, nonce);
        Bytes question = Bytes.concat(publicKey, nonce, Blake2b.keyed(key, QUESTION, nonce));
        return HandshakeMessage.CODEC.encode(HandshakeMessage.of(Mode.FROM_CLIENT, question));
    }

    /**
     * Whether an owner of the key pair has answered the latest question.
     *
     * @param value of the reply
     */
    boolean isAnswer(@Nullable Bytes value) {
        try {
            return value != null
                    && HandshakeMessage.CODEC.decode(value).noise().equals(expected)
                    && !expected.isEmpty();
        } catch (DecodeException e) {
            return false;
        }
    }

    /** Whether this cannot be a handshake: no client has our key. */
    boolean isQuestion(Bytes noise) {
        return noise.length() == LENGTH && noise.slice(0, PART).equals(publicKey);
    }

    /** What to answer; null if it is not the question of an owner of the key pair. */
    @Nullable
    Bytes answer(Bytes question) {
        Bytes nonce = question.slice(PART, 2 * PART);
        Bytes proof = question.slice(2 * PART, LENGTH);
        if (!Blake2b.keyed(key, QUESTION, nonce).equals(proof)) {
            return null;
        }
        if (nonce.equals(asked)) {
            answeredOurselves++;
        }
        return Blake2b.keyed(key, ANSWER, nonce);
    }

    @Override
    public void close() {
        key.close();
    }
}
