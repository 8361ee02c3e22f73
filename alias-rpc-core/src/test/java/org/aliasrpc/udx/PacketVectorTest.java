package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every datagram of the reference, read and written. */
class PacketVectorTest {
    static Stream<JsonNode> scenarios() {
        return Vectors.cases("udx", "scenarios");
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void everyDatagramIsReadAndWrittenAsTheReferenceDoes(JsonNode scenario) throws DecodeException {
        for (JsonNode datagram : Vectors.elements(Vectors.field(scenario, "datagrams"))) {
            byte[] bytes = Vectors.hex(datagram, "hex");
            JsonNode decoded = Vectors.field(datagram, "decoded");
            assertThat(bytes).hasSize((int) Vectors.integer(decoded, "length"));
            boolean udx = Vectors.bool(decoded, "udx");
            assertThat(UdxEndpoint.looksLikeUdx(ByteBuffer.wrap(bytes))).isEqualTo(udx);
            if (!udx) {
                assertThatThrownBy(() -> new Packet().wrap(ByteBuffer.wrap(bytes)))
                        .isInstanceOf(DecodeException.class);
            } else if (!Vectors.bool(decoded, "valid")) {
                assertThatThrownBy(() -> new Packet().wrap(ByteBuffer.wrap(bytes)))
                        .isInstanceOf(DecodeException.class)
                        .hasMessageContaining("data offset");
            } else {
                read(bytes, decoded);
            }
        }
    }

    private static void read(byte[] bytes, JsonNode decoded) throws DecodeException {
        Packet packet = new Packet();
        // As received: anywhere in a larger buffer, of either byte order, heap or direct.
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 7).order(ByteOrder.LITTLE_ENDIAN);
        direct.position(7);
        direct.put(bytes).position(7);
        for (ByteBuffer received : List.of(ByteBuffer.wrap(bytes), direct)) {
            packet.wrap(received);
            assertThat(Packet.streamId(received)).isEqualTo((int) Vectors.integer(decoded, "streamId"));
            assertThat(packet.flags()).isEqualTo((int) Vectors.integer(decoded, "flags"));
            assertThat(packet.dataOffset()).isEqualTo((int) Vectors.integer(decoded, "dataOffset"));
            assertThat(packet.streamId()).isEqualTo((int) Vectors.integer(decoded, "streamId"));
            assertThat(packet.rwnd()).isEqualTo(Vectors.integer(decoded, "rwnd"));
            assertThat(packet.seq()).isEqualTo((int) Vectors.integer(decoded, "seq"));
            assertThat(packet.ack()).isEqualTo((int) Vectors.integer(decoded, "ack"));
            JsonNode sacks = Vectors.field(decoded, "sacks");
            assertThat(packet.sackCount()).isEqualTo(sacks.size());
            for (int i = 0; i < sacks.size(); i++) {
                assertThat(packet.sackStart(i)).isEqualTo((int) Vectors.integer(sacks.get(i), "start"));
                assertThat(packet.sackEnd(i)).isEqualTo((int) Vectors.integer(sacks.get(i), "end"));
            }
            if (packet.has(Packet.DATA | Packet.END | Packet.MESSAGE)) {
                assertThat(packet.payloadLength()).isEqualTo((int) Vectors.integer(decoded, "payloadLength"));
            }
        }
        assertThat(write(packet, bytes)).isEqualTo(bytes);
    }

    /** The packet again, from the fields read. */
    private static byte[] write(Packet packet, byte[] original) {
        PacketWriter out = new PacketWriter()
                .begin(
                        packet.flags(),
                        packet.dataOffset(),
                        packet.streamId(),
                        (int) packet.rwnd(),
                        packet.seq(),
                        packet.ack());
        if (packet.has(Packet.SACK)) {
            for (int i = 0; i < packet.sackCount(); i++) {
                out.sack(packet.sackStart(i), packet.sackEnd(i));
            }
        } else {
            out.padding(packet.dataOffset());
        }
        if (packet.has(Packet.DATA | Packet.END | Packet.MESSAGE)) {
            byte[] payload = new byte[packet.payloadLength()];
            packet.copyPayload(payload, 0);
            out.payload(ByteBuffer.wrap(payload));
        }
        ByteBuffer written = out.finish();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        assertThat(original.length - bytes.length).isZero();
        return bytes;
    }
}
