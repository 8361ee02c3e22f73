package org.aliasrpc.protomux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.aliasrpc.encoding.Bytes;

/** What the owner does in the scripts about corking, batches and backpressure. */
final class MuxerBatchScripts {
    private MuxerBatchScripts() {}

    static void addTo(Map<String, Supplier<MuxerScript>> scripts) {
        scripts.put(
                "cork-one-channel",
                () -> new MuxerScript()
                        .then(h -> h.open("x", ChannelOptions.of("a", 2)))
                        .then(corked(h -> {
                            send(h, "x", 0, "1");
                            send(h, "x", 1, "22");
                            send(h, "x", 0, "");
                        }))
                        .then(corked(h -> send(h, "x", 0, "1")))
                        .then(corked(h -> {}))
                        .then(corked(h -> {
                            send(h, "x", 0, "1");
                            corked(inner -> send(inner, "x", 0, "2")).accept(h);
                            send(h, "x", 0, "3");
                        })));
        scripts.put(
                "cork-many-channels",
                () -> new MuxerScript().then(corked(h -> {
                    h.open("x", MuxerVectorTest.options("a"));
                    h.open("y", MuxerVectorTest.options("b"));
                    send(h, "x", 0, "1");
                    send(h, "y", 0, "2");
                    send(h, "y", 0, "3");
                    send(h, "x", 0, "4");
                    h.channel("x").close();
                })));
        scripts.put(
                "recv-batch",
                () -> new MuxerScript().then(MuxerVectorTest.open("x", "a").andThen(MuxerVectorTest.open("y", "b"))));
        scripts.put(
                "batched-replies",
                () -> new MuxerScript()
                        .withoutOpens()
                        .ignoring("message ")
                        .onMessage(MuxerBatchScripts::echo)
                        .then(MuxerVectorTest.open("x", "e")));
        // Handlers that answer later are waited for by nobody: every answer leaves when it is there, and other channels
        // go on meanwhile (protomux.md §7.6: the reference blocks the stream on the slowest handler).
        scripts.put(
                "batched-replies-async",
                () -> new MuxerScript()
                        .withoutOpens()
                        .ignoring("message ")
                        .then(MuxerVectorTest.open("x", "e"))
                        .then(h -> send(h, "x", 0, "2"))
                        .then(h -> send(h, "x", 0, "x"))
                        .then(h -> send(h, "x", 0, "1"))
                        .ours(3, "frame 010032")
                        .ours(4, "frame 010078")
                        .ours(5, "frame 010031"));
        scripts.put(
                "auto-batch-off",
                () -> new MuxerScript()
                        .withoutOpens()
                        .ignoring("message ")
                        .then(MuxerVectorTest.open("x", "e"))
                        .then(h -> send(h, "x", 0, "2")));
        scripts.put(
                "batch-split",
                () -> new MuxerScript().then(MuxerVectorTest.open("x", "a")).then(corked(h -> {
                    Bytes zeros = Bytes.wrap(new byte[4194304]);
                    for (int i = 0; i < 3; i++) {
                        h.channel("x").send(0, zeros);
                    }
                    send(h, "x", 0, "t");
                })));
        scripts.put("write-backpressure", () -> {
            MuxerLimits d = MuxerLimits.DEFAULT;
            MuxerLimits small = new MuxerLimits(
                    d.maxFrameBytes(),
                    d.maxBatchBytes(),
                    63,
                    d.maxUnsentBytes(),
                    d.maxKeptBytes(),
                    d.maxWaitingOpens(),
                    d.maxUnreadBytes());
            return new MuxerScript(new MuxerHarness(small))
                    .then(MuxerVectorTest.open("x", "a"))
                    .then(h -> {
                        h.blocked = true;
                        assertThat(h.channel("x").send(0, Bytes.wrap(new byte[64])))
                                .isFalse();
                    })
                    .then(corked(h -> assertThat(h.channel("x").send(0, Bytes.wrap(new byte[1])))
                            .isTrue()))
                    .then(h -> h.blocked = false);
        });
    }

    private static void echo(MuxerEvent.Message message) {
        message.channel().send(message.type(), Bytes.copyOf(message.body()));
    }

    private static void send(MuxerHarness h, String channel, int type, String text) {
        h.channel(channel).send(type, Bytes.utf8(text));
    }

    private static Consumer<MuxerHarness> corked(Consumer<MuxerHarness> action) {
        return h -> {
            h.muxer.cork();
            action.accept(h);
            h.muxer.uncork();
        };
    }
}
