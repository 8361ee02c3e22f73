package org.aliasrpc.dht;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one node that wait for a reply: sends, sends again, gives up, and matches replies (dht-rpc.md §7).
 *
 * <p>A reply is matched by its tid alone. Its source is not compared with the address asked: relayed requests are
 * answered by a third node, and hosts with several addresses answer from whichever they like.
 */
final class PendingRequests {
    /** Wait for an answer to one transmission. */
    static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int TIDS = 65536;

    private final Map<Integer, PendingRequest> byTid = new HashMap<>();
    private final TreeSet<PendingRequest> timers =
            new TreeSet<>(Comparator.<PendingRequest>comparingLong(request -> request.deadlineNanos)
                    .thenComparingInt(request -> request.tid));
    private final Set<PendingRequest> waiting = new LinkedHashSet<>();
    private final CongestionWindow window = new CongestionWindow(CongestionWindow.MAX_PER_SLOT);
    private final Queue<Transmit> transmits;
    private final @Nullable AdaptiveTimeout adaptive;
    private int nextTid;
    private boolean open;
    private long responses;
    private long timeouts;
    private long retries;

    /**
     * @param transmits where datagrams go
     * @param random for the first tid
     * @param adaptive null for fixed timeouts
     */
    PendingRequests(Queue<Transmit> transmits, RandomGenerator random, @Nullable AdaptiveTimeout adaptive) {
        this.transmits = transmits;
        this.adaptive = adaptive;
        this.nextTid = random.nextInt(TIDS);
    }

    int size() {
        return byTid.size();
    }

    boolean isFull() {
        return byTid.size() >= RpcNode.MAX_REQUESTS;
    }

    long responses() {
        return responses;
    }

    long timeouts() {
        return timeouts;
    }

    long retries() {
        return retries;
    }

    /** A tid that no outstanding request has; the next one, unless more than 65000 requests came and went meanwhile. */
    int newTid() {
        while (byTid.containsKey(nextTid)) {
            nextTid = (nextTid + 1) % TIDS;
        }
        int tid = nextTid;
        nextTid = (tid + 1) % TIDS;
        return tid;
    }

    /** Sends a request, or lets it wait for the congestion window or for the sockets. */
    void add(PendingRequest request, long nowNanos) {
        byTid.put(request.tid, request);
        transmit(request, nowNanos);
    }

    /** The sockets are bound: sends what waited for them. */
    void open(long nowNanos) {
        open = true;
        sendWaiting(nowNanos);
    }

    /** The sockets are gone. */
    void shut() {
        open = false;
        window.clear();
    }

    /** The request that a response answers, which ends with it; null if the response is late, repeated or forged. */
    @Nullable
    PendingRequest match(int tid, long nowNanos) {
        PendingRequest request = byTid.get(tid);
        if (request == null || request.sends == 0) {
            return null;
        }
        end(request);
        responses++;
        if (adaptive != null && request.sends <= AdaptiveTimeout.MAX_SENDS) {
            long millis = TimeUnit.NANOSECONDS.toMillis(nowNanos - request.createdNanos);
            adaptive.record(request.ask.to().address(), millis, nowNanos);
        }
        return request;
    }

    /** Ends a request without outcome. */
    void cancel(PendingRequest request) {
        if (!request.ended) {
            end(request);
        }
    }

    /** Ends all requests without outcome, and says which. */
    List<PendingRequest> cancelAll() {
        List<PendingRequest> all = new ArrayList<>(byTid.values());
        all.sort(Comparator.comparingLong(request -> request.createdNanos));
        all.forEach(this::end);
        return all;
    }

    long nextTimeout() {
        return timers.isEmpty() ? Long.MAX_VALUE : timers.first().deadlineNanos;
    }

    /**
     * The next request whose last transmission stayed unanswered; {@link #sendAgain} has to follow unless the request
     * is cancelled before. Null if there is none.
     */
    @Nullable
    PendingRequest pollDue(long nowNanos) {
        return !timers.isEmpty() && timers.first().deadlineNanos <= nowNanos ? timers.pollFirst() : null;
    }

    /**
     * @return false if that was the last try: the request has ended
     */
    boolean sendAgain(PendingRequest request, long nowNanos) {
        if (request.sends > request.ask.options().retries()) {
            end(request);
            timeouts++;
            return false;
        }
        retries++;
        transmit(request, nowNanos);
        return true;
    }

    /** A drain interval has passed. */
    void drain(long nowNanos) {
        window.drain();
        sendWaiting(nowNanos);
    }

    private void sendWaiting(long nowNanos) {
        Iterator<PendingRequest> queue = waiting.iterator();
        while (queue.hasNext() && open && !window.isFull()) {
            PendingRequest request = queue.next();
            queue.remove();
            sendNow(request, nowNanos);
        }
    }

    private void transmit(PendingRequest request, long nowNanos) {
        if (!open || window.isFull()) {
            waiting.add(request); // its timer does not run meanwhile
        } else {
            sendNow(request, nowNanos);
        }
    }

    private void sendNow(PendingRequest request, long nowNanos) {
        PendingRequest.Ask ask = request.ask;
        request.sends++;
        window.onSend();
        transmits.add(
                new Transmit(request.socket, ask.to().address(), ask.options().ttl(), request.datagram.asByteBuffer()));
        long timeout = ask.timeoutNanos();
        if (timeout == 0) {
            timeout = adaptive == null
                    ? TIMEOUT_NANOS
                    : TimeUnit.MILLISECONDS.toNanos(adaptive.millis(ask.to().address(), request.sends, nowNanos));
        }
        request.deadlineNanos = nowNanos + timeout;
        timers.add(request);
    }

    private void end(PendingRequest request) {
        request.ended = true;
        byTid.remove(request.tid);
        timers.remove(request);
        if (!waiting.remove(request) || request.sends > 0) {
            window.onEnd();
        }
    }
}
