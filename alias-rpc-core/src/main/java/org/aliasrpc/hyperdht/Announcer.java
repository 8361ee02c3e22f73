package org.aliasrpc.hyperdht;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.dht.NodeId;
import org.aliasrpc.dht.Peer;
import org.aliasrpc.dht.QueryOptions;
import org.aliasrpc.dht.Reply;
import org.aliasrpc.dht.RequestFailure;
import org.aliasrpc.dht.RequestOptions;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a listener findable: stores its record at the nodes nearest to its key, looks after it, and deletes it at the
 * end.
 *
 * <p>Three defects of the reference are mended (docs/protocol/hyperdht.md §8): a cycle that stored nothing is followed by
 * the next one soon; every few rounds a message goes the way that handshakes go, as a node that restarted still answers
 * pings, and one that another process of the same key announced itself to sends handshakes there, also when that process
 * is dead ({@link RouteCheck}). That costs 180 datagrams a minute, where the reference's pings alone are 120, and 240 while
 * another process of the same key has the ways. A storing node takes the source of the ANNOUNCE for the way to the server,
 * so announces and pings leave from the socket that is active in the DHT.
 */
final class Announcer implements RpcOwner, Timed {
    /** Nodes that store the record. */
    static final int NODES = 3;

    /** Pause between two rounds. */
    static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Rounds until the next cycle. */
    static final int ROUNDS = 100;

    /** While {@link RouteCheck} is in doubt, nodes are asked for the record itself every so many rounds. */
    static final int ROUNDS_PER_CHECK = 3;

    /** Pause after the first cycle that stored nothing, doubled after each further one. */
    static final long MIN_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * The longest such pause. With it a server is found within 30 s of its network coming up, even if a walk was just
     * waiting for nodes that did not answer yet.
     */
    static final long MAX_RETRY_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** Time for deleting the records at the end. */
    static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(2);

    private enum State {
        /** Until the node below has joined the network. */
        IDLE,
        WALKING,
        ANNOUNCING,
        /** Between rounds, or before the next cycle. */
        SLEEPING,
        CHECKING,
        STOPPING,
        STOPPED
    }

    private enum Ask {
        ANNOUNCE,
        PING,
        FIND_PEER,
        ROUTE
    }

    private record Pending(Ask ask, Peer node, PeerAddress seenAs) {}

    private final NodeCore core;
    private final Listener listener;
    private final KeyPair keyPair;
    private final NodeId target;
    private final RouteCheck routeCheck;
    private final long session;
    private final Unannouncer unannouncer;

    private final Map<Long, Pending> pending = new HashMap<>();
    private Map<PeerAddress, Peer> newest = new LinkedHashMap<>();
    private Map<PeerAddress, Peer> middle = new LinkedHashMap<>();
    private Map<PeerAddress, Peer> oldest = new LinkedHashMap<>();
    private List<PeerAddress> closestNodes = List.of();

    private List<NoisePayload.RelayInfo> newRelays = new ArrayList<>();
    private List<NoisePayload.RelayInfo> relays = List.of();
    private List<PeerAddress> newRelayAddresses = new ArrayList<>();
    private List<PeerAddress> relayAddresses = List.of();

    private State state = State.IDLE;
    private @Nullable SocketId announcedFrom;
    private @Nullable PeerAddress announcedAddress;
    private long walk;
    private long wakeNanos = Long.MAX_VALUE;
    private long retryNanos = MIN_RETRY_NANOS;
    private int round;
    private boolean asksRoutes;
    private int answered;
    private int reported;
    private boolean listening;
    private boolean pausing;

    Announcer(NodeCore core, Listener listener, KeyPair keyPair, NodeId target, RouteCheck routeCheck) {
        this.core = core;
        this.listener = listener;
        this.keyPair = keyPair;
        this.target = target;
        this.routeCheck = routeCheck;
        this.session = core.rpc.openSession();
        this.unannouncer = new Unannouncer(core, this, keyPair, target);
    }

    /** Nodes that acknowledged the last announce. */
    int nodes() {
        return reported;
    }

    /** What clients are told for punching holes. */
    List<NoisePayload.RelayInfo> relays() {
        return relays;
    }

    /** What clients are told to remember. */
    List<PeerAddress> relayAddresses() {
        return relayAddresses;
    }

    /** Whether one of the last three cycles stored the record at this node: such a one may vouch for addresses (§9.5). */
    boolean isRelay(PeerAddress address) {
        return newest.containsKey(address) || middle.containsKey(address) || oldest.containsKey(address);
    }

    /** Begins a cycle, unless one is running: at the start, and after a change of the network. */
    void refresh() {
        if (core.isSuspended() || (state == State.IDLE && !core.rpc.isBootstrapped())) {
            return; // too early: it would be announced from a socket that may not be the one to be used
        }
        if (state == State.IDLE || state == State.SLEEPING || state == State.CHECKING) {
            retryNanos = MIN_RETRY_NANOS;
            cycle();
        }
    }

    /** Deletes the records, within 2 s; then {@link Listener#onAnnouncerStopped} is called. */
    void stop() {
        pausing = false;
        deleteAll();
    }

    /** Deletes the records, within 2 s, until {@link #refresh}. */
    void suspend() {
        if (state != State.STOPPING && state != State.STOPPED) {
            pausing = true;
            deleteAll();
        }
    }

    /** Whether nothing is under way that needs the network. */
    boolean isIdle() {
        return state == State.IDLE || state == State.STOPPED;
    }

    private void deleteAll() {
        if (state == State.STOPPING || state == State.STOPPED) {
            return;
        }
        Map<PeerAddress, Peer> stored = new LinkedHashMap<>(newest);
        if (state == State.WALKING || state == State.ANNOUNCING) {
            stored.putAll(middle); // the cycle has only begun to replace them
            for (Pending asked : pending.values()) {
                stored.put(asked.node.address(), asked.node); // stored maybe, and the answer is on its way
            }
        }
        core.rpc.cancelSession(session, core.now());
        pending.clear();
        state = State.STOPPING;
        stored.values().forEach(unannouncer::delete);
        wake(core.now() + STOP_NANOS);
        stoppedWhenDone();
    }

    /** Forgets everything without telling anybody. */
    void abandon() {
        core.rpc.cancelSession(session, core.now());
        unannouncer.cancel();
        pending.clear();
        state = State.STOPPED;
        wake(Long.MAX_VALUE);
    }

    // ---- a cycle

    private void cycle() {
        core.rpc.cancelSession(session, core.now());
        pending.clear();
        oldest = middle;
        middle = newest;
        newest = new LinkedHashMap<>();
        newRelays = new ArrayList<>();
        newRelayAddresses = new ArrayList<>();
        round = 0;
        state = State.WALKING;
        announcedFrom = core.rpc.activeSocket();
        announcedAddress = core.rpc.remoteAddress();
        wake(Long.MAX_VALUE);
        walk = core.query(
                this,
                QueryOptions.of(target, Command.FIND_PEER, null)
                        .withSeeds(closestNodes)
                        .withSession(session));
    }

    @Override
    public void onQueryEnded(RpcEvent.QueryEnded ended, long nowNanos) {
        if (state != State.WALKING || ended.query() != walk) {
            return;
        }
        state = State.ANNOUNCING;
        closestNodes = ended.closestNodes();
        PeerAddress open = core.rpc.remoteAddress();
        if (open != null) {
            newRelayAddresses.add(open);
        }
        PeerRecord record = PeerRecord.of(keyPair.publicKey());
        for (Reply reply : ended.closestReplies()) {
            NodeId node = reply.from().id();
            Bytes token = reply.token();
            if (pending.size() == NODES) {
                break;
            }
            if (node != null && token != null) {
                AnnounceMessage message = AnnounceSignature.sign(
                        Namespaces.ANNOUNCE, target.bytes(), node.bytes(), token, record, keyPair);
                ask(Ask.ANNOUNCE, reply.from(), reply.to(), Command.ANNOUNCE, message, token);
            }
        }
        cycleEndsWhenDone();
    }

    private void onAnnounced(Pending asked, boolean stored) {
        if (stored) {
            PeerAddress node = asked.node.address();
            newest.put(node, asked.node);
            newRelays.add(new NoisePayload.RelayInfo(node, asked.seenAs));
            if (newRelayAddresses.size() < NODES) {
                newRelayAddresses.add(node);
            }
        }
        cycleEndsWhenDone();
    }

    private void cycleEndsWhenDone() {
        if (!pending.isEmpty()) {
            return;
        }
        relays = List.copyOf(newRelays);
        relayAddresses = List.copyOf(newRelayAddresses);
        state = State.SLEEPING;
        if (newest.isEmpty()) {
            wake(core.now() + retryNanos);
            retryNanos = Math.min(2 * retryNanos, MAX_RETRY_NANOS);
        } else {
            wake(core.now() + ROUND_NANOS);
            retryNanos = MIN_RETRY_NANOS;
        }
        for (Peer node : middle.values()) {
            if (!newest.containsKey(node.address())) {
                unannouncer.delete(node);
            }
        }
        if (!listening) {
            listening = true;
            core.events.add(new HyperDhtEvent.Listening(listener));
        }
        report();
    }

    private void report() {
        if (reported != newest.size()) {
            reported = newest.size();
            core.events.add(new HyperDhtEvent.Announced(listener, reported));
        }
    }

    // ---- looking after the records

    @Override
    public long nextTimeout() {
        return wakeNanos;
    }

    @Override
    public void onTimeout(long nowNanos) {
        wakeNanos = Long.MAX_VALUE;
        if (state == State.STOPPING) {
            unannouncer.cancel();
            stoppedWhenDone();
        } else if (state == State.SLEEPING) {
            boolean moved = !core.rpc.activeSocket().equals(announcedFrom)
                    || !Objects.equals(core.rpc.remoteAddress(), announcedAddress);
            if (newest.isEmpty() || round == ROUNDS || moved) {
                cycle();
            } else {
                check();
            }
        }
    }

    private void check() {
        state = State.CHECKING;
        answered = 0;
        round++;
        asksRoutes = routeCheck.isDue(round);
        boolean asksRecords = !asksRoutes && routeCheck.isDoubtful() && round % ROUNDS_PER_CHECK == 0;
        Bytes question = asksRoutes ? routeCheck.ask(core.random) : null;
        RequestOptions options = RequestOptions.DEFAULT.withSession(session);
        for (Peer node : newest.values()) {
            PeerAddress to = node.address();
            if (asksRecords) {
                ask(Ask.FIND_PEER, node, to, Command.FIND_PEER, null, null);
            } else if (question == null) {
                pending.put(core.ping(this, to, options), new Pending(Ask.PING, node, to));
            } else {
                RequestOptions soon = options.withRetries(RouteCheck.RETRIES);
                long handle = core.request(this, to, Command.PEER_HANDSHAKE, target, question, null, soon);
                pending.put(handle, new Pending(Ask.ROUTE, node, to));
            }
        }
    }

    private void onChecked(boolean good) {
        if (good) {
            answered++;
        }
        if (!pending.isEmpty()) {
            return;
        }
        state = State.SLEEPING;
        boolean all = answered == newest.size();
        if (asksRoutes) {
            routeCheck.onChecked(newest.size(), all);
        }
        if (!all) {
            cycle();
        } else {
            wake(core.now() + ROUND_NANOS);
        }
    }

    // ---- the end

    /** The unannouncer has got an answer, or given up on one. */
    void onUnannounced() {
        stoppedWhenDone();
    }

    private void stoppedWhenDone() {
        if (state != State.STOPPING || !unannouncer.isDone()) {
            return;
        }
        state = pausing ? State.IDLE : State.STOPPED;
        wake(Long.MAX_VALUE);
        newest.clear();
        middle.clear();
        oldest.clear();
        relays = List.of();
        relayAddresses = List.of();
        report();
        if (pausing) {
            pausing = false;
            refresh(); // if resumed meanwhile
        } else {
            listener.onAnnouncerStopped();
        }
    }

    // ---- requests

    private void ask(
            Ask ask,
            Peer node,
            PeerAddress seenAs,
            int command,
            @Nullable AnnounceMessage message,
            @Nullable Bytes token) {
        Bytes value = message == null ? null : AnnounceMessage.CODEC.encode(message);
        RequestOptions options = RequestOptions.DEFAULT.withSession(session);
        long handle = core.request(this, node.address(), command, target, value, token, options);
        pending.put(handle, new Pending(ask, node, seenAs));
    }

    @Override
    public void onReply(long request, Reply reply, long nowNanos) {
        Pending asked = pending.remove(request);
        if (asked == null) {
            return;
        }
        switch (asked.ask) {
            case ANNOUNCE -> onAnnounced(asked, reply.isSuccess());
            case PING -> onChecked(true);
            case FIND_PEER -> onChecked(reply.isSuccess() && isOurs(reply.value()));
            case ROUTE -> onChecked(reply.isSuccess() && routeCheck.isAnswer(reply.value()));
        }
    }

    @Override
    public void onFailed(long request, RequestFailure failure, long nowNanos) {
        Pending asked = pending.remove(request);
        if (asked == null) {
            return;
        }
        switch (asked.ask) {
            case ANNOUNCE -> onAnnounced(asked, false);
            case PING, FIND_PEER, ROUTE -> onChecked(false);
        }
    }

    private boolean isOurs(@Nullable Bytes value) {
        try {
            return value != null && PeerRecord.CODEC.decode(value).publicKey().equals(keyPair.publicKey());
        } catch (DecodeException e) {
            return false;
        }
    }

    private void wake(long atNanos) {
        wakeNanos = atNanos;
        core.timers.update(this);
    }
}
