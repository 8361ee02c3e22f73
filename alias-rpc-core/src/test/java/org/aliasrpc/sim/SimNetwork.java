package org.aliasrpc.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams between nodes in virtual time: a clock, a queue of what will happen, and one seeded source of chance. The same
 * seed and the same calls give the same run; a failing test names its seed.
 *
 * <p>A turn of a node: everything that arrives for it at one instant, then {@link SimNode#onTurn}, then its transmits.
 */
public final class SimNetwork {
    /** Events after which a run is taken for a livelock. */
    private static final long MAX_EVENTS = 50_000_000;

    private static final int UDP_OVERHEAD_IPV4 = 28;
    private static final int UDP_OVERHEAD_IPV6 = 48;

    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<PeerAddress, Binding> bindings = new HashMap<>();
    private final Map<Route, PeerAddress> addresses = new HashMap<>();
    private final Map<SimNode, Long> armed = new HashMap<>();
    private final Set<SimNode> dirty = new LinkedHashSet<>();
    private final Map<PeerAddress, SimNat> behind = new HashMap<>();
    private final List<SimNat> nats = new ArrayList<>();
    private final Map<Direction, SimLink> links = new HashMap<>();
    private final Map<Direction, Long> busyUntil = new HashMap<>();
    private SimLink defaultLink = SimLink.PERFECT;
    private Tap tap = (from, to, datagram, now) -> true;
    private long now;
    private long order;
    private long delivered;
    private long dropped;

    /**
     * @param seed of all chance in this network
     */
    public SimNetwork(long seed) {
        this.random = new Random(seed);
    }

    /**
     * @param seed of all chance in this network
     * @param loss probability that a datagram is lost
     */
    public SimNetwork(long seed, double loss) {
        this(seed);
        defaultLink = defaultLink.withLoss(loss);
    }

    /** Virtual time in nanoseconds since the network was made. */
    public long now() {
        return now;
    }

    /** Datagrams that reached a node. */
    public long delivered() {
        return delivered;
    }

    /** Datagrams lost by chance, size, queue, tap, NAT or for want of a receiver. */
    public long dropped() {
        return dropped;
    }

    /** How datagrams travel where {@link #link(PeerAddress, PeerAddress, SimLink)} says nothing else. */
    public SimNetwork defaultLink(SimLink link) {
        defaultLink = link;
        return this;
    }

    /** How datagrams travel from one address to another, in that direction. */
    public SimNetwork link(PeerAddress from, PeerAddress to, SimLink link) {
        links.put(new Direction(from, to), link);
        return this;
    }

    /** Sees every datagram that is sent, before chance does, and may drop it. */
    public SimNetwork tap(Tap newTap) {
        tap = newTap;
        return this;
    }

    /** Gives a node's socket an address. */
    public SimNetwork bind(SimNode node, SocketId socket, PeerAddress address) {
        if (bindings.putIfAbsent(address, new Binding(node, socket)) != null) {
            throw new IllegalArgumentException(address + " is in use");
        }
        addresses.put(new Route(node, socket), address);
        dirty.add(node);
        return this;
    }

    /** Takes a socket's address away: what is sent to it or from it is lost. */
    public void unbind(PeerAddress address) {
        Binding binding = bindings.remove(address);
        if (binding != null) {
            addresses.remove(new Route(binding.node, binding.socket));
        }
    }

    /** Puts an inside address behind a NAT. */
    public SimNetwork putBehind(PeerAddress inside, SimNat nat) {
        behind.put(inside, nat);
        if (!nats.contains(nat)) {
            nats.add(nat);
        }
        return this;
    }

    /** Tells the network that a node was called from outside, so that its turn has to be finished. */
    public void touch(SimNode node) {
        dirty.add(node);
    }

    /** Runs an action at a later time; nodes it touches have to be named with {@link #touch}. */
    public void after(long delayNanos, Runnable action) {
        events.add(new Event(now + delayNanos, order++, null, action, null));
    }

    /** Runs until nothing is left to do; fails after very many events. */
    public void run() {
        runUntil(() -> false, Long.MAX_VALUE - now);
    }

    /** Runs for a time. */
    public void runFor(long nanos) {
        runUntil(() -> false, nanos);
    }

    /**
     * Runs until a condition holds, asked after each instant.
     *
     * @return whether it came to hold within the time and before nothing was left to do
     */
    public boolean runUntil(BooleanSupplier condition, long maxNanos) {
        long end = now + maxNanos;
        for (long count = 0; ; count++) {
            if (count > MAX_EVENTS) {
                throw new AssertionError("livelock: still busy at " + now + " ns");
            }
            finishTurns();
            if (condition.getAsBoolean()) {
                return true;
            }
            Event next = events.peek();
            if (next == null || next.at > end) {
                if (next != null || maxNanos != Long.MAX_VALUE - now) {
                    now = Math.max(now, end == Long.MAX_VALUE ? now : end);
                }
                return false;
            }
            now = Math.max(now, next.at);
            while ((next = events.peek()) != null && next.at <= now) {
                happen(events.remove());
            }
        }
    }

    private void happen(Event event) {
        if (event.action != null) {
            event.action.run();
        } else if (event.arrival != null) {
            arrive(event.arrival);
        } else if (event.timerOf != null) {
            SimNode node = event.timerOf;
            Long due = armed.get(node);
            if (due != null && due == event.at) {
                armed.remove(node);
                if (node.nextTimeout() <= now) {
                    node.onTimeout(now);
                }
                dirty.add(node);
            }
        }
    }

    private void arrive(Arrival arrival) {
        PeerAddress to = arrival.to;
        for (SimNat nat : nats) {
            if (nat.owns(to)) {
                PeerAddress inside = nat.inbound(to, arrival.from, now);
                if (inside == null) {
                    dropped++;
                    return;
                }
                to = inside;
                break;
            }
        }
        Binding binding = bindings.get(to);
        if (binding == null) {
            dropped++;
            return;
        }
        delivered++;
        binding.node.onDatagram(binding.socket, arrival.from, ByteBuffer.wrap(arrival.bytes), now);
        dirty.add(binding.node);
    }

    private void finishTurns() {
        while (!dirty.isEmpty()) {
            List<SimNode> turn = List.copyOf(dirty);
            dirty.clear();
            for (SimNode node : turn) {
                node.onTurn(now);
                Transmit transmit;
                while ((transmit = node.pollTransmit(now)) != null) {
                    send(node, transmit);
                }
                arm(node);
            }
        }
    }

    private void arm(SimNode node) {
        long due = node.nextTimeout();
        if (due == Long.MAX_VALUE) {
            armed.remove(node);
            return;
        }
        due = Math.max(due, now);
        Long before = armed.put(node, due);
        if (before == null || before != due) {
            events.add(new Event(due, order++, node, null, null));
        }
    }

    private void send(SimNode node, Transmit transmit) {
        PeerAddress from = addresses.get(new Route(node, transmit.socket()));
        if (from != null) {
            SimNat nat = behind.get(from);
            from = nat == null ? from : nat.outbound(from, transmit.to(), now);
        }
        ByteBuffer payload = transmit.payload();
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        if (from == null
                || !tap.onSend(from, transmit.to(), ByteBuffer.wrap(bytes).asReadOnlyBuffer(), now)) {
            dropped++;
            return;
        }
        travel(new Arrival(from, transmit.to(), bytes));
    }

    private void travel(Arrival arrival) {
        Direction direction = new Direction(arrival.from, arrival.to);
        SimLink link = links.getOrDefault(direction, defaultLink);
        int length = arrival.bytes.length + (arrival.to.isIpv4() ? UDP_OVERHEAD_IPV4 : UDP_OVERHEAD_IPV6);
        if (length > link.mtu() || random.nextDouble() < link.loss()) {
            dropped++;
            return;
        }
        long leaves = now;
        if (link.bytesPerSecond() > 0) {
            long free = Math.max(now, busyUntil.getOrDefault(direction, now));
            double waiting = (free - now) / 1e9 * link.bytesPerSecond();
            if (waiting + length > Math.max(link.queueBytes(), length)) {
                dropped++;
                return;
            }
            leaves = free + (long) (length * 1e9 / link.bytesPerSecond());
            busyUntil.put(direction, leaves);
        }
        deliver(arrival, leaves, link);
        if (random.nextDouble() < link.duplicate()) {
            deliver(arrival, leaves, link);
        }
    }

    private void deliver(Arrival arrival, long leaves, SimLink link) {
        long delay = link.delayNanos() + (long) (random.nextDouble() * link.jitterNanos());
        if (link.reorder() > 0 && random.nextDouble() < link.reorder()) {
            delay += (long) (random.nextDouble() * Math.max(4 * link.delayNanos(), 1_000_000));
        }
        events.add(new Event(leaves + delay, order++, null, null, arrival));
    }

    /** Sees datagrams as they are sent. */
    @FunctionalInterface
    public interface Tap {
        /**
         * @param from the source as others see it
         * @param datagram read only
         * @return false to drop it
         */
        boolean onSend(PeerAddress from, PeerAddress to, ByteBuffer datagram, long nowNanos);
    }

    private record Binding(SimNode node, SocketId socket) {}

    private record Route(SimNode node, SocketId socket) {}

    private record Direction(PeerAddress from, PeerAddress to) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Arrival(PeerAddress from, PeerAddress to, byte[] bytes) {}

    private record Event(
            long at,
            long order,
            @Nullable SimNode timerOf,
            @Nullable Runnable action,
            @Nullable Arrival arrival) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }
}
