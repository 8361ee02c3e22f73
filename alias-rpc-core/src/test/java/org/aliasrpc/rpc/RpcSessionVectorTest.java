package org.aliasrpc.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.rpc.RpcHarness.Encoding;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The session of protomux-rpc.json: both ends are ours, and each has to write and to see what the reference did. */
class RpcSessionVectorTest {
    private static final RpcOptions OPTIONS = RpcOptions.of("demo").withId(Bytes.utf8("svc"));

    private final RpcHarness a = new RpcHarness(OPTIONS);
    private final RpcHarness b = new RpcHarness(OPTIONS);
    private final List<String> writtenByA = new ArrayList<>();
    private final List<String> writtenByB = new ArrayList<>();

    @Test
    void demo() {
        b.serve("echo", request -> b.rpc.answer(request.handle(), request.value()));
        b.serve("add", request -> b.rpc.answer(request.handle(), sum(request.value())));
        RpcError.Cause notToday = new RpcError.Cause("not today", "NOT_TODAY", null);
        b.serve("fail", request -> b.rpc.answerFailure(request.handle(), notToday));
        b.rpc.serve("note");
        exchange();
        a.request("echo", RpcHarness.buffer("hello"), Encoding.BUFFER);
        exchange();
        a.request("add", Bytes.fromHex("0301fcfdfd00"), Encoding.UINT);
        exchange();
        a.request("fail", Bytes.fromHex("00"), Encoding.BUFFER);
        exchange();
        a.request("missing", Bytes.fromHex("00"), Encoding.BUFFER);
        exchange();
        assertThat(a.rpc.event("note", RpcHarness.string("fyi"))).isTrue();
        exchange();
        b.request("echo", RpcHarness.buffer("other way"), Encoding.BUFFER);
        exchange();
        a.muxer.cork();
        a.request("echo", RpcHarness.buffer("x"), Encoding.BUFFER);
        a.request("echo", RpcHarness.buffer("y"), Encoding.BUFFER);
        a.muxer.uncork();
        exchange();
        a.rpc.end();
        exchange();

        List<String> framesOfA = new ArrayList<>();
        List<String> framesOfB = new ArrayList<>();
        List<String> outcomes = new ArrayList<>();
        for (JsonNode step : timeline()) {
            if (step.has("from")) {
                List<String> frames = Vectors.text(step, "from").equals("A") ? framesOfA : framesOfB;
                frames.add(Vectors.text(Vectors.field(step, "frame"), "hex"));
            } else if (step.has("rejected")) {
                outcomes.add("rejected " + RpcScript.error(Vectors.field(step, "error")));
            } else if (step.has("resolved")) {
                outcomes.add("resolved " + Vectors.field(step, "value").asString());
            }
        }
        assertThat(writtenByA).containsExactlyElementsOf(framesOfA);
        assertThat(writtenByB).containsExactlyElementsOf(framesOfB);
        // The recording counts the calls of both sides together and calls all of them A's.
        String otherWay = "rejected UNKNOWN_METHOD|UNKNOWN_METHOD: Unknown method 'echo'";
        assertThat(outcomes).hasSize(7).contains(otherWay);
        outcomes.remove(otherWay);
        assertThat(outcomesOf(a)).containsExactlyElementsOf(outcomes);
        assertThat(outcomesOf(b)).containsExactly(otherWay);
        assertThat(b.events).contains("event note " + RpcHarness.string("fyi"));
        assertThat(a.events).startsWith("open null").endsWith("close", "destroy");
        assertThat(b.events).startsWith("open null").endsWith("close", "destroy");
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

    /** Outcomes of calls without their numbers. */
    private static List<String> outcomesOf(RpcHarness side) {
        return side.events.stream()
                .filter(event -> event.startsWith("resolved ") || event.startsWith("rejected "))
                .map(event -> event.replaceFirst(" \\d+", ""))
                .toList();
    }

    private static List<JsonNode> timeline() {
        JsonNode session = Vectors.elements(Vectors.field(Vectors.load("protomux-rpc"), "sessions"))
                .get(0);
        assertThat(Vectors.text(session, "name")).isEqualTo("demo");
        return Vectors.elements(Vectors.field(session, "timeline"));
    }

    private static Bytes sum(Bytes numbers) {
        try {
            Reader in = new Reader(numbers);
            long sum = 0;
            for (long left = in.uint(); left > 0; left--) {
                sum += in.uint();
            }
            return RpcHarness.uint(sum);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }
}
