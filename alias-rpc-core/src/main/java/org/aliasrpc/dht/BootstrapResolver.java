package org.aliasrpc.dht;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.aliasrpc.dht.PendingRequest.Ask;
import org.aliasrpc.net.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Turns the configured bootstrap nodes into addresses, anew each time, one after the other: a suggested address counts if
 * it answers a ping, else its name is looked up; names without address are left out (dht-rpc.md §9.1).
 *
 * <p>Only the first look-up of a name is waited for. In a network of less than 20 nodes every query begins here: in the
 * reference, where each waits, none gets anywhere while the name service is away, though all nodes are known and live.
 */
final class BootstrapResolver {
    /** Who waits for the addresses. */
    interface Waiter {
        /** Called at once if no ping and no look-up is needed. */
        void onBootstrapNodes(List<Peer> nodes, long nowNanos);
    }

    private final List<BootstrapNode> configured;
    private final Requests requests;
    private final Queue<RpcEvent> events;

    /** The addresses that names had when they were looked up last. */
    private final Map<String, PeerAddress> addresses = new HashMap<>();

    /** Names that are being looked up. */
    private final Set<String> asked = new HashSet<>();

    private final List<Waiter> waiters = new ArrayList<>();
    private List<Peer> resolved = new ArrayList<>();
    private @Nullable String lookingUp;
    private int next;
    private long round;

    BootstrapResolver(List<BootstrapNode> configured, Requests requests, Queue<RpcEvent> events) {
        this.configured = configured;
        this.requests = requests;
        this.events = events;
    }

    /** Number of configured nodes. */
    int size() {
        return configured.size();
    }

    void resolve(Waiter waiter, long nowNanos) {
        waiters.add(waiter);
        if (waiters.size() == 1) {
            round++;
            next = 0;
            resolved = new ArrayList<>();
            goOn(nowNanos);
        } // else it joins the running one
    }

    /** Nobody waits any more, and a look-up may never be answered: the node is suspended or closed. */
    void abort() {
        round++;
        waiters.clear();
        asked.clear();
        lookingUp = null;
    }

    /**
     * @param address null if the name is not known
     */
    void onResolved(String name, @Nullable PeerAddress address, long nowNanos) {
        if (asked.remove(name) && address != null && address.isIpv4()) {
            addresses.put(name, address);
        }
        if (!name.equals(lookingUp)) {
            return;
        }
        lookingUp = null;
        PeerAddress known = addresses.get(name);
        if (known != null) {
            found(known);
        }
        next++;
        goOn(nowNanos);
    }

    private void goOn(long nowNanos) {
        for (; next < configured.size(); next++) {
            BootstrapNode node = configured.get(next);
            PeerAddress address = node.address();
            if (address != null && node.name() == null) {
                found(address);
            } else if ((address != null && ping(address, nowNanos)) || !lookUp(node)) {
                return;
            }
        }
        List<Peer> nodes = List.copyOf(resolved);
        List<Waiter> done = List.copyOf(waiters);
        waiters.clear();
        done.forEach(waiter -> waiter.onBootstrapNodes(nodes, nowNanos));
    }

    private void found(PeerAddress address) {
        resolved.add(Peer.at(address.withPort(configured.get(next).port())));
    }

    /**
     * @return whether that is done already
     */
    private boolean lookUp(BootstrapNode node) {
        String name = node.name();
        PeerAddress literal = node.literalName();
        if (literal != null) {
            found(literal);
        }
        if (literal != null || name == null) {
            return true;
        }
        if (asked.add(name)) {
            events.add(new RpcEvent.ResolveRequested(name));
        }
        PeerAddress known = addresses.get(name);
        if (known != null) {
            found(known); // what the look-up brings is for the next time
            return true;
        }
        lookingUp = name;
        return false;
    }

    private boolean ping(PeerAddress address, long nowNanos) {
        Ask ask = Ask.internal(Peer.withoutId(address), InternalCommand.PING, null, null, RequestOptions.DEFAULT);
        return requests.send(ask, new Suggested(address, round), nowNanos) != null;
    }

    /** The ping of a suggested address. */
    private final class Suggested implements RequestOwner {
        private final PeerAddress address;
        private final long startedIn;

        Suggested(PeerAddress address, long startedIn) {
            this.address = address;
            this.startedIn = startedIn;
        }

        @Override
        public void onReply(Reply reply, long nowNanos) {
            if (startedIn == round) {
                found(address);
                next++;
                goOn(nowNanos);
            }
        }

        @Override
        public void onFailure(RequestFailure failure, long nowNanos) {
            if (startedIn == round && lookUp(configured.get(next))) {
                next++;
                goOn(nowNanos);
            }
        }
    }
}
