package org.aliasrpc.secretstream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.HandshakeResult;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.noise.NoiseException;

/** Both ends of a stream, and the transport between them: whatever one end puts out, in order, in chunks of any size. */
final class StreamPair {
    final SecretStream initiator;
    final SecretStream responder;
    private final Random random;

    private StreamPair(SecretStream initiator, SecretStream responder, Random random) {
        this.initiator = initiator;
        this.responder = responder;
        this.random = random;
    }

    /** Ends that both know the keys already. */
    static StreamPair established(SecretStreamOptions options, long seed) {
        Random random = new Random(seed);
        byte[] first = new byte[32];
        byte[] second = new byte[32];
        byte[] hash = new byte[64];
        random.nextBytes(first);
        random.nextBytes(second);
        random.nextBytes(hash);
        return new StreamPair(
                SecretStream.established(result(true, first, second, hash), random, options, 0),
                SecretStream.established(result(false, second, first, hash), random, options, 0),
                random);
    }

    /** Ends that shake hands on their own. */
    static StreamPair negotiating(HandshakePattern pattern, long seed) throws NoiseException {
        Random random = new Random(seed);
        KeyPair client = KeyPair.generate(random);
        KeyPair server = KeyPair.generate(random);
        HandshakeState first = HandshakeState.initiator(pattern, Bytes.EMPTY, client, server.publicKey(), random);
        HandshakeState second = HandshakeState.responder(pattern, Bytes.EMPTY, server, random);
        return new StreamPair(
                SecretStream.negotiating(first, random, SecretStreamOptions.PLAIN, 0),
                SecretStream.negotiating(second, random, SecretStreamOptions.PLAIN, 0),
                random);
    }

    /** Carries frame by frame until both ends are quiet. */
    StreamPair settle(long nowNanos) throws SecretStreamException {
        boolean busy = true;
        while (busy) {
            busy = carry(initiator, responder, nowNanos);
            busy |= carry(responder, initiator, nowNanos);
        }
        return this;
    }

    /** Carries everything one end has to say, cut at random places. */
    void carryInPieces(SecretStream from, SecretStream to, int largest) throws SecretStreamException {
        ByteBuffer all = ByteBuffer.wrap(output(from).toByteArray());
        while (all.hasRemaining()) {
            int length = Math.min(random.nextInt(largest + 1), all.remaining()); // empty chunks, too
            ByteBuffer chunk = all.slice(all.position(), length);
            to.onBytes(chunk, 0);
            all.position(all.position() + length);
        }
    }

    static Bytes output(SecretStream from) {
        List<Bytes> frames = new ArrayList<>();
        for (ByteBuffer frame = from.pollOutput(); frame != null; frame = from.pollOutput()) {
            frames.add(Bytes.copyOf(frame));
        }
        return Bytes.concat(frames.toArray(new Bytes[0]));
    }

    static List<Bytes> messages(SecretStream at) {
        List<Bytes> messages = new ArrayList<>();
        for (ByteBuffer message = at.pollMessage(); message != null; message = at.pollMessage()) {
            messages.add(Bytes.copyOf(message));
        }
        return messages;
    }

    private static boolean carry(SecretStream from, SecretStream to, long nowNanos) throws SecretStreamException {
        Bytes bytes = output(from);
        to.onBytes(bytes.asByteBuffer(), nowNanos);
        return !bytes.isEmpty();
    }

    private static HandshakeResult result(boolean initiator, byte[] tx, byte[] rx, byte[] hash) {
        PublicKey key = PublicKey.of(new byte[PublicKey.LENGTH]);
        return new HandshakeResult(
                initiator, SecretBytes.copyOf(tx), SecretBytes.copyOf(rx), Bytes.copyOf(hash), key, key);
    }
}
