package org.aliasrpc.dht;

import java.util.List;
import java.util.Queue;
import org.aliasrpc.dht.PendingRequest.Ask;
import org.jspecify.annotations.Nullable;

/** Requests and queries of the layer above: gives them handles, and tells of their ends by events. */
final class Calls {
    private final Requests requests;
    private final Queries queries;
    private final Queue<RpcEvent> events;
    private final Handles handles = new Handles();

    Calls(Requests requests, Queries queries, Queue<RpcEvent> events) {
        this.requests = requests;
        this.queries = queries;
        this.events = events;
    }

    Handles handles() {
        return handles;
    }

    long request(Ask ask, long nowNanos) {
        long handle = handles.next();
        RequestFailure refusal = requests.refusal();
        Reporter reporter = new Reporter(handle);
        reporter.request = refusal == null ? requests.send(ask, reporter, nowNanos) : null;
        if (reporter.request == null) {
            events.add(new RpcEvent.Failed(handle, refusal == null ? RequestFailure.OVERLOADED : refusal));
        } else {
            handles.put(handle, ask.options().session(), reporter);
        }
        return handle;
    }

    long query(QueryOptions options, boolean internal, long nowNanos) {
        long handle = handles.next();
        QueryFailure refusal = queries.refusal();
        if (refusal != null) {
            events.add(new RpcEvent.QueryEnded(handle, List.of(), refusal));
            return handle;
        }
        QueryRun query = queries.create(options, internal, new QueryReporter(handle));
        handles.put(handle, options.session(), query);
        query.start(nowNanos);
        return handle;
    }

    /** Tells the layer above of the end of one of its requests. */
    private final class Reporter implements RequestOwner, Handles.Cancellable {
        private final long handle;
        private @Nullable PendingRequest request;

        Reporter(long handle) {
            this.handle = handle;
        }

        @Override
        public void onReply(Reply reply, long nowNanos) {
            handles.remove(handle);
            events.add(new RpcEvent.Replied(handle, reply));
        }

        @Override
        public void onFailure(RequestFailure failure, long nowNanos) {
            handles.remove(handle);
            events.add(new RpcEvent.Failed(handle, failure));
        }

        @Override
        public void cancel(long nowNanos) {
            if (request != null) {
                requests.pending().cancel(request);
            }
            onFailure(RequestFailure.CANCELLED, nowNanos);
        }
    }

    /** Tells the layer above what comes of one of its queries. */
    private final class QueryReporter implements QueryOwner {
        private final long handle;

        QueryReporter(long handle) {
            this.handle = handle;
        }

        @Override
        public void onReply(Reply reply, long nowNanos) {
            events.add(new RpcEvent.QueryReply(handle, reply));
        }

        @Override
        public void onCommitReply(Reply reply, long nowNanos) {
            events.add(new RpcEvent.CommitReply(handle, reply));
        }

        @Override
        public void onEnd(List<Reply> closest, @Nullable QueryFailure failure, long nowNanos) {
            handles.remove(handle);
            events.add(new RpcEvent.QueryEnded(handle, closest, failure));
        }
    }
}
