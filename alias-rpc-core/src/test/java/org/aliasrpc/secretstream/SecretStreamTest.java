package org.aliasrpc.secretstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.noise.HandshakePattern;
import org.aliasrpc.noise.NoiseException;
import org.aliasrpc.secretstream.SecretStreamException.Reason;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretStreamTest {
    private static final Bytes HELLO = Bytes.utf8("hello");
    private static final Bytes WORLD = Bytes.utf8("world");
    private static final int HEADER_FRAME = 59;

    private final StreamPair pair = StreamPair.established(SecretStreamOptions.PLAIN, 1);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void deliversEveryMessageOnceAndInOrderHoweverTheBytesAreCut(long seed) throws SecretStreamException {
        StreamPair streams = StreamPair.established(SecretStreamOptions.PLAIN, seed);
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            List<Bytes> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                byte[] message = new byte[random.nextInt(i == 0 ? 70_000 : 300)];
                random.nextBytes(message);
                sent.add(Bytes.wrap(message));
                if (random.nextBoolean()) {
                    streams.initiator.write(sent.get(i), 0);
                } else {
                    streams.initiator.write(sent.get(i).asByteBuffer(), 0);
                }
            }
            streams.carryInPieces(streams.initiator, streams.responder, round % 2 == 0 ? 5 : 5000);
            assertThat(StreamPair.messages(streams.responder))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(sent);
        }
        assertThat(streams.responder.messageBytesReceived()).isEqualTo(streams.initiator.messageBytesSent());
    }

    @ParameterizedTest
    @EnumSource
    void shakesHandsOnItsOwnAndKeepsMessagesUntilThen(HandshakePattern pattern)
            throws NoiseException, SecretStreamException {
        StreamPair streams = StreamPair.negotiating(pattern, 1);
        streams.initiator.write(HELLO, 0);
        streams.responder.write(WORLD, 0);
        assertThat(streams.initiator.isOpen()).isFalse();
        assertThat(streams.initiator.sealDatagram(HELLO.asByteBuffer())).isNull();
        assertThat(streams.initiator.openDatagram(ByteBuffer.allocate(100))).isNull();
        streams.settle(0);
        assertThat(streams.initiator.isOpen()).isTrue();
        assertThat(StreamPair.messages(streams.responder)).containsExactly(HELLO);
        assertThat(StreamPair.messages(streams.initiator)).containsExactly(WORLD);
    }

    @ParameterizedTest
    @EnumSource
    void failsOnAnyChangedByteOfTheHandshake(HandshakePattern pattern) throws NoiseException {
        StreamPair streams = StreamPair.negotiating(pattern, 1);
        byte[] message = StreamPair.output(streams.initiator).toByteArray();
        message[message.length - 1] ^= 1; // the key of XX, the tag of IK
        if (pattern == HandshakePattern.IK) {
            assertFails(() -> streams.responder.onBytes(ByteBuffer.wrap(message), 0), Reason.HANDSHAKE);
        } else {
            assertThatThrownBy(() -> {
                        streams.responder.onBytes(ByteBuffer.wrap(message), 0);
                        streams.settle(0);
                    })
                    .isInstanceOfSatisfying(
                            SecretStreamException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.HANDSHAKE));
        }
        assertThat(streams.responder.isOpen()).isFalse();
    }

    @Test
    void refusesAHandshakeMessageThatCannotBeOne() throws NoiseException {
        StreamPair streams = StreamPair.negotiating(HandshakePattern.XX, 1);
        assertFails(() -> streams.responder.onBytes(frame(65536), 0), Reason.HANDSHAKE);
        assertThat(streams.responder.pollOutput()).isNull(); // nothing is said about it
    }

    @Test
    void keepsABoundedAmountUntilTheHandshakeEnds() throws NoiseException, SecretStreamException {
        StreamPair streams = StreamPair.negotiating(HandshakePattern.XX, 1);
        Bytes large = Bytes.wrap(new byte[SecretStream.MAX_PENDING_BYTES / 2]);
        streams.initiator.write(large, 0);
        assertFails(() -> streams.initiator.write(large, 0), Reason.TOO_MUCH_PENDING);
    }

    @Test
    void refusesItsOwnHeader() {
        Bytes own = StreamPair.output(pair.initiator);
        assertThat(own.length()).isEqualTo(HEADER_FRAME);
        assertFails(() -> pair.initiator.onBytes(own.asByteBuffer(), 0), Reason.HEADER_ID);
    }

    @Test
    void refusesTheHeaderOfAnotherStream() {
        Bytes other = StreamPair.output(StreamPair.established(SecretStreamOptions.PLAIN, 2).responder);
        assertFails(() -> pair.initiator.onBytes(other.asByteBuffer(), 0), Reason.HEADER_ID);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 55, 57, 0xffffff})
    void refusesAHeaderOfAnotherLength(int length) {
        assertFails(() -> pair.initiator.onBytes(frame(length), 0), Reason.HEADER_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16})
    void refusesAFrameThatIsTooShortForAMessage(int length) throws SecretStreamException {
        pair.settle(0);
        // The reference notices a length of 0 only with the next byte; ours at once (secret-stream.md §5, rule 6).
        assertFails(() -> pair.initiator.onBytes(frame(length), 0), Reason.FRAME_TOO_SHORT);
    }

    @Test
    void aForgedMessageEndsTheStreamBehindTheGoodOnes() throws SecretStreamException {
        pair.settle(0);
        pair.initiator.write(HELLO, 0);
        pair.initiator.write(WORLD, 0);
        byte[] bytes = StreamPair.output(pair.initiator).toByteArray();
        bytes[bytes.length - 1] ^= 1;
        assertFails(() -> pair.responder.onBytes(ByteBuffer.wrap(bytes), 0), Reason.FORGED);
        assertThat(StreamPair.messages(pair.responder)).containsExactly(HELLO);

        ByteBuffer later = ByteBuffer.wrap(bytes);
        pair.responder.onBytes(later, 0); // ignored
        pair.responder.write(HELLO, 0);
        assertThat(later.hasRemaining()).isFalse();
        assertThat(pair.responder.pollMessage()).isNull();
        assertThat(pair.responder.pollOutput()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"repeated", "lost", "exchanged"})
    void refusesMessagesThatAreNotTheNextOne(String what) throws SecretStreamException {
        pair.settle(0);
        pair.initiator.write(HELLO, 0);
        Bytes first = StreamPair.output(pair.initiator);
        pair.initiator.write(WORLD, 0);
        Bytes second = StreamPair.output(pair.initiator);
        Bytes arriving = switch (what) {
            case "repeated" -> Bytes.concat(first, first);
            case "lost" -> second;
            default -> Bytes.concat(second, first);
        };
        assertFails(() -> pair.responder.onBytes(arriving.asByteBuffer(), 0), Reason.FORGED);
    }

    @Test
    void refusesAMessageAboveTheConfiguredLength() throws SecretStreamException {
        StreamPair streams = StreamPair.established(new SecretStreamOptions(0, 0, HELLO.length(), false), 1)
                .settle(0);
        streams.initiator.write(HELLO, 0);
        streams.settle(0);
        assertThat(StreamPair.messages(streams.responder)).containsExactly(HELLO);
        streams.initiator.write(Bytes.utf8("hello!"), 0);
        assertFails(() -> streams.settle(0), Reason.FRAME_TOO_LONG);
    }

    @Test
    void carriesTheLargestMessageAndRefusesALargerOne() throws SecretStreamException {
        pair.settle(0);
        Bytes largest = Bytes.wrap(new byte[SecretStreamOptions.MAX_MESSAGE_BYTES]);
        pair.initiator.write(largest, 0);
        pair.settle(0);
        assertThat(StreamPair.messages(pair.responder).get(0).length()).isEqualTo(largest.length());
        Bytes larger = Bytes.wrap(new byte[SecretStreamOptions.MAX_MESSAGE_BYTES + 1]);
        assertFails(() -> pair.initiator.write(larger, 0), Reason.MESSAGE_TOO_LARGE);
    }

    @Test
    void refusesToWriteBehindTheEnd() {
        pair.initiator.end();
        assertThatThrownBy(() -> pair.initiator.write(HELLO, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingDropsWhatIsQueuedAndKeepsWhatArrived() throws SecretStreamException {
        pair.settle(0);
        pair.initiator.write(HELLO, 0);
        pair.settle(0);
        pair.responder.write(WORLD, 0);
        pair.responder.close();
        pair.responder.close();
        assertThat(pair.responder.pollOutput()).isNull();
        assertThat(StreamPair.messages(pair.responder)).containsExactly(HELLO);
        assertThat(pair.responder.sealDatagram(HELLO.asByteBuffer())).isNull();
        assertThat(pair.responder.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    /** A frame of zeros. */
    private static ByteBuffer frame(int length) {
        byte[] frame = new byte[3 + length];
        FrameReader.writeLength(frame, length);
        return ByteBuffer.wrap(frame);
    }

    private static void assertFails(ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SecretStreamException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
