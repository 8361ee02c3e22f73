package org.aliasrpc.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.testing.VectorScript;
import org.aliasrpc.testing.Vectors;
import tools.jackson.databind.JsonNode;

/** One script of protomux-rpc.json: what the owner does where the script says so in prose, in order. */
final class RpcScript extends VectorScript<RpcHarness> {

    RpcScript(RpcOptions options) {
        super(new RpcHarness(options));
        then(h -> {}); // the constructor opens the channel, and each script begins with that
    }

    RpcScript then(Consumer<RpcHarness> action) {
        add(action);
        return this;
    }

    /** The next action's outputs are not listed. */
    RpcScript thenUnlisted(Consumer<RpcHarness> action) {
        addUnlisted(action);
        return this;
    }

    /** Replaces the first action, for a script that does more at once. */
    RpcScript first(Consumer<RpcHarness> action) {
        clear();
        return then(action);
    }

    @Override
    protected void compare(JsonNode expected, String what) {
        List<String> frames = new ArrayList<>();
        List<String> events = new ArrayList<>();
        for (JsonNode output : expected) {
            if (output.has("frame")) {
                frames.add(Vectors.text(Vectors.field(output, "frame"), "hex"));
            } else {
                String words = words(output);
                if (!words.isEmpty()) {
                    events.add(words);
                }
            }
        }
        assertThat(harness.takeFrames()).extracting(Bytes::toHex).as(what).containsExactlyElementsOf(frames);
        // In any order: the reference's promises tell a failure later than its events.
        assertThat(harness.takeEvents()).as(what).containsExactlyInAnyOrderElementsOf(events);
    }

    /** What the harness writes for it; empty for what the action itself asserts. */
    private static String words(JsonNode output) {
        if (output.has("stream")) {
            return "fail " + Vectors.field(output, "error").asString("null");
        }
        if (output.has("rejected")) {
            return "rejected " + Vectors.integer(output, "rejected") + " " + error(Vectors.field(output, "error"));
        }
        if (output.has("resolved")) {
            JsonNode id = Vectors.field(output, "resolved");
            return id.isNumber()
                    ? "resolved " + id.longValue() + " "
                            + Vectors.field(output, "value").asString("null")
                    : "";
        }
        if (output.has("thrown")) {
            return "";
        }
        return switch (Vectors.text(output, "event")) {
            case "open" -> "open " + Vectors.field(output, "handshake").asString("null");
            case "note" -> "event note " + RpcHarness.string(Vectors.text(output, "value"));
            case "bad called" -> "event bad 00";
            default -> Vectors.text(output, "event");
        };
    }

    static String error(JsonNode error) {
        String code = error.has("code") ? Vectors.text(error, "code") : "null";
        String text = code.equals("TIMEOUT_EXCEEDED") ? "" : Vectors.text(error, "message");
        if (!error.has("cause")) {
            return code + "|" + text;
        }
        JsonNode cause = Vectors.field(error, "cause");
        return code + "|" + text + "|" + Vectors.text(cause, "message") + "|"
                + (cause.has("code") ? Vectors.text(cause, "code") : "null") + "|"
                + (cause.has("context") ? Vectors.text(cause, "context") : "null");
    }
}
