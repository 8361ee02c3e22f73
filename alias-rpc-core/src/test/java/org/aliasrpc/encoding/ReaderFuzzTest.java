package org.aliasrpc.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.aliasrpc.net.PeerAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any bytes decode or are refused with a {@link DecodeException}, and what decodes encodes to the same value again. */
class ReaderFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void anyBytesDecodeOrAreRefused(byte[] data) {
        read(data);
        decode(data);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomBytesDecodeOrAreRefused(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 5000; round++) {
            byte[] data = new byte[random.nextInt(60)];
            random.nextBytes(data);
            for (int i = 0; i < data.length; i++) {
                if (random.nextInt(4) == 0) {
                    data[i] = (byte) (0xfc + random.nextInt(4)); // the prefixes of long numbers
                } else if (random.nextInt(3) == 0) {
                    data[i] = (byte) random.nextInt(4); // small counts and lengths
                }
            }
            read(data);
            decode(data);
        }
    }

    /** Every second byte chooses what is read next from the rest. */
    private static void read(byte[] data) {
        Reader choices = new Reader(Bytes.copyOf(data));
        Reader in = new Reader(ByteBuffer.wrap(data));
        try {
            while (in.hasRemaining()) {
                int before = in.remaining();
                step(in, choices.uint8());
                assertThat(in.remaining()).isLessThanOrEqualTo(before).isNotNegative();
            }
        } catch (DecodeException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    private static void step(Reader in, int choice) throws DecodeException {
        switch (choice % 18) {
            case 0 -> assertThat(in.uint()).isBetween(0L, Reader.MAX_UINT);
            case 1 -> assertThat(in.uint(1000)).isBetween(0, 1000);
            case 2 -> assertThat(in.uint8()).isBetween(0, 255);
            case 3 -> assertThat(in.uint16()).isBetween(0, 65535);
            case 4 -> assertThat(in.uint32()).isBetween(0L, 0xffffffffL);
            case 5 -> assertThat(in.uint64()).isBetween(0L, Reader.MAX_UINT);
            case 6 -> assertThat(in.uintOfWidth(1 + choice / 32)).isBetween(0L, Reader.MAX_UINT);
            case 7 -> in.bool();
            case 8 -> assertThat(in.fixed(choice / 18).length()).isEqualTo(choice / 18);
            case 9 -> in.buffer();
            case 10 -> in.optionalBuffer();
            case 11 -> assertThat(in.utf8()).isNotNull();
            case 12 -> read(in.frame().raw().toByteArray());
            case 13 -> in.array(PeerAddress.IPV4_CODEC);
            case 14 -> in.array(PeerAddress.IPV6_CODEC);
            case 15 -> assertThat(in.rawView().remaining()).isNotNegative();
            case 16 -> in.raw();
            default -> in.frame();
        }
    }

    private static void decode(byte[] data) {
        Bytes input = Bytes.copyOf(data);
        String text = new String(data, StandardCharsets.ISO_8859_1);
        try {
            Bytes bytes = Z32.decode(text);
            assertThat(Z32.decode(Z32.encode(bytes))).isEqualTo(bytes);
        } catch (DecodeException e) {
            // refused; anything else that is thrown fails the test
        }
        try {
            String read = new Reader(input).utf8();
            assertThat(new Reader(new Writer().utf8(read).toBytes()).utf8()).isEqualTo(read);
        } catch (DecodeException e) {
            // as above
        }
        try {
            PeerAddress address = PeerAddress.IPV6_CODEC.decode(input);
            assertThat(PeerAddress.IPV6_CODEC.decode(PeerAddress.IPV6_CODEC.encode(address)))
                    .isEqualTo(address);
        } catch (DecodeException e) {
            // as above
        }
    }
}
