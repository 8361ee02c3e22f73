package org.aliasrpc.secretstream;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.Signatures;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.noise.NoiseException;

/**
 * Pays what the first use of cryptography in a process costs: the JVM checks the signature of the whole BouncyCastle jar,
 * loads the classes and interprets them; half a second on a small machine (crypto.md §7.9). To be run once at start, away
 * from event loops.
 */
public final class WarmUp {
    private static final int ROUNDS = 3;
    private static final int MESSAGE_BYTES = 1200;

    private WarmUp() {}

    /**
     * Signs, shakes hands with itself, and sends messages and datagrams both ways.
     *
     * @param random any source; nothing that comes of it is kept
     */
    public static void run(RandomGenerator random) {
        try (KeyPair client = KeyPair.generate(random);
                KeyPair server = KeyPair.generate(random)) {
            Bytes message = Bytes.wrap(new byte[MESSAGE_BYTES]);
            for (int i = 0; i < ROUNDS; i++) {
                require(Signatures.verify(client.publicKey(), message, client.sign(message)));
                converse(client, server, random, message);
            }
        } catch (NoiseException | SecretStreamException e) {
            throw new IllegalStateException("cryptography does not work here", e);
        }
    }

    private static void converse(KeyPair client, KeyPair server, RandomGenerator random, Bytes message)
            throws NoiseException, SecretStreamException {
        HandshakeState first =
                HandshakeState.initiator(HandshakePattern.IK, Bytes.EMPTY, client, server.publicKey(), random);
        HandshakeState second = HandshakeState.responder(HandshakePattern.IK, Bytes.EMPTY, server, random);
        try (SecretStream initiator = SecretStream.negotiating(first, random, SecretStreamOptions.PLAIN, 0);
                SecretStream responder = SecretStream.negotiating(second, random, SecretStreamOptions.PLAIN, 0)) {
            initiator.write(message, 0);
            responder.write(message, 0);
            boolean busy = true;
            while (busy) {
                busy = carry(initiator, responder);
                busy |= carry(responder, initiator);
            }
            ByteBuffer datagram = initiator.sealDatagram(message.asByteBuffer());
            require(initiator.pollMessage() != null
                    && responder.pollMessage() != null
                    && datagram != null
                    && responder.openDatagram(datagram) != null);
        }
    }

    private static boolean carry(SecretStream from, SecretStream to) throws SecretStreamException {
        boolean any = false;
        for (ByteBuffer bytes = from.pollOutput(); bytes != null; bytes = from.pollOutput()) {
            to.onBytes(bytes, 0);
            any = true;
        }
        return any;
    }

    private static void require(boolean works) {
        if (!works) {
            throw new IllegalStateException("cryptography does not work here");
        }
    }
}
