package org.aliasrpc.encoding;

import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasrpc.net.PeerAddress;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Codecs by the names that encoding.json uses, over values as it writes them. */
final class JsonCodecs {
    private static final JsonNodeFactory JSON = JsonMapper.shared().getNodeFactory();
    private static final Pattern COMPOSITE = Pattern.compile("(array|frame|bitfield)\\((.*)\\)");
    private static final Pattern NUMBERED = Pattern.compile("(uint|fixed)(\\d+)");

    private JsonCodecs() {}

    static Codec<JsonNode> named(String name) {
        Matcher composite = COMPOSITE.matcher(name);
        if (composite.matches()) {
            return composite(composite.group(1), composite.group(2));
        }
        Matcher numbered = NUMBERED.matcher(name);
        if (numbered.matches()) {
            int size = Integer.parseInt(numbered.group(2));
            return numbered.group(1).equals("uint") ? uintOfWidth(size / 8) : fixed(size);
        }
        return switch (name) {
            case "uint" -> codec((out, value) -> out.uint(value.longValue()), in -> JSON.numberNode(in.uint()));
            case "port" -> codec((out, value) -> out.uint16(value.intValue()), in -> JSON.numberNode(in.uint16()));
            case "int" -> mapped(RareCodecs.INT, JsonNode::longValue, JSON::numberNode);
            case "uint32be" -> mapped(RareCodecs.bigEndian(4), JsonNode::longValue, JSON::numberNode);
            case "uint64be" -> mapped(RareCodecs.bigEndian(8), JsonNode::longValue, JSON::numberNode);
            case "biguint" -> mapped(RareCodecs.BIG_UINT, JsonCodecs::big, JsonCodecs::big);
            case "biguint64" -> mapped(RareCodecs.BIG_UINT_64, JsonCodecs::big, JsonCodecs::big);
            case "float64" -> mapped(RareCodecs.FLOAT_64, JsonNode::doubleValue, JSON::numberNode);
            case "bool" -> codec((out, value) -> out.bool(value.booleanValue()), in -> JSON.booleanNode(in.bool()));
            case "buffer" -> codec((out, value) -> out.buffer(hex(value)), in -> hex(in.buffer()));
            case "optionalBuffer" ->
                codec((out, value) -> out.optionalBuffer(value.isNull() ? null : hex(value)), JsonCodecs::optional);
            case "string" -> codec((out, value) -> out.utf8(value.stringValue()), in -> JSON.stringNode(in.utf8()));
            case "raw" -> codec((out, value) -> out.fixed(hex(value)), in -> hex(in.raw()));
            case "bitarray" -> mapped(RareCodecs.BIT_ARRAY, JsonCodecs::bits, JsonCodecs::bits);
            case "ipv4" -> ip(PeerAddress.IPV4_CODEC, 4);
            case "ipv6" -> ip(PeerAddress.IPV6_CODEC, 16);
            case "ip" -> withFamily(named("ipv4"), named("ipv6"), JsonNode::stringValue);
            case "ipv4Address", "net.ipv4Address" -> address(PeerAddress.IPV4_CODEC, 4, "127.0.0.1");
            case "ipv6Address", "net.ipv6Address" -> address(PeerAddress.IPV6_CODEC, 6, "::1");
            case "ipAddress", "net.ipAddress" ->
                withFamily(named("ipv4Address"), named("ipv6Address"), JsonCodecs::host);
            default -> throw new AssertionError("no codec " + name);
        };
    }

    private static Codec<JsonNode> composite(String kind, String inner) {
        return switch (kind) {
            case "array" -> {
                Codec<JsonNode> element = named(inner);
                yield codec((out, value) -> out.array(element, list(value)), in -> {
                    ArrayNode array = JSON.arrayNode();
                    in.array(element).forEach(array::add);
                    return array;
                });
            }
            case "frame" -> {
                Codec<JsonNode> element = named(inner);
                yield codec((out, value) -> out.frame(element, value), in -> element.decode(in.frame()));
            }
            default -> mapped(RareCodecs.bitfield(Integer.parseInt(inner)), JsonCodecs::hexOrNumber, JsonCodecs::hex);
        };
    }

    private static Codec<JsonNode> uintOfWidth(int width) {
        return codec(
                (out, value) -> out.uintOfWidth(value.longValue(), width),
                in -> JSON.numberNode(in.uintOfWidth(width)));
    }

    private static Codec<JsonNode> fixed(int length) {
        return codec((out, value) -> out.fixed(hex(value), length), in -> hex(in.fixed(length)));
    }

    /** An address without its port: the codecs of addresses with the last two bytes cut off and put back. */
    private static Codec<JsonNode> ip(Codec<PeerAddress> codec, int length) {
        return codec(
                (out, value) -> out.fixed(
                        codec.encode(PeerAddress.of(value.stringValue(), 0)).slice(0, length)),
                in -> JSON.stringNode(codec.decode(Bytes.concat(in.fixed(length), Bytes.copyOf((byte) 0, (byte) 0)))
                        .host()));
    }

    private static Codec<JsonNode> address(Codec<PeerAddress> codec, int family, String defaultHost) {
        return codec(
                (out, value) -> codec.encode(
                        out,
                        PeerAddress.of(
                                value.has("host") ? host(value) : defaultHost,
                                value.has("port") ? value.get("port").intValue() : 0)),
                in -> {
                    PeerAddress address = codec.decode(in);
                    ObjectNode decoded = JSON.objectNode();
                    return decoded.put("host", address.host())
                            .put("family", family)
                            .put("port", address.port());
                });
    }

    /** A family byte first; every one but 4 is read as IPv6 (encoding.md §6, rule 3). */
    private static Codec<JsonNode> withFamily(
            Codec<JsonNode> ipv4, Codec<JsonNode> ipv6, Function<JsonNode, String> host) {
        return codec(
                (out, value) -> {
                    boolean six = host.apply(value).indexOf(':') >= 0;
                    out.uint8(six ? 6 : 4);
                    (six ? ipv6 : ipv4).encode(out, value);
                },
                in -> {
                    int family = in.uint8();
                    JsonNode decoded = (family == 4 ? ipv4 : ipv6).decode(in);
                    return decoded instanceof ObjectNode object ? object.put("family", family) : decoded;
                });
    }

    private static String host(JsonNode address) {
        return address.has("host") ? address.get("host").stringValue() : "127.0.0.1";
    }

    private static JsonNode optional(Reader in) throws DecodeException {
        Bytes value = in.optionalBuffer();
        return value == null ? JSON.nullNode() : hex(value);
    }

    private static Bytes hex(JsonNode value) {
        return Bytes.fromHex(value.get("hex").stringValue());
    }

    private static JsonNode hex(Bytes value) {
        return JSON.objectNode().put("hex", value.toHex());
    }

    private static Bytes hexOrNumber(JsonNode value) {
        if (value.has("hex")) {
            return hex(value);
        }
        Writer out = new Writer();
        for (long rest = value.longValue(); rest != 0; rest >>>= 8) {
            out.uint8((int) (rest & 0xff));
        }
        return out.length() == 0 ? Bytes.copyOf((byte) 0) : out.toBytes();
    }

    private static BigInteger big(JsonNode value) {
        return new BigInteger(value.get("big").stringValue());
    }

    private static JsonNode big(BigInteger value) {
        return JSON.objectNode().put("big", value.toString());
    }

    private static List<Boolean> bits(JsonNode value) {
        return list(value).stream().map(JsonNode::booleanValue).toList();
    }

    private static JsonNode bits(List<Boolean> value) {
        ArrayNode array = JSON.arrayNode();
        value.forEach(array::add);
        return array;
    }

    static List<JsonNode> list(JsonNode array) {
        return array.valueStream().toList();
    }

    private static <T> Codec<JsonNode> mapped(
            Codec<T> codec, Function<JsonNode, T> fromJson, Function<T, JsonNode> toJson) {
        return codec((out, value) -> codec.encode(out, fromJson.apply(value)), in -> toJson.apply(codec.decode(in)));
    }

    private interface Encoder {
        void encode(Writer out, JsonNode value);
    }

    private interface Decoder {
        JsonNode decode(Reader in) throws DecodeException;
    }

    private static Codec<JsonNode> codec(Encoder encoder, Decoder decoder) {
        return new Codec<>() {
            @Override
            public void encode(Writer out, JsonNode value) {
                encoder.encode(out, value);
            }

            @Override
            public JsonNode decode(Reader in) throws DecodeException {
                return decoder.decode(in);
            }
        };
    }
}
