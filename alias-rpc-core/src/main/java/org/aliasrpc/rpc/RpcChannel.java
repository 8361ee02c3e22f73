package org.aliasrpc.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.protomux.Channel;
import org.aliasrpc.protomux.ChannelOptions;
import org.aliasrpc.protomux.Muxer;
import org.aliasrpc.protomux.MuxerEvent;
import org.jspecify.annotations.Nullable;

/**
 * Requests and events by method name, in both directions over one channel. Values are encoded by the caller.
 *
 * <p>The channel is opened at once; say which methods are served before the next frame is looked at. Events of the muxer
 * that carry this channel are handed in with {@link #onEvent}; afterwards poll events here.
 *
 * <p>Source: protomux-rpc.md part A.
 */
public final class RpcChannel {
    /** For a call without a deadline. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final int REQUEST = 0;
    private static final int RESPONSE = 1;
    private static final int MESSAGE_TYPES = 2;

    /** Flags and an id of 9 bytes. */
    private static final int MAX_RESPONSE_HEAD = 10;

    private final Muxer muxer;
    private final Channel channel;
    private final RpcOptions options;
    private final Set<String> served = new HashSet<>();
    private final Queue<RpcEvent> events = new ArrayDeque<>();

    private final PendingCalls calls = new PendingCalls();

    /** Requests of the remote that run: our handle, and the remote's id, which may repeat. */
    private final Map<Long, Long> running = new HashMap<>();

    private long lastHandle;
    private boolean ending;
    private boolean finished;

    private RpcChannel(Muxer muxer, Channel channel, RpcOptions options) {
        this.muxer = muxer;
        this.channel = channel;
        this.options = options;
    }

    /**
     * Creates the channel and opens it.
     *
     * @return null if the muxer has an open channel of this protocol and id, or is closed (the reference's
     *     {@code DUPLICATE_CHANNEL})
     */
    public static @Nullable RpcChannel open(Muxer muxer, RpcOptions options) {
        Channel channel = muxer.createChannel(ChannelOptions.of(options.protocol(), MESSAGE_TYPES)
                .withId(options.id())
                .withHandshake(options.handshake()));
        if (channel == null) {
            return null;
        }
        channel.open();
        return new RpcChannel(muxer, channel, options);
    }

    /** The channel below: events of the muxer name it. */
    public Channel channel() {
        return channel;
    }

    /** Whether both sides have opened and none has closed. */
    public boolean isOpened() {
        return channel.isOpened();
    }

    /** Whether anybody has closed it. */
    public boolean isClosed() {
        return channel.isClosed();
    }

    /** Requests and events for this method are told from now on; others are answered with UNKNOWN_METHOD. */
    public void serve(String method) {
        served.add(method);
    }

    /** Takes {@link #serve} back. */
    public void stopServing(String method) {
        served.remove(method);
    }

    /** Something happened to the channel below. */
    public void onEvent(MuxerEvent.ChannelEvent event) {
        if (event instanceof MuxerEvent.Opened opened) {
            events.add(new RpcEvent.Opened(opened.handshake()));
        } else if (event instanceof MuxerEvent.Closed closed) {
            onClosed(closed.remote());
        } else if (event instanceof MuxerEvent.Message message) {
            try {
                if (message.type() == REQUEST) {
                    onRequest(RpcRequest.CODEC.decode(new Reader(message.body())));
                } else {
                    onResponse(RpcResponse.CODEC.decode(new Reader(message.body())));
                }
            } catch (DecodeException e) {
                // The message itself is broken, not a value in it: as for any undecodable body (protomux-rpc.md §4.4).
                muxer.destroy(String.valueOf(e.getMessage()));
            }
        }
    }

    /** The next event, or null. */
    public @Nullable RpcEvent pollEvent() {
        return events.poll();
    }

    /**
     * Calls the remote. Possible before it has opened, and while {@link #end} waits.
     *
     * @param method which one
     * @param value encoded
     * @param deadlineNanos when the call fails for want of a response, or {@link #NO_DEADLINE}. The remote is not told
     * @return the id that {@link RpcEvent.Responded} or {@link RpcEvent.Failed} will carry
     */
    public long request(String method, Bytes value, long deadlineNanos) {
        long id = calls.nextId();
        RpcRequest request = new RpcRequest(id, method, value);
        if (channel.isClosed()) {
            fail(id, RpcErrorCode.CHANNEL_CLOSED, "channel closed");
        } else if (calls.size() >= options.maxPending()) {
            fail(id, RpcErrorCode.TOO_MANY_REQUESTS, options.maxPending() + " requests are pending");
        } else if (!fits(request)) {
            fail(id, RpcErrorCode.REQUEST_TOO_LARGE, "request of " + value.length() + " bytes");
        } else {
            calls.add(id, deadlineNanos);
            channel.send(REQUEST, RpcRequest.CODEC, request, request.expectedBytes());
        }
        return id;
    }

    /**
     * Tells the remote something; no answer comes.
     *
     * @return whether it was sent: not on a closed channel, and not if it does not fit a frame
     */
    public boolean event(String method, Bytes value) {
        RpcRequest event = new RpcRequest(RpcRequest.EVENT, method, value);
        if (channel.isClosed() || !fits(event)) {
            return false;
        }
        channel.send(REQUEST, RpcRequest.CODEC, event, event.expectedBytes());
        return true;
    }

    /** Longest value of an answer that fits a frame, whatever the request's id. */
    public int maxAnswerBytes() {
        return channel.maxBodyBytes() - MAX_RESPONSE_HEAD;
    }

    /** Answers a request. Nothing is sent if the channel is closed. */
    public void answer(long handle, Bytes value) {
        Long id = running.remove(handle);
        if (id != null) {
            RpcResponse response = new RpcResponse.Value(id, value);
            boolean fits = value.length() <= maxAnswerBytes()
                    || RpcResponse.CODEC.encode(response).length() <= channel.maxBodyBytes();
            if (!fits) {
                // The reference lets the stream break.
                respond(id, encodeError("response of " + value.length() + " bytes does not fit a frame"));
            } else {
                send(response, value.length() + MAX_RESPONSE_HEAD);
            }
            onHandlerEnded();
        }
    }

    /** Answers a request whose handler failed. The remote gets to see the cause. */
    public void answerFailure(long handle, RpcError.@Nullable Cause cause) {
        answerError(handle, new RpcError(RpcErrorCode.REQUEST_ERROR, "Request failed", cause));
    }

    /** Answers a request whose value could not be decoded. */
    public void answerUndecodable(long handle, DecodeException failure) {
        RpcError.Cause cause = new RpcError.Cause(String.valueOf(failure.getMessage()));
        answerError(handle, new RpcError(RpcErrorCode.DECODE_ERROR, "Could not decode request", cause));
    }

    /** Answers a request whose result could not be encoded. */
    public void answerUnencodable(long handle, String reason) {
        answerError(handle, encodeError(reason));
    }

    /** When {@link #onTimeout} is due; {@link #NO_DEADLINE} for never. */
    public long nextTimeout() {
        return calls.nextDeadline();
    }

    /** Fails the calls whose time is over. The channel stays usable, a late response is ignored. */
    public void onTimeout(long nowNanos) {
        for (long id = calls.pollDue(nowNanos); id != PendingCalls.NONE; id = calls.pollDue(nowNanos)) {
            fail(id, RpcErrorCode.TIMEOUT_EXCEEDED, "timeout exceeded");
        }
    }

    /** Forgets a call: its response will be ignored. Nothing is told about it any more. */
    public void cancel(long id) {
        if (calls.remove(id)) {
            closeIfEnded();
        }
    }

    /** Closes; pending calls fail with CHANNEL_DESTROYED. */
    public void destroy() {
        if (!channel.isClosed()) {
            channel.close();
            failAll(RpcErrorCode.CHANNEL_DESTROYED, "channel destroyed");
        }
    }

    /** Closes as soon as no own call is pending and no request is served; until then everything keeps working. */
    public void end() {
        ending = true;
        closeIfEnded();
    }

    private void onRequest(RpcRequest request) {
        boolean event = request.id() == RpcRequest.EVENT;
        if (!served.contains(request.method())) {
            if (!event) {
                respond(request.id(), unknownMethod(request.method()));
            }
        } else if (event) {
            events.add(new RpcEvent.EventReceived(request.method(), request.value()));
        } else if (running.size() >= options.maxRunning()) {
            respond(
                    request.id(),
                    new RpcError(
                            RpcErrorCode.REQUEST_ERROR, "Request failed", new RpcError.Cause("Too many requests")));
        } else {
            long handle = ++lastHandle;
            running.put(handle, request.id());
            events.add(new RpcEvent.RequestReceived(handle, request.method(), request.value()));
        }
    }

    private void onResponse(RpcResponse response) {
        if (!calls.remove(response.id())) {
            return; // late, repeated or made up
        }
        if (response instanceof RpcResponse.Value served) {
            events.add(new RpcEvent.Responded(served.id(), served.value()));
        } else if (response instanceof RpcResponse.Failure failed) {
            events.add(new RpcEvent.Failed(failed.id(), failed.error()));
        }
        closeIfEnded();
    }

    private void onClosed(boolean remote) {
        served.clear();
        failAll(RpcErrorCode.CHANNEL_CLOSED, "channel closed");
        events.add(new RpcEvent.Closed(remote));
        finishIfIdle();
    }

    private void answerError(long handle, RpcError error) {
        Long id = running.remove(handle);
        if (id != null) {
            respond(id, error);
            onHandlerEnded();
        }
    }

    private void respond(long id, RpcError error) {
        // Method names and causes can be long: then the answer is the code alone.
        int expectedBytes = 64 + 3 * (error.message().length() + length(error.cause()));
        boolean fits = expectedBytes <= channel.maxBodyBytes();
        RpcError sent = fits ? error : new RpcError(error.code(), "", null);
        send(new RpcResponse.Failure(id, sent), fits ? expectedBytes : 64);
    }

    private void send(RpcResponse response, int expectedBytes) {
        channel.send(RESPONSE, RpcResponse.CODEC, response, expectedBytes);
    }

    private boolean fits(RpcRequest request) {
        // The estimate is never too low; near the limit it has to be exact.
        return request.expectedBytes() <= channel.maxBodyBytes()
                || RpcRequest.CODEC.encode(request).length() <= channel.maxBodyBytes();
    }

    private static int length(RpcError.@Nullable Cause cause) {
        return cause == null ? 0 : cause.message().length() + length(cause.code()) + length(cause.context());
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static RpcError unknownMethod(String method) {
        return new RpcError(RpcErrorCode.UNKNOWN_METHOD, "Unknown method '" + method + "'", null);
    }

    private static RpcError encodeError(String reason) {
        return new RpcError(RpcErrorCode.ENCODE_ERROR, "Could not encode response", new RpcError.Cause(reason));
    }

    private void onHandlerEnded() {
        if (channel.isClosed()) {
            finishIfIdle();
        } else {
            closeIfEnded();
        }
    }

    private void closeIfEnded() {
        if (ending && calls.size() == 0 && running.isEmpty()) {
            channel.close();
        }
    }

    private void finishIfIdle() {
        if (!finished && running.isEmpty()) {
            finished = true;
            events.add(new RpcEvent.Finished());
        }
    }

    private void failAll(RpcErrorCode code, String message) {
        List<Long> ids = new ArrayList<>(calls.removeAll());
        for (long id : ids) {
            fail(id, code, message);
        }
    }

    private void fail(long id, RpcErrorCode code, String message) {
        events.add(new RpcEvent.Failed(id, new RpcError(code, message, null)));
    }
}
