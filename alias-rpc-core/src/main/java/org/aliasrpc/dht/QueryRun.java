package org.aliasrpc.dht;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.aliasrpc.dht.PendingRequest.Ask;
import org.jspecify.annotations.Nullable;

/** One query: its walk, the requests it makes, and the commit at its end (dht-rpc.md §10). */
final class QueryRun implements Handles.Cancellable {
    private final Queries queries;
    private final QueryOptions options;
    private final boolean internal;
    private final boolean background;
    private final QueryOwner owner;
    private final QueryWalk walk;
    private final Set<PendingRequest> outstanding = new LinkedHashSet<>();
    private boolean committing;
    private boolean ended;
    private int commitsLeft;
    private int committed;

    /**
     * @param internal whether this is a walk for nodes; else the command is one of the layer above
     * @param background whether to take few requests at a time while others are under way
     */
    QueryRun(Queries queries, QueryOptions options, boolean internal, boolean background, QueryOwner owner) {
        this.queries = queries;
        this.options = options;
        this.internal = internal;
        this.background = background;
        this.owner = owner;
        this.walk =
                new QueryWalk(options.target(), background ? backgroundConcurrency() : options.concurrency(), queries);
    }

    QueryWalk walk() {
        return walk;
    }

    void start(long nowNanos) {
        walk.seed(options.seeds().stream().map(Peer::at).toList(), options.onlySeeds());
        walk.seedFromTable();
        if (walk.needsBootstrap()) {
            queries.bootstrap().resolve(this::onBootstrapNodes, nowNanos);
        } else {
            advance(nowNanos);
        }
    }

    @Override
    public void cancel(long nowNanos) {
        end(QueryFailure.CANCELLED, nowNanos);
    }

    void end(@Nullable QueryFailure failure, long nowNanos) {
        if (ended) {
            return;
        }
        ended = true;
        outstanding.forEach(queries.requests().pending()::cancel); // slow nodes that nobody waits for any more
        outstanding.clear();
        queries.onEnd(this);
        owner.onEnd(walk.closestReplies(), failure, nowNanos);
    }

    private void onBootstrapNodes(List<Peer> nodes, long nowNanos) {
        if (!ended) {
            walk.seedLast(nodes);
            advance(nowNanos);
        }
    }

    private void advance(long nowNanos) {
        walk.advance();
        QueryWalk.Visit visit;
        while ((visit = walk.pollVisit()) != null) {
            Visiting visiting = new Visiting(visit);
            visiting.request = queries.requests().send(ask(visit.node()), visiting, nowNanos);
            if (visiting.request == null) {
                walk.onFailure(visit, false);
                walk.advance();
            } else {
                outstanding.add(visiting.request);
            }
        }
        sendHints(nowNanos);
        if (walk.isFinished() && !committing) {
            finish(nowNanos);
        }
    }

    private void sendHints(long nowNanos) {
        QueryWalk.Hint hint;
        while ((hint = walk.pollHint()) != null) {
            queries.hints().send(hint, nowNanos);
        }
    }

    private Ask ask(Peer node) {
        long command = internal ? InternalCommand.FIND_NODE.number() : options.command();
        OutgoingRequest request = new OutgoingRequest(command, options.target(), internal ? null : options.value());
        return new Ask(node, internal, request, RequestOptions.DEFAULT.withRetries(options.retries()), 0);
    }

    private int backgroundConcurrency() {
        return Math.min(options.concurrency(), Math.max(2, options.concurrency() / 8));
    }

    private void finish(long nowNanos) {
        CommitStrategy commit = internal ? null : options.commit();
        if (commit == null) {
            end(null, nowNanos);
            return;
        }
        committing = true;
        List<Reply> closest = new ArrayList<>(walk.closestReplies());
        if (closest.isEmpty()) {
            end(QueryFailure.TOO_FEW_NODES, nowNanos);
            return;
        }
        commitsLeft = closest.size();
        for (Reply reply : closest) {
            OutgoingRequest request = commit.commit(reply);
            if (request == null) {
                onCommitEnded(QueryFailure.COMMIT_REFUSED, nowNanos);
                continue;
            }
            Peer to = Peer.withoutId(reply.from().address());
            Committing sending = new Committing();
            sending.request =
                    queries.requests().send(new Ask(to, false, request, RequestOptions.DEFAULT, 0), sending, nowNanos);
            if (sending.request == null) {
                onCommitEnded(QueryFailure.OVERLOADED, nowNanos);
            } else {
                outstanding.add(sending.request);
            }
        }
    }

    /** One success is enough; when all have failed, the last failure counts. */
    private void onCommitEnded(@Nullable QueryFailure failure, long nowNanos) {
        if (failure == null) {
            committed++;
        }
        if (--commitsLeft == 0) {
            end(committed > 0 ? null : failure, nowNanos);
        }
    }

    private final class Visiting implements RequestOwner {
        private final QueryWalk.Visit visit;
        private @Nullable PendingRequest request;

        Visiting(QueryWalk.Visit visit) {
            this.visit = visit;
        }

        @Override
        public void onReply(Reply reply, long nowNanos) {
            forget();
            walk.onReply(visit, reply);
            if (!committing && reply.isSuccess()) {
                owner.onReply(reply, nowNanos);
            }
            if (background) {
                boolean idle = queries.requests().pending().size() < 3;
                walk.concurrency(idle ? options.concurrency() : backgroundConcurrency());
            }
            goOn(nowNanos);
        }

        @Override
        public void onFailure(RequestFailure failure, long nowNanos) {
            forget();
            walk.onFailure(visit, failure == RequestFailure.TIMED_OUT);
            goOn(nowNanos);
        }

        @Override
        public void onSlow(long nowNanos) {
            walk.onSlow(visit);
            goOn(nowNanos);
        }

        private void forget() {
            if (request != null) {
                outstanding.remove(request);
            }
        }

        private void goOn(long nowNanos) {
            if (ended) {
                return;
            }
            if (committing) {
                sendHints(nowNanos);
            } else {
                advance(nowNanos);
            }
        }
    }

    private final class Committing implements RequestOwner {
        private @Nullable PendingRequest request;

        @Override
        public void onReply(Reply reply, long nowNanos) {
            forget();
            owner.onCommitReply(reply, nowNanos);
            if (!ended) {
                onCommitEnded(null, nowNanos);
            }
        }

        @Override
        public void onFailure(RequestFailure failure, long nowNanos) {
            forget();
            onCommitEnded(QueryFailure.COMMIT_TIMED_OUT, nowNanos);
        }

        private void forget() {
            if (request != null) {
                outstanding.remove(request);
            }
        }
    }
}
