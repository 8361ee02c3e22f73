package org.aliasrpc.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.aliasrpc.protomux.Muxer;
import org.aliasrpc.protomux.MuxerEvent;
import org.aliasrpc.testing.VectorScript;

/** A muxer with one RPC channel, and an owner that encodes values and writes down, in words, what it is told. */
final class RpcHarness implements VectorScript.Harness {
    /** How values are encoded: the caller's affair, so here the test's. */
    enum Encoding {
        BUFFER,
        STRING,
        UINT,
        RAW,
        NONE;

        /** The value in the words of the vectors. */
        String decode(Bytes value) throws DecodeException {
            Reader in = new Reader(value);
            return switch (this) {
                case BUFFER -> {
                    Bytes content = in.optionalBuffer();
                    yield content == null ? "null" : content.toHex();
                }
                case STRING -> in.utf8();
                case UINT -> Long.toString(in.uint());
                case RAW -> value.toHex();
                case NONE -> "null";
            };
        }
    }

    final Muxer muxer = new Muxer();
    final RpcChannel rpc;
    final List<String> events = new ArrayList<>();
    final List<Bytes> frames = new ArrayList<>();
    final Map<String, Consumer<RpcEvent.RequestReceived>> handlers = new HashMap<>();
    final Map<Long, Encoding> responseEncodings = new HashMap<>();

    RpcHarness(RpcOptions options) {
        RpcChannel opened = RpcChannel.open(muxer, options);
        if (opened == null) {
            throw new AssertionError("no channel");
        }
        this.rpc = opened;
    }

    static Bytes buffer(String text) {
        return new Writer().buffer(Bytes.utf8(text)).toBytes();
    }

    static Bytes string(String text) {
        return new Writer().utf8(text).toBytes();
    }

    static Bytes uint(long value) {
        return new Writer().uint(value).toBytes();
    }

    void serve(String method, Consumer<RpcEvent.RequestReceived> handler) {
        rpc.serve(method);
        handlers.put(method, handler);
    }

    long request(String method, Bytes value, Encoding responseEncoding) {
        long id = rpc.request(method, value, RpcChannel.NO_DEADLINE);
        responseEncodings.put(id, responseEncoding);
        return id;
    }

    @Override
    public void receive(Bytes frame) {
        muxer.onFrame(frame.asByteBuffer());
        drain();
    }

    @Override
    public void drain() {
        noteRpc();
        for (MuxerEvent event = muxer.pollEvent(); event != null; event = muxer.pollEvent()) {
            if (event instanceof MuxerEvent.Failed failed) {
                events.add("fail " + failed.reason());
            } else if (event instanceof MuxerEvent.ChannelEvent ofChannel && ofChannel.channel() == rpc.channel()) {
                rpc.onEvent(ofChannel);
            }
            noteRpc();
        }
        for (ByteBuffer frame = muxer.pollFrame(); frame != null; frame = muxer.pollFrame()) {
            frames.add(Bytes.copyOf(frame));
        }
    }

    List<String> takeEvents() {
        List<String> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    @Override
    public List<Bytes> takeFrames() {
        List<Bytes> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    private void noteRpc() {
        for (RpcEvent event = rpc.pollEvent(); event != null; event = rpc.pollEvent()) {
            if (event instanceof RpcEvent.Opened opened) {
                events.add("open " + (opened.handshake().isEmpty() ? "null" : opened.handshake()));
            } else if (event instanceof RpcEvent.RequestReceived request) {
                Consumer<RpcEvent.RequestReceived> handler = handlers.get(request.method());
                if (handler == null) {
                    throw new AssertionError("request for " + request.method());
                }
                handler.accept(request);
            } else if (event instanceof RpcEvent.EventReceived received) {
                noteEvent(received);
            } else if (event instanceof RpcEvent.Responded responded) {
                events.add(resolved(responded));
            } else if (event instanceof RpcEvent.Failed failed) {
                events.add("rejected " + failed.id() + " " + words(failed.error()));
            } else if (event instanceof RpcEvent.Closed) {
                events.add("close");
            } else if (event instanceof RpcEvent.Finished) {
                events.add("destroy");
            }
        }
    }

    /** The handlers of the vectors take strings; what cannot be decoded is dropped: an event has no answer. */
    private void noteEvent(RpcEvent.EventReceived received) {
        try {
            new Reader(received.value()).utf8();
            events.add("event " + received.method() + " " + received.value());
        } catch (DecodeException e) {
            assertThat(e).hasMessage("Out of bounds");
        }
    }

    private String resolved(RpcEvent.Responded responded) {
        Encoding encoding = responseEncodings.getOrDefault(responded.id(), Encoding.BUFFER);
        try {
            return "resolved " + responded.id() + " " + encoding.decode(responded.value());
        } catch (DecodeException e) {
            RpcError error = new RpcError(
                    RpcErrorCode.DECODE_ERROR,
                    "Could not decode response",
                    new RpcError.Cause(String.valueOf(e.getMessage())));
            return "rejected " + responded.id() + " " + words(error);
        }
    }

    /** An error in the words of {@link RpcVectorTest}. */
    static String words(RpcError error) {
        RpcError.Cause cause = error.cause();
        // How long the time was is known to the caller.
        String text = error.code() == RpcErrorCode.TIMEOUT_EXCEEDED ? "" : error.text();
        return error.code()
                + "|" + text
                + (cause == null ? "" : "|" + cause.message() + "|" + cause.code() + "|" + cause.context());
    }
}
