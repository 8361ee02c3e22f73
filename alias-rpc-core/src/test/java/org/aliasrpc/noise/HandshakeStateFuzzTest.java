package org.aliasrpc.noise;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.encoding.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any bytes in the place of a message are refused with a {@link NoiseException}, and nothing else is thrown. */
class HandshakeStateFuzzTest {
    private static final KeyPair CLIENT = KeyPair.generate(new Random(1));
    private static final KeyPair SERVER = KeyPair.generate(new Random(2));

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreReadOrRefused(byte[] data) throws NoiseException {
        for (HandshakePattern pattern : HandshakePattern.values()) {
            converse(pattern, Bytes.copyOf(data), data.length % 3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLengthAndEveryChangedByteIsReadOrRefused(HandshakePattern pattern) throws NoiseException {
        for (int at = 0; at < pattern.messages().size(); at++) {
            Bytes good = message(pattern, at);
            for (int length = 0; length <= good.length() + 1; length += 8) {
                byte[] data = new byte[length];
                good.slice(0, Math.min(length, good.length())).copyTo(data, 0);
                converse(pattern, Bytes.wrap(data), at);
            }
            for (int changed = 0; changed < good.length(); changed += 7) {
                byte[] data = good.toByteArray();
                data[changed] ^= 1;
                converse(pattern, Bytes.wrap(data), at);
            }
        }
    }

    /** A handshake in which one message is replaced; ends where it is refused. */
    private static void converse(HandshakePattern pattern, Bytes replacement, int replaced) throws NoiseException {
        HandshakeState writer = initiator(pattern);
        HandshakeState reader = responder(pattern);
        for (int at = 0; !writer.isComplete(); at++) {
            Bytes message = writer.writeMessage(Bytes.EMPTY);
            try {
                reader.readMessage(at == replaced ? replacement : message);
            } catch (NoiseException e) {
                return;
            }
            HandshakeState next = reader;
            reader = writer;
            writer = next;
        }
        // Whoever gets here saw another message than was sent, or the very same: the hashes tell which.
        boolean same = writer.split().hash().equals(reader.split().hash());
        assertThat(same)
                .isEqualTo(replaced >= pattern.messages().size()
                        || message(pattern, replaced).equals(replacement));
    }

    private static Bytes message(HandshakePattern pattern, int wanted) throws NoiseException {
        HandshakeState writer = initiator(pattern);
        HandshakeState reader = responder(pattern);
        for (int at = 0; ; at++) {
            Bytes message = writer.writeMessage(Bytes.EMPTY);
            if (at == wanted) {
                return message;
            }
            reader.readMessage(message);
            HandshakeState next = reader;
            reader = writer;
            writer = next;
        }
    }

    private static HandshakeState initiator(HandshakePattern pattern) throws NoiseException {
        return HandshakeState.initiator(pattern, Bytes.EMPTY, CLIENT, SERVER.publicKey(), new Random(3));
    }

    private static HandshakeState responder(HandshakePattern pattern) {
        return HandshakeState.responder(pattern, Bytes.EMPTY, SERVER, new Random(4));
    }
}
