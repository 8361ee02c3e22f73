package org.aliasrpc.dht;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The queries that run on one node, the layer above's and the node's own. */
final class Queries implements QueryWalk.Surroundings {
    /** Ticks without query after which the table is freshened: 5 minutes. */
    static final int REFRESH_TICKS = 60;

    private final NodeState state;
    private final Requests requests;
    private final Neighbours neighbours;
    private final BootstrapResolver bootstrap;
    private final DownHints hints;
    private final RandomGenerator random;
    private final int concurrency;
    private final Set<QueryRun> running = new LinkedHashSet<>();
    private int refreshTicks;
    private long total;

    Queries(
            NodeState state,
            RpcConfig config,
            Requests requests,
            Neighbours neighbours,
            BootstrapResolver bootstrap,
            RandomGenerator random) {
        this.state = state;
        this.requests = requests;
        this.neighbours = neighbours;
        this.bootstrap = bootstrap;
        this.hints = new DownHints(requests, config);
        this.concurrency = config.concurrency();
        this.random = random;
        this.refreshTicks = REFRESH_TICKS - random.nextInt(REFRESH_TICKS / 2);
    }

    Requests requests() {
        return requests;
    }

    BootstrapResolver bootstrap() {
        return bootstrap;
    }

    DownHints hints() {
        return hints;
    }

    int active() {
        return running.size();
    }

    long total() {
        return total;
    }

    /** Why no query can be started now, null if one can. */
    @Nullable
    QueryFailure refusal() {
        return state.closed()
                ? QueryFailure.CLOSED
                : state.suspended()
                        ? QueryFailure.SUSPENDED
                        : running.size() >= RpcNode.MAX_QUERIES ? QueryFailure.OVERLOADED : null;
    }

    /** Makes a query, to be started; only without {@link #refusal}. */
    QueryRun create(QueryOptions options, boolean internal, QueryOwner owner) {
        return register(new QueryRun(this, options, internal, false, owner));
    }

    /** Walks towards a target without haste, if queries are possible now. */
    void inBackground(NodeId target, QueryOwner owner, long nowNanos) {
        if (refusal() == null) {
            QueryOptions options = QueryOptions.of(target, 0, null).withConcurrency(concurrency);
            register(new QueryRun(this, options, true, true, owner)).start(nowNanos);
        }
    }

    /** Walks towards a random known node, or towards ourselves if there is none. */
    void refresh(long nowNanos) {
        TableNode node = neighbours.random(random);
        inBackground(node == null ? state.tableId() : node.id, QueryOwner.NOBODY, nowNanos);
    }

    /** Whether the table should be freshened; asked once a tick. */
    boolean isRefreshDue() {
        return --refreshTicks <= 0;
    }

    /** The node slept: freshen the table on the next tick. */
    void refreshSoon() {
        refreshTicks = 1;
    }

    void endAll(QueryFailure failure, long nowNanos) {
        bootstrap.abort();
        new ArrayList<>(running).forEach(query -> query.end(failure, nowNanos));
    }

    void onEnd(QueryRun query) {
        running.remove(query);
    }

    @Override
    public List<Peer> closest(NodeId target, int limit) {
        return neighbours.closest(target, limit);
    }

    @Override
    public boolean accepts(Peer node) {
        return neighbours.accepts(node.address()) && (node.id() == null || !neighbours.isSelf(node.id()));
    }

    private QueryRun register(QueryRun query) {
        refreshTicks = REFRESH_TICKS;
        total++;
        running.add(query);
        return query;
    }
}
