package org.aliasrpc.secretstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever arrives and whatever is called, a stream throws {@link SecretStreamException} or nothing, delivers a beginning
 * of what was written and nothing else, and never holds much more than arrived.
 */
class SecretStreamFuzzTest {
    @FuzzTest(maxDuration = "5m")
    void anyOperationsKeepTheInvariants(byte[] data) {
        new Run(data).go();
    }

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreRefused(byte[] data) {
        StreamPair pair = StreamPair.established(SecretStreamOptions.PLAIN, 1);
        try {
            pair.responder.onBytes(StreamPair.output(pair.initiator).asByteBuffer(), 0);
            pair.responder.onBytes(ByteBuffer.wrap(data), 0);
        } catch (SecretStreamException e) {
            // what it should be
        }
        assertThat(pair.responder.pollMessage()).isNull();
        assertThat(pair.responder.openDatagram(ByteBuffer.wrap(data))).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomOperationsKeepTheInvariants(long seed) {
        byte[] data = new byte[4000];
        new Random(seed).nextBytes(data);
        Run run = new Run(data);
        run.go();
        assertThat(run.delivered).isGreaterThan(10); // it was not all for nothing
    }

    /** A byte an operation, in virtual time, until one side has failed. */
    private static final class Run {
        private final ByteBuffer data;
        private final StreamPair pair = StreamPair.established(new SecretStreamOptions(50, 0, 5000, false), 1);
        private final List<Bytes> sent = new ArrayList<>();
        private Bytes wire = Bytes.EMPTY;
        private int delivered;
        private long now;

        Run(byte[] data) {
            this.data = ByteBuffer.wrap(data);
        }

        void go() {
            try {
                while (data.hasRemaining()) {
                    step(data.get() & 0xff);
                    check();
                }
            } catch (SecretStreamException e) {
                check();
                assertThat(pair.initiator.nextTimeout() == Long.MAX_VALUE
                                || pair.responder.nextTimeout() == Long.MAX_VALUE)
                        .isTrue();
            }
        }

        private void step(int operation) throws SecretStreamException {
            now++;
            switch (operation % 8) {
                case 0, 1 -> {
                    Bytes message = Bytes.wrap(new byte[operation * (operation % 16)]);
                    if (!message.isEmpty()) {
                        sent.add(message);
                    }
                    pair.initiator.write(message, now);
                }
                case 2, 3, 4 -> arrive(Math.min(operation * 4, wire.length()));
                case 5 -> {
                    now += operation;
                    if (now >= pair.initiator.nextTimeout()) {
                        pair.initiator.onTimeout(now);
                    }
                }
                case 6 -> {
                    ByteBuffer datagram =
                            Objects.requireNonNull(pair.initiator.sealDatagram(ByteBuffer.allocate(operation)));
                    assertThat(pair.responder.openDatagram(datagram)).isEqualTo(ByteBuffer.allocate(operation));
                }
                default -> {
                    if (operation == 255 && !wire.isEmpty()) {
                        byte[] changed = wire.toByteArray();
                        changed[changed.length / 2] ^= 1;
                        wire = Bytes.wrap(changed);
                    }
                }
            }
            wire = Bytes.concat(wire, StreamPair.output(pair.initiator));
        }

        private void arrive(int length) throws SecretStreamException {
            ByteBuffer chunk = wire.slice(0, length).asByteBuffer();
            wire = wire.slice(length, wire.length());
            pair.responder.onBytes(chunk, now);
            assertThat(chunk.hasRemaining()).isFalse();
        }

        private void check() {
            for (Bytes message : StreamPair.messages(pair.responder)) {
                assertThat(message).isEqualTo(sent.get(delivered++));
            }
        }
    }
}
