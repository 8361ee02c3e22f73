package org.aliasrpc.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.rpc.RpcHarness.Encoding;
import org.aliasrpc.testing.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every script of protomux-rpc.json against one channel. */
class RpcVectorTest {
    private static final long MILLI = 1_000_000;
    private static final Bytes EMPTY_BUFFER = Bytes.fromHex("00");
    private static final Map<String, Supplier<RpcScript>> SCRIPTS = new HashMap<>();

    static {
        requests();
        responses();
        responders();
        ends();
    }

    @TestFactory
    Stream<DynamicTest> scripts() {
        return Vectors.cases("protomux-rpc", "scripts").map(script -> {
            String name = Vectors.text(script, "name");
            return DynamicTest.dynamicTest(name, () -> {
                Supplier<RpcScript> owner = SCRIPTS.get(name);
                if (owner == null) {
                    throw new AssertionError("nobody plays the owner of " + name);
                }
                owner.get().run(script);
            });
        });
    }

    private static RpcScript script() {
        return new RpcScript(RpcOptions.of(RpcOptions.DEFAULT_PROTOCOL));
    }

    private static Consumer<RpcHarness> request(String method) {
        return h -> h.request(method, EMPTY_BUFFER, Encoding.BUFFER);
    }

    private static Consumer<RpcHarness> strings(int count) {
        return h -> {
            for (int i = 0; i < count; i++) {
                h.request("m", Bytes.EMPTY, Encoding.STRING);
            }
        };
    }

    private static void requests() {
        SCRIPTS.put("open", RpcVectorTest::script);
        SCRIPTS.put(
                "open-protocol-id-handshake",
                () -> new RpcScript(RpcOptions.of("register-alias")
                        .withId(Bytes.fromHex("beef"))
                        .withHandshake(Bytes.fromHex("c0ffee"))));
        SCRIPTS.put(
                "request-response",
                () -> script().then(h -> h.request("echo", RpcHarness.buffer("hi"), Encoding.BUFFER))
                        .then(request("echo")));
        SCRIPTS.put(
                "request-before-open",
                () -> script().first(h -> h.request("m", RpcHarness.buffer("v"), Encoding.BUFFER)));
        SCRIPTS.put(
                "request-encodings",
                () -> script().then(h -> h.request("", RpcHarness.uint(300), Encoding.STRING))
                        .then(h -> h.request("métode", Bytes.fromHex("00ff"), Encoding.RAW))
                        .then(h -> h.request("n", Bytes.EMPTY, Encoding.NONE)));
        SCRIPTS.put(
                "request-ids-253",
                () -> script().thenUnlisted(h -> {
                            for (int i = 0; i < 252; i++) {
                                h.request("x", EMPTY_BUFFER, Encoding.BUFFER);
                            }
                        })
                        .then(request("x")));
        SCRIPTS.put(
                "cork",
                () -> script().then(h -> {
                    h.serve("e", request -> h.rpc.answer(request.handle(), request.value()));
                    h.muxer.cork();
                    h.request("a", EMPTY_BUFFER, Encoding.BUFFER);
                    h.request("b", EMPTY_BUFFER, Encoding.BUFFER);
                    h.muxer.uncork();
                }));
    }

    private static void responses() {
        SCRIPTS.put(
                "response-errors",
                () -> script().then(h -> {
                    for (int i = 0; i < 10; i++) {
                        h.request("m", EMPTY_BUFFER, Encoding.BUFFER);
                    }
                }));
        SCRIPTS.put("response-edge", () -> script().then(strings(3)));
        SCRIPTS.put("response-truncated", () -> script().then(request("m")));
        SCRIPTS.put("response-empty", RpcVectorTest::script);
        SCRIPTS.put("request-truncated", RpcVectorTest::script);
        SCRIPTS.put(
                "timeout",
                () -> script().then(h -> {
                            h.rpc.request("slow", EMPTY_BUFFER, 20 * MILLI);
                            assertThat(h.rpc.nextTimeout()).isEqualTo(20 * MILLI);
                            h.rpc.onTimeout(20 * MILLI - 1);
                            h.drain();
                            assertThat(h.events).isEmpty();
                            h.rpc.onTimeout(60 * MILLI);
                        })
                        .then(h -> {
                            h.request("slow", EMPTY_BUFFER, Encoding.BUFFER);
                            assertThat(h.rpc.nextTimeout()).isEqualTo(RpcChannel.NO_DEADLINE);
                            h.rpc.onTimeout(Long.MAX_VALUE);
                        }));
    }

    private static void responders() {
        SCRIPTS.put(
                "responder",
                () -> script().then(h -> {
                            h.serve("echo", request -> h.rpc.answer(request.handle(), request.value()));
                            h.serve("upper", request -> upper(h, request));
                            h.serve(
                                    "len",
                                    request -> h.rpc.answer(
                                            request.handle(),
                                            RpcHarness.uint(request.value().length())));
                        })
                        .then(h -> h.rpc.stopServing("echo")));
        SCRIPTS.put(
                "responder-errors",
                () -> script().then(h -> {
                    failing(h, "plain", new RpcError.Cause("boom"));
                    failing(h, "code", new RpcError.Cause("no file", "ENOENT", null));
                    failing(h, "context", new RpcError.Cause("boom", "E", "the context"));
                    failing(h, "empty", new RpcError.Cause(""));
                    failing(h, "async", new RpcError.Cause("löste nicht"));
                    h.serve("badvalue", request -> h.rpc.answerUnencodable(request.handle(), "Incorrect buffer size"));
                }));
        SCRIPTS.put(
                "events",
                () -> script().then(h -> {
                            h.rpc.serve("note");
                            h.rpc.serve("bad");
                        })
                        .then(h -> assertThat(h.rpc.event("note", RpcHarness.string("yo")))
                                .isTrue())
                        .then(request("m")));
        List<Long> slow = new ArrayList<>();
        SCRIPTS.put(
                "end",
                () -> script().then(h -> {
                            h.serve("slow", request -> slow.add(request.handle()));
                            h.request("m", EMPTY_BUFFER, Encoding.BUFFER);
                            h.rpc.end();
                        })
                        .then(h -> h.rpc.answer(slow.remove(0), EMPTY_BUFFER)));
        SCRIPTS.put(
                "close-with-handler-running",
                () -> script().then(h -> h.serve("slow", request -> slow.add(request.handle())))
                        .then(h -> h.rpc.answer(slow.remove(0), EMPTY_BUFFER)));
    }

    private static void ends() {
        Consumer<RpcHarness> isClosed = h -> {
            assertThat(h.rpc.isClosed()).isTrue();
            assertThat(h.rpc.isOpened()).isFalse();
        };
        SCRIPTS.put(
                "closed-by-remote",
                () -> script().then(request("m"))
                        .then(request("m"))
                        .then(h -> assertThat(h.rpc.event("m", EMPTY_BUFFER)).isFalse())
                        .then(isClosed));
        SCRIPTS.put("rejected-by-remote", () -> script().first(request("m")).then(isClosed.andThen(request("m"))));
        SCRIPTS.put(
                "destroy",
                () -> script().then(request("m").andThen(request("m")).andThen(h -> h.rpc.destroy())));
        // What else was wrong is the owner's to tell; the calls fail in the same way.
        SCRIPTS.put(
                "destroy-error",
                () -> script().then(request("m").andThen(h -> {
                    h.rpc.destroy();
                    h.drain();
                    assertThat(h.events).contains("rejected 1 CHANNEL_DESTROYED|CHANNEL_DESTROYED: channel destroyed");
                    h.events.replaceAll(event -> event.startsWith("rejected") ? "rejected 1 null|mine" : event);
                })));
        SCRIPTS.put(
                "duplicate",
                () -> script().first(
                                h -> assertThat(RpcChannel.open(h.muxer, RpcOptions.of(RpcOptions.DEFAULT_PROTOCOL)))
                                        .isNull())
                        .then(h -> assertThat(RpcChannel.open(
                                        h.muxer,
                                        RpcOptions.of(RpcOptions.DEFAULT_PROTOCOL)
                                                .withId(Bytes.utf8("x"))))
                                .isNotNull()));
        SCRIPTS.put(
                "stream-destroyed",
                () -> script().then(request("m").andThen(h -> h.muxer.onStreamClosed(null)))
                        .then(request("m")));
    }

    private static void failing(RpcHarness h, String method, RpcError.Cause cause) {
        h.serve(method, request -> h.rpc.answerFailure(request.handle(), cause));
    }

    private static void upper(RpcHarness h, RpcEvent.RequestReceived request) {
        try {
            String text = new Reader(request.value()).utf8();
            h.rpc.answer(request.handle(), RpcHarness.string(text.toUpperCase(Locale.ROOT)));
        } catch (DecodeException e) {
            h.rpc.answerUndecodable(request.handle(), e);
        }
    }
}
