package org.aliasrpc.protomux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.aliasrpc.encoding.Bytes;

/** What the owner does in the scripts about being asked for a channel. */
final class MuxerPairScripts {
    private MuxerPairScripts() {}

    static void addTo(Map<String, Supplier<MuxerScript>> scripts) {
        scripts.put(
                "pair-then-open",
                () -> paired(Bytes.utf8("k")).then(h -> {
                    h.open("x", MuxerVectorTest.options("p").withId(Bytes.utf8("k")));
                    finish(0).accept(h);
                }));
        scripts.put("pair-wildcard", () -> {
            MuxerHarness harness = new MuxerHarness();
            harness.muxer.pair("p", null);
            harness.muxer.pair("p", Bytes.utf8("b"));
            // Which of both was asked is not told: the request holds the id, and the owner knows what it registered.
            return new MuxerScript(harness)
                    .onOpenRequested(harness.muxer::finishPairing)
                    .then(h -> {
                        h.muxer.unpair("p", null);
                        h.muxer.unpair("p", Bytes.utf8("b"));
                    });
        });
        scripts.put("pair-callback-fails", () -> {
            MuxerHarness harness = new MuxerHarness();
            harness.muxer.pair("p", Bytes.EMPTY);
            return new MuxerScript(harness)
                    .ignoring("pair ")
                    .onOpenRequested(request -> harness.muxer.destroy("pair failed"));
        });
        scripts.put(
                "pair-two-opens",
                () -> paired(Bytes.EMPTY).ignoring("pair ").then(finish(0)).then(finish(1)));
        // The reference forgets the close and opens a channel whose peer is gone (protomux.md §8.7). We reject first,
        // so
        // that the remote frees its id, then open: towards a remote that has to answer for itself.
        scripts.put(
                "close-while-pairing",
                () -> paired(Bytes.EMPTY)
                        .ignoring("pair ")
                        .then(MuxerVectorTest.open("x", "p"))
                        .ours(2, "frame 000201", "frame 000101017000"));
        scripts.put(
                "close-while-pairing-reject",
                () -> paired(Bytes.EMPTY).ignoring("pair ").then(finish(0)));
        scripts.put(
                "buffer-pause",
                () -> paired(Bytes.EMPTY)
                        .withoutOpens()
                        .ignoring("pair ")
                        .then(h -> {
                            for (int i = 0; i < 64; i++) {
                                h.receive(Bytes.fromHex("0100"));
                            }
                        })
                        .then(h -> {
                            h.open("x", MuxerVectorTest.options("p"));
                            h.drain();
                            assertThat(h.events.stream().filter(event -> event.startsWith("message x 0")))
                                    .hasSize(65);
                            h.events.removeIf(event -> event.startsWith("message"));
                        }));
    }

    private static MuxerScript paired(Bytes id) {
        MuxerHarness harness = new MuxerHarness();
        harness.muxer.pair("p", id);
        return new MuxerScript(harness);
    }

    private static Consumer<MuxerHarness> finish(int request) {
        return h -> h.muxer.finishPairing(h.requests.get(request));
    }
}
