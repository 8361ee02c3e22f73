package org.aliasrpc.secretstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.secretstream.SecretStreamException.Reason;
import org.junit.jupiter.api.Test;

class DatagramsTest {
    private static final Bytes HASH = Bytes.wrap(new byte[64]);
    private static final ByteBuffer MESSAGE = Bytes.utf8("unordered").asByteBuffer();

    private final Datagrams initiator = new Datagrams(HASH, true, new byte[8]);
    private final Datagrams responder = new Datagrams(HASH, false, new byte[8]);

    @Test
    void everyChangedByteMakesADatagramUnreadable() throws SecretStreamException {
        byte[] datagram = Bytes.copyOf(initiator.seal(MESSAGE)).toByteArray();
        assertThat(responder.open(ByteBuffer.wrap(datagram))).isEqualTo(MESSAGE);
        for (int i = 0; i < datagram.length; i++) {
            byte[] changed = datagram.clone();
            changed[i] ^= 1;
            assertThat(responder.open(ByteBuffer.wrap(changed)))
                    .as("byte %d", i)
                    .isNull();
        }
        for (int length = 0; length < datagram.length; length++) {
            assertThat(responder.open(ByteBuffer.wrap(datagram, 0, length)))
                    .as("length %d", length)
                    .isNull();
        }
    }

    @Test
    void readsFromThePositionAndLeavesItThere() throws SecretStreamException {
        ByteBuffer sealed = initiator.seal(MESSAGE);
        ByteBuffer datagram = ByteBuffer.allocate(3 + sealed.remaining())
                .position(3)
                .put(sealed)
                .position(3);
        assertThat(Objects.requireNonNull(responder.open(datagram))).isEqualTo(MESSAGE);
        assertThat(datagram.position()).isEqualTo(3);
    }

    @Test
    void neverUsesANumberTwice() throws SecretStreamException {
        initiator.restore(-2);
        initiator.seal(MESSAGE); // number 2^64 - 1, after which comes the first
        assertThatThrownBy(() -> initiator.seal(MESSAGE))
                .isInstanceOfSatisfying(
                        SecretStreamException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DATAGRAMS_EXHAUSTED));
    }
}
