package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.testing.Mutations;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any bytes decode or are refused; and what was decoded is itself after another round. */
class HyperDhtFuzzTest {
    private static final List<Codec<?>> CODECS = List.of(
            HandshakeMessage.CODEC,
            NoisePayloadCodec.INSTANCE,
            HolepunchMessage.CODEC,
            HolepunchPayload.CODEC,
            PeerRecord.CODEC,
            AnnounceMessage.CODEC,
            LookupReply.CODEC,
            MutableValue.CODEC,
            MutableValue.Put.CODEC,
            PluginRequest.CODEC,
            PeerLocation.CODEC,
            BlindRelayMessage.Pair.CODEC,
            BlindRelayMessage.Unpair.CODEC);

    @FuzzTest(maxDuration = "2m")
    void anyBytesDecodeOrAreRefused(byte[] data) {
        decode(data);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "handshake",
                "noisePayload",
                "holepunch",
                "holepunchPayload",
                "peer",
                "announce",
                "lookupReply",
                "plugin",
                "address"
            })
    void everyPrefixAndEveryChangedByteOfAKnownMessageDecodesOrIsRefused(String section) {
        known(section).forEach(message -> Mutations.forEach(message, HyperDhtFuzzTest::decode));
    }

    private static Stream<byte[]> known(String section) {
        return Vectors.cases("hyperdht", section).map(value -> Vectors.hex(value, "hex"));
    }

    private static void decode(byte[] data) {
        CODECS.forEach(codec -> decode(codec, Bytes.copyOf(data)));
    }

    private static <T> void decode(Codec<T> codec, Bytes data) {
        T decoded;
        try {
            decoded = codec.decode(data);
        } catch (DecodeException e) {
            return; // refused
        }
        try {
            assertThat(codec.decode(codec.encode(decoded))).isEqualTo(decoded);
        } catch (DecodeException e) {
            throw new AssertionError("does not read what it wrote: " + decoded, e);
        }
    }
}
