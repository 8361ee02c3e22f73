package org.aliasrpc.protomux;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.testing.VectorScript;
import org.aliasrpc.testing.Vectors;
import tools.jackson.databind.JsonNode;

/**
 * One script of protomux.json: what the owner does where the script says so in prose, in order; and where we are meant to
 * differ from the reference.
 */
final class MuxerScript extends VectorScript<MuxerHarness> {
    private final Queue<List<String>> differing = new ArrayDeque<>();
    private boolean opensAreListed = true;
    private List<String> ignoredEvents = List.of();

    MuxerScript() {
        this(new MuxerHarness());
    }

    MuxerScript(MuxerHarness harness) {
        super(harness);
    }

    /** The next thing the owner does. */
    MuxerScript then(Consumer<MuxerHarness> action) {
        add(action);
        return this;
    }

    /** How the owner reacts to messages. */
    MuxerScript onMessage(Consumer<MuxerEvent.Message> reaction) {
        harness.onMessage = reaction;
        return this;
    }

    /** How the owner reacts to being asked. */
    MuxerScript onOpenRequested(Consumer<MuxerEvent.OpenRequested> reaction) {
        harness.onOpenRequested = reaction;
        return this;
    }

    /** The script does not list opened channels. */
    MuxerScript withoutOpens() {
        opensAreListed = false;
        return this;
    }

    /** The script does not list events of these kinds. */
    MuxerScript ignoring(String... kinds) {
        ignoredEvents = List.of(kinds);
        return this;
    }

    /** The next action's outputs are not listed. */
    MuxerScript thenUnlisted(Consumer<MuxerHarness> action) {
        addUnlisted(action);
        return this;
    }

    /**
     * We mend a quirk: from the given step on our outputs are compared with these instead, frames as hexadecimal digits
     * behind {@code frame}.
     */
    MuxerScript ours(int step, String... outputs) {
        while (differing.size() < step) {
            differing.add(List.of("as the reference"));
        }
        differing.add(List.of(outputs));
        return this;
    }

    @Override
    protected void compare(JsonNode expected, String what) {
        List<String> events = new ArrayList<>(harness.takeEvents());
        List<Bytes> frames = harness.takeFrames();
        if (!opensAreListed) {
            events.removeIf(event -> event.startsWith("open "));
        }
        events.removeIf(event -> ignoredEvents.stream().anyMatch(event::startsWith));
        List<String> ours = differing.poll();
        if (ours != null && !ours.equals(List.of("as the reference"))) {
            List<String> outputs = new ArrayList<>(events);
            frames.forEach(frame -> outputs.add("frame " + frame.toHex()));
            assertThat(outputs).as(what).containsExactlyElementsOf(ours);
            return;
        }
        int event = 0;
        int frame = 0;
        for (JsonNode output : expected) {
            if (Vectors.has(output, "frame")) {
                assertThat(frames).as(what).hasSizeGreaterThan(frame);
                compareFrame(Vectors.field(output, "frame"), frames.get(frame++), what);
            } else if (isEvent(output)) {
                assertThat(events).as(what).hasSizeGreaterThan(event);
                assertThat(events.get(event++)).as(what).matches(words(output));
                compareHandshake(output, what);
            } else if (output.has("value")) {
                // "fullyOpened": whether the channel that is told to be closed was open before
                assertThat(Vectors.bool(output, "value")).as(what).isFalse();
            } // other results are asserted by the action
        }
        assertThat(events).as(what).hasSize(event);
        assertThat(frames).as(what).hasSize(frame);
    }

    /** "destroy" follows "close" when no handler runs, and handlers are the owner's; "end" is the stream's own affair. */
    private static boolean isEvent(JsonNode output) {
        if (output.has("stream")) {
            String stream = Vectors.text(output, "stream");
            return !stream.equals("end") && !stream.equals("warning");
        }
        return output.has("event") && !Vectors.text(output, "event").equals("destroy");
    }

    /** The expected event as a regular expression over the words of the harness. */
    private static String words(JsonNode output) {
        if (output.has("stream")) {
            String stream = Vectors.text(output, "stream");
            return stream.equals("close") ? "fail \\Q" + output.get("error").asString("null") + "\\E" : stream;
        }
        String channel = output.has("channel") ? Vectors.text(output, "channel") : "\\S+";
        return switch (Vectors.text(output, "event")) {
            case "open" -> "open " + channel;
            case "message" ->
                "message " + channel + " " + Vectors.integer(output, "type") + " "
                        + (output.has("hex")
                                ? Vectors.text(output, "hex")
                                : new Writer()
                                        .utf8(Vectors.text(output, "value"))
                                        .toBytes()
                                        .toHex());
            case "close" -> "close " + channel + " " + Vectors.bool(output, "isRemote");
            case "drain" -> "drain";
            case "pair", "pair-any", "pair-exact" ->
                "pair p "
                        + (Vectors.has(output, "id")
                                ? Bytes.utf8(Vectors.text(output, "id")).toHex()
                                : "");
            default -> throw new AssertionError("unknown event " + output);
        };
    }

    private void compareHandshake(JsonNode output, String what) {
        try {
            if (Vectors.has(output, "handshake")) {
                assertThat(new Reader(harness.latestHandshake).utf8())
                        .as(what)
                        .isEqualTo(Vectors.text(output, "handshake"));
            } else if (output.has("handshakeHex")) {
                assertThat(harness.latestHandshake.toHex()).as(what).isEqualTo(Vectors.text(output, "handshakeHex"));
            }
        } catch (DecodeException e) {
            throw new AssertionError(what, e);
        }
    }

    private static void compareFrame(JsonNode expected, Bytes frame, String what) {
        if (expected.has("hex")) {
            assertThat(frame.toHex()).as(what).isEqualTo(Vectors.text(expected, "hex"));
            return;
        }
        assertThat(frame.length()).as(what).isEqualTo((int) Vectors.integer(expected, "length"));
        String prefix = Vectors.text(expected, "prefixHex");
        assertThat(frame.slice(0, prefix.length() / 2).toHex()).as(what).isEqualTo(prefix);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(frame.toByteArray());
            assertThat(HexFormat.of().formatHex(hash)).as(what).isEqualTo(Vectors.text(expected, "sha256"));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
