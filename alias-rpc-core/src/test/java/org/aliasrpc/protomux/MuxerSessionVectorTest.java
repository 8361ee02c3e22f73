package org.aliasrpc.protomux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The sessions of protomux.json: both ends are ours, and each has to write and to see what the reference did. */
class MuxerSessionVectorTest {
    private final MuxerHarness a = new MuxerHarness();
    private final MuxerHarness b = new MuxerHarness();
    private final List<String> writtenByA = new ArrayList<>();
    private final List<String> writtenByB = new ArrayList<>();

    @Test
    void chat() {
        ChannelOptions options = ChannelOptions.of("chat", 2).withId(Bytes.utf8("room-1"));
        Channel ofA = a.open("x", options.withHandshake(string("hello from A")));
        Channel ofB = b.open("x", options.withHandshake(string("hello from B")));
        exchange();
        assertThat(b.latestHandshake).isEqualTo(string("hello from A"));
        assertThat(a.latestHandshake).isEqualTo(string("hello from B"));
        ofA.send(0, string("first"));
        ofA.send(1, uint(253));
        ofB.send(0, string("zweite ☃"));
        exchange();
        a.muxer.cork();
        ofA.send(0, string("batched 1"));
        ofA.send(1, uint(70000));
        ofA.send(0, string("batched 2"));
        a.muxer.uncork();
        exchange();
        ofB.close();
        exchange();

        compare("chat");
        assertThat(a.events)
                .containsExactly("open x", "message x 0 " + string("zweite ☃").toHex(), "close x true");
        assertThat(b.events)
                .containsExactly(
                        "open x",
                        "message x 0 " + string("first").toHex(),
                        "message x 1 fdfd00",
                        "message x 0 " + string("batched 1").toHex(),
                        "message x 1 fe70110100",
                        "message x 0 " + string("batched 2").toHex(),
                        "close x false");
    }

    @Test
    void pairAndReject() {
        ChannelOptions lazy = ChannelOptions.of("lazy", 1).withId(Bytes.fromHex("c0ffee"));
        b.muxer.pair("lazy", null);
        b.onOpenRequested = request -> {
            b.open("x", lazy);
            b.muxer.finishPairing(request);
        };
        Channel ofA = a.open("x", lazy);
        ofA.send(0, Bytes.fromHex("0102"));
        exchange();
        a.open("nope", ChannelOptions.of("nope", 1));
        exchange();
        ofA.close();
        exchange();

        compare("pair-and-reject");
        assertThat(a.events).containsExactly("open x", "close nope true", "close x false");
        assertThat(b.events).containsExactly("pair lazy c0ffee", "open x", "message x 0 0102", "close x true");
    }

    private void exchange() {
        boolean progress = true;
        while (progress) {
            a.drain();
            b.drain();
            List<Bytes> fromA = a.takeFrames();
            List<Bytes> fromB = b.takeFrames();
            progress = !fromA.isEmpty() || !fromB.isEmpty();
            fromA.forEach(frame -> writtenByA.add(frame.toHex()));
            fromB.forEach(frame -> writtenByB.add(frame.toHex()));
            fromA.forEach(b::receive);
            fromB.forEach(a::receive);
        }
    }

    /** The frames of both sides; and the number of events, which the tests list in words. */
    private void compare(String name) {
        JsonNode session = Vectors.cases("protomux", "sessions")
                .filter(candidate -> Vectors.text(candidate, "name").equals(name))
                .findFirst()
                .orElseThrow();
        List<String> framesOfA = new ArrayList<>();
        List<String> framesOfB = new ArrayList<>();
        int eventsOfA = 0;
        int eventsOfB = 0;
        for (JsonNode step : Vectors.elements(Vectors.field(session, "timeline"))) {
            if (step.has("from")) {
                List<String> frames = Vectors.text(step, "from").equals("A") ? framesOfA : framesOfB;
                frames.add(Vectors.text(Vectors.field(step, "frame"), "hex"));
            } else if (step.has("event") && !Vectors.text(step, "event").equals("destroy")) {
                eventsOfA += Vectors.text(step, "side").equals("A") ? 1 : 0;
                eventsOfB += Vectors.text(step, "side").equals("B") ? 1 : 0;
            }
        }
        assertThat(writtenByA).containsExactlyElementsOf(framesOfA);
        assertThat(writtenByB).containsExactlyElementsOf(framesOfB);
        assertThat(a.events).hasSize(eventsOfA);
        assertThat(b.events).hasSize(eventsOfB);
    }

    private static Bytes string(String text) {
        return new Writer().utf8(text).toBytes();
    }

    private static Bytes uint(long value) {
        return new Writer().uint(value).toBytes();
    }
}
