package org.aliasrpc.protomux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Supplier;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;

/** What the owner does in the scripts about failing handlers and ending streams. */
final class MuxerEndScripts {
    private MuxerEndScripts() {}

    static void addTo(Map<String, Supplier<MuxerScript>> scripts) {
        scripts.put("handler-throws", MuxerEndScripts::failingAtOnce);
        scripts.put("handler-rejects", MuxerEndScripts::failingAtOnce);
        // Handlers are the owner's: here it has learned that the channel is closed, and gives nothing up.
        scripts.put(
                "handler-rejects-after-close",
                () -> new MuxerScript()
                        .withoutOpens()
                        .ignoring("message ")
                        .then(MuxerVectorTest.open("x", "a"))
                        .then(h -> assertThat(h.muxer.isClosed()).isFalse()));
        scripts.put("decode-error", () -> {
            MuxerHarness harness = new MuxerHarness();
            return new MuxerScript(harness)
                    .withoutOpens()
                    .ignoring("message ", "close ")
                    .onMessage(message -> {
                        try {
                            new Reader(message.body()).utf8();
                        } catch (DecodeException e) {
                            harness.muxer.destroy(String.valueOf(e.getMessage()));
                        }
                    })
                    .then(MuxerVectorTest.open("x", "a"));
        });
        scripts.put(
                "stream-end",
                () -> new MuxerScript()
                        .then(MuxerVectorTest.open("x", "a").andThen(MuxerVectorTest.open("y", "b")))
                        .then(h -> h.muxer.onStreamClosed(null))
                        .then(h -> assertThat(h.muxer.createChannel(MuxerVectorTest.options("c")))
                                .isNull()));
        scripts.put(
                "stream-destroy",
                () -> new MuxerScript().then(MuxerVectorTest.open("x", "a")).then(h -> h.muxer.destroy("bye")));
        // The reference writes a close of id 0 (protomux.md §8.8).
        scripts.put(
                "close-never-opened",
                () -> new MuxerScript()
                        .then(h -> {
                            h.create("x", MuxerVectorTest.options("a"));
                            h.channel("x").close();
                        })
                        .then(MuxerVectorTest.open("y", "a"))
                        .ours(0, "close x false"));
    }

    private static MuxerScript failingAtOnce() {
        MuxerHarness harness = new MuxerHarness();
        return new MuxerScript(harness)
                .withoutOpens()
                .ignoring("message ")
                .onMessage(message -> harness.muxer.destroy("boom"))
                .then(MuxerVectorTest.open("x", "a"));
    }
}
