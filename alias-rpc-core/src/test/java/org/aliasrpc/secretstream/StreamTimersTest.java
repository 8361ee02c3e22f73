package org.aliasrpc.secretstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.secretstream.SecretStreamException.Reason;
import org.junit.jupiter.api.Test;

/** Keep-alive and timeout (secret-stream.md §5.1 and §5.2). */
class StreamTimersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int KEEP_ALIVE_FRAME = 20;
    private static final int MAX = SecretStreamOptions.MAX_MESSAGE_BYTES;

    private final StreamPair plain = StreamPair.established(SecretStreamOptions.PLAIN, 1);
    private final StreamPair dht = StreamPair.established(SecretStreamOptions.DHT, 1);

    @Test
    void sendsAnEmptyMessageWhenNothingWasSentForAWhileAndAgainAfterThat() throws SecretStreamException {
        dht.settle(0);
        assertThat(dht.initiator.nextTimeout()).isEqualTo(5 * SECOND);
        dht.initiator.onTimeout(5 * SECOND - 1);
        assertThat(dht.initiator.pollOutput()).isNull();
        for (long i = 1; i <= 3; i++) {
            dht.initiator.onTimeout(i * 5 * SECOND);
            ByteBuffer frame = dht.initiator.pollOutput();
            assertThat(frame).isNotNull().extracting(ByteBuffer::remaining).isEqualTo(KEEP_ALIVE_FRAME);
            assertThat(dht.initiator.pollOutput()).isNull();
            assertThat(dht.initiator.nextTimeout()).isEqualTo((i + 1) * 5 * SECOND);
        }
    }

    @Test
    void writingPutsTheKeepAliveOff() throws SecretStreamException {
        dht.settle(0);
        dht.initiator.write(Bytes.utf8("x"), 3 * SECOND);
        assertThat(dht.initiator.nextTimeout()).isEqualTo(8 * SECOND);
    }

    @Test
    void receivingDoesNotPutTheKeepAliveOff() throws SecretStreamException {
        dht.settle(0);
        dht.responder.write(Bytes.utf8("x"), 3 * SECOND);
        dht.settle(3 * SECOND);
        assertThat(dht.initiator.nextTimeout()).isEqualTo(5 * SECOND);
    }

    @Test
    void keepAliveEndsWithTheWriteSide() {
        dht.initiator.end();
        assertThat(dht.initiator.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void withKeepAliveEmptyMessagesAreDroppedEvenAfterItIsOffAgain() throws SecretStreamException {
        dht.settle(0);
        dht.responder.setKeepAlive(0, 0);
        dht.initiator.onTimeout(5 * SECOND);
        dht.settle(5 * SECOND);
        assertThat(dht.responder.pollMessage()).isNull();
        assertThat(dht.responder.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void withoutKeepAliveEmptyMessagesAreDelivered() throws SecretStreamException {
        plain.settle(0);
        plain.initiator.write(Bytes.EMPTY, 0);
        plain.settle(0);
        assertThat(StreamPair.messages(plain.responder)).containsExactly(Bytes.EMPTY);
    }

    @Test
    void emptyMessagesCanBeDroppedWithoutKeepAlive() throws SecretStreamException {
        StreamPair filtering = StreamPair.established(new SecretStreamOptions(0, 0, MAX, true), 1);
        filtering.initiator.write(Bytes.EMPTY, 0);
        filtering.settle(0);
        assertThat(filtering.responder.pollMessage()).isNull();
    }

    @Test
    void timesOutWhenNothingArrives() throws SecretStreamException {
        StreamPair timed = StreamPair.established(new SecretStreamOptions(0, 10 * SECOND, MAX, false), 1);
        timed.initiator.onBytes(ByteBuffer.wrap(new byte[] {0x38}), 7 * SECOND); // a part of a frame counts
        assertThat(timed.initiator.nextTimeout()).isEqualTo(17 * SECOND);
        timed.initiator.write(Bytes.utf8("x"), 16 * SECOND); // sending does not
        timed.initiator.onTimeout(17 * SECOND - 1);
        assertThatThrownBy(() -> timed.initiator.onTimeout(17 * SECOND))
                .isInstanceOfSatisfying(
                        SecretStreamException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIMED_OUT));
        assertThat(timed.initiator.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void timeoutCanBeTurnedOff() {
        StreamPair timed = StreamPair.established(new SecretStreamOptions(0, 10 * SECOND, MAX, false), 1);
        timed.initiator.setTimeout(0, SECOND);
        assertThat(timed.initiator.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }
}
