package org.aliasrpc.protomux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Every script of protomux.json against one muxer. */
class MuxerVectorTest {
    private static final Map<String, Supplier<MuxerScript>> SCRIPTS = new HashMap<>();

    static {
        channels();
        handshakesAndRejects();
        ids();
        messages();
        MuxerBatchScripts.addTo(SCRIPTS);
        MuxerPairScripts.addTo(SCRIPTS);
        MuxerEndScripts.addTo(SCRIPTS);
    }

    @TestFactory
    Stream<DynamicTest> scripts() {
        return Vectors.cases("protomux", "scripts").map(script -> {
            String name = Vectors.text(script, "name");
            return DynamicTest.dynamicTest(name, () -> {
                Supplier<MuxerScript> owner = SCRIPTS.get(name);
                if (owner == null) {
                    throw new AssertionError("nobody plays the owner of " + name);
                }
                owner.get().run(script);
            });
        });
    }

    @Test
    void ourLimitsAreTheReferences() {
        JsonNode limits = Vectors.field(Vectors.load("protomux"), "limits");
        assertThat(MuxerLimits.DEFAULT.maxKeptBytes())
                .isEqualTo((int) Vectors.integer(limits, "maxBufferedBeforePause"));
        assertThat(RemoteOpen.KEPT_OVERHEAD).isEqualTo((int) Vectors.integer(limits, "perBufferedMessageOverhead"));
        assertThat(MuxerLimits.DEFAULT.maxBatchBytes()).isEqualTo((int) Vectors.integer(limits, "maxBatch"));
    }

    /** A channel with one message type. */
    static ChannelOptions options(String protocol) {
        return ChannelOptions.of(protocol, 1);
    }

    /** Opens a channel with one message type. */
    static Consumer<MuxerHarness> open(String name, String protocol) {
        return h -> h.open(name, options(protocol));
    }

    static Consumer<MuxerHarness> close(String name) {
        return h -> h.channel(name).close();
    }

    private static Bytes string(String text) {
        return new Writer().utf8(text).toBytes();
    }

    private static MuxerScript opening(String protocol) {
        return new MuxerScript().then(open("x", protocol));
    }

    private static void channels() {
        SCRIPTS.put(
                "open-message-close",
                () -> opening("test")
                        .then(h -> h.channel("x").send(0, Bytes.utf8("hello")))
                        .then(close("x"))
                        .then(h -> assertThat(h.channel("x").send(0, Bytes.utf8("late")))
                                .isFalse()));
        SCRIPTS.put(
                "open-different-remote-id",
                () -> opening("test").then(h -> h.channel("x").send(0, Bytes.utf8("hi"))));
        Bytes id = Bytes.fromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        SCRIPTS.put(
                "open-with-binary-id",
                () -> new MuxerScript().then(h -> h.open("x", options("p").withId(id))));
        SCRIPTS.put(
                "empty-id-equals-no-id",
                () -> new MuxerScript().then(h -> h.open("x", options("p").withId(Bytes.EMPTY))));
        SCRIPTS.put("empty-protocol", () -> opening(""));
        SCRIPTS.put("unicode-protocol", () -> opening("pröto/☃/\ud834\udd1e"));
        SCRIPTS.put("long-protocol", () -> opening("x".repeat(300)));
        SCRIPTS.put("remote-close", () -> opening("a").then(open("y", "a")));
        SCRIPTS.put("close-unknown", MuxerScript::new);
        SCRIPTS.put("close-twice", () -> opening("a").then(close("x").andThen(close("x"))));
        SCRIPTS.put("close-crossing", () -> opening("a").then(close("x")));
        SCRIPTS.put("empty-frame", MuxerScript::new);
        SCRIPTS.put("truncated-frame-channel-only", MuxerScript::new);
        SCRIPTS.put("truncated-varint", MuxerScript::new);
        SCRIPTS.put("truncated-open", MuxerScript::new);
        SCRIPTS.put("varint-too-large", MuxerScript::new);
        SCRIPTS.put(
                "unique",
                () -> opening("u")
                        .then(h -> assertThat(h.create("y", options("u"))).isNull())
                        .then(h -> h.open("z", options("u").notUnique())));
        SCRIPTS.put(
                "aliases",
                () -> new MuxerScript().then(h -> h.open("x", options("new").withAliases("old"))));
    }

    private static void handshakesAndRejects() {
        SCRIPTS.put(
                "handshake",
                () -> new MuxerScript().then(h -> h.open("x", options("hs").withHandshake(string("from-local")))));
        SCRIPTS.put("handshake-raw-empty", () -> opening("hs"));
        // The owner decodes the handshake; when it cannot, it gives the stream up.
        SCRIPTS.put("handshake-missing", () -> {
            MuxerHarness harness = new MuxerHarness() {
                @Override
                void onOpened(Bytes handshake) {
                    try {
                        new Reader(handshake).utf8();
                    } catch (DecodeException e) {
                        muxer.destroy(String.valueOf(e.getMessage()));
                    }
                }
            };
            return new MuxerScript(harness)
                    .ignoring("open ")
                    .then(h -> h.open("x", options("hs").withHandshake(string("a"))));
        });
        SCRIPTS.put("open-trailing-bytes", () -> opening("test"));
        SCRIPTS.put("reject-unknown", MuxerScript::new);
        SCRIPTS.put(
                "rejected-by-remote",
                () -> opening("a")
                        .then(h -> h.channel("x").send(0, Bytes.utf8("m")))
                        .then(open("y", "b")));
        SCRIPTS.put("invalid-reject", MuxerScript::new);
        SCRIPTS.put("reject-after-open", () -> opening("a"));
        SCRIPTS.put(
                "close-before-ack-reject",
                () -> opening("a").then(close("x")).then(open("y", "b")).then(open("z", "c")));
        SCRIPTS.put(
                "close-before-ack-open",
                () -> opening("a").then(close("x")).then(open("y", "a")).then(open("z", "d")));
        SCRIPTS.put("open-order-incoming-first", () -> opening("a"));
    }

    private static void ids() {
        SCRIPTS.put("open-id-gap", MuxerScript::new);
        SCRIPTS.put(
                "open-id-in-use", () -> new MuxerScript().then(open("x", "a").andThen(open("y", "b"))));
        // The reference dies here too, with an accidental text (protomux.md §4.6 and §10).
        SCRIPTS.put("open-id-zero", () -> new MuxerScript().ours(0, "fail Invalid open message"));
        SCRIPTS.put("control-unknown-type", () -> opening("a"));
        SCRIPTS.put(
                "id-reuse-order",
                () -> new MuxerScript()
                        .then(open("a", "a").andThen(open("b", "b")).andThen(open("c", "c")))
                        .then(close("a"))
                        .then(close("c"))
                        .then(open("d", "d"))
                        .then(open("e", "e"))
                        .then(open("f", "f")));
        SCRIPTS.put(
                "channel-253",
                () -> new MuxerScript()
                        .thenUnlisted(h -> {
                            for (int i = 0; i < 252; i++) {
                                h.open("n" + i, options("n" + i));
                            }
                        })
                        .then(open("last", "last"))
                        .then(h -> h.channel("last").send(0, Bytes.utf8("x")))
                        .then(h -> {
                            h.muxer.cork();
                            h.channel("last").send(0, Bytes.utf8("y"));
                            h.channel("last").send(0, Bytes.utf8("z"));
                            h.muxer.uncork();
                        })
                        .then(close("last")));
    }

    private static void messages() {
        SCRIPTS.put("unknown-channel-and-type", () -> opening("a"));
        SCRIPTS.put(
                "message-type-253",
                () -> new MuxerScript()
                        .then(h -> h.open("x", ChannelOptions.of("t", 254)))
                        .then(h -> h.channel("x").send(252, Bytes.utf8("a")))
                        .then(h -> h.channel("x").send(253, Bytes.utf8("b"))));
        SCRIPTS.put(
                "skipped-message-type",
                () -> new MuxerScript().withoutOpens().then(h -> {
                    Channel channel = h.open("x", ChannelOptions.of("t", 2).withSkippedTypes(0));
                    channel.send(0, string("u"));
                    channel.send(1, string("v"));
                }));
    }
}
