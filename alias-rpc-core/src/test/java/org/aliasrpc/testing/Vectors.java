package org.aliasrpc.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.aliasrpc.encoding.Bytes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The recorded bytes of the reference, {@code /vectors/NAME.json}; each file explains itself in its field {@code about},
 * {@code description} or {@code notes}.
 *
 * <p>Everything here fails rather than answer with a default: a test over a field that is not there would pass for nothing.
 */
public final class Vectors {
    private Vectors() {}

    /**
     * @param name of the file, without its suffix
     */
    public static JsonNode load(String name) {
        String path = "/vectors/" + name + ".json";
        try (InputStream in = Vectors.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new AssertionError("no vectors " + path);
            }
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The elements of an array, for {@code @MethodSource} and {@code DynamicTest}.
     *
     * @param name of the file, without its suffix
     * @param path field names from the root to the array
     * @throws AssertionError if there is no such array, or an empty one
     */
    public static Stream<JsonNode> cases(String name, String... path) {
        JsonNode node = load(name);
        for (String field : path) {
            node = field(node, field);
        }
        return elements(node).stream();
    }

    /**
     * @throws AssertionError if the node is no array, or an empty one
     */
    public static List<JsonNode> elements(JsonNode array) {
        if (!array.isArray() || array.isEmpty()) {
            throw new AssertionError("not an array with elements: " + shortened(array));
        }
        List<JsonNode> elements = new ArrayList<>(array.size());
        array.forEach(elements::add);
        return elements;
    }

    /**
     * @throws AssertionError if the object has no such field
     */
    public static JsonNode field(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new AssertionError("no field " + name + " in " + shortened(object));
        }
        return value;
    }

    /** Whether an object has a field and it is not {@code null}. */
    public static boolean has(JsonNode object, String name) {
        return object.hasNonNull(name);
    }

    /**
     * @throws AssertionError if the field is missing or no text
     */
    public static String text(JsonNode object, String name) {
        JsonNode value = field(object, name);
        if (!value.isString()) {
            throw new AssertionError("field " + name + " is no text: " + shortened(value));
        }
        return value.stringValue();
    }

    /**
     * @throws AssertionError if the field is missing or no integer
     */
    public static long integer(JsonNode object, String name) {
        JsonNode value = field(object, name);
        if (!value.canConvertToExactIntegral()) {
            throw new AssertionError("field " + name + " is no integer: " + shortened(value));
        }
        return value.longValue();
    }

    /**
     * @throws AssertionError if the field is missing or no boolean
     */
    public static boolean bool(JsonNode object, String name) {
        JsonNode value = field(object, name);
        if (!value.isBoolean()) {
            throw new AssertionError("field " + name + " is no boolean: " + shortened(value));
        }
        return value.booleanValue();
    }

    /** The bytes that a field gives in hexadecimal digits. */
    public static byte[] hex(JsonNode object, String name) {
        return hex(text(object, name));
    }

    /** The same as an immutable value. */
    public static Bytes bytes(JsonNode object, String name) {
        return Bytes.fromHex(text(object, name));
    }

    /** Hexadecimal digits to bytes. */
    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** Bytes to lower-case hexadecimal digits. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String shortened(JsonNode node) {
        String text = node.toString();
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
