package org.aliasrpc.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A bad network between real sockets: datagrams sent to its address go on to one target, and what the target answers goes
 * back, with loss, duplicates, reordering and delay drawn from a seed.
 *
 * <p>Each sender gets an outgoing socket of its own, so that the target tells senders apart as behind a NAT. One thread does
 * all of it; the order of the draws is that of arrival, so that runs of one seed are alike, not equal.
 */
final class LossyProxy implements AutoCloseable {
    private static final int MAX_DATAGRAM_BYTES = 65_535;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final int MAX_SENDERS = 64;

    /**
     * How bad the network is, in each direction.
     *
     * @param loss share of datagrams that vanish
     * @param duplicates share that arrives twice
     * @param reordered share that is held back by {@code reorderMillis} more than the others
     * @param reorderMillis how long those are held back
     * @param delayMillis how long all of them travel
     * @param maxBytes longer datagrams vanish, as on a path of a small MTU without ICMP
     */
    record Conditions(
            double loss, double duplicates, double reordered, int reorderMillis, int delayMillis, int maxBytes) {
        static final Conditions PERFECT = new Conditions(0, 0, 0, 0, 0, MAX_DATAGRAM_BYTES);

        static Conditions losing(double loss) {
            return new Conditions(loss, loss / 4, loss / 2, 3, 1, MAX_DATAGRAM_BYTES);
        }
    }

    private record Delivery(long dueNanos, long number, DatagramChannel from, SocketAddress to, ByteBuffer content)
            implements Comparable<Delivery> {
        @Override
        public int compareTo(Delivery other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final InetSocketAddress target;
    private final Random random;
    private final Selector selector;
    private final DatagramChannel front;
    private final Map<SocketAddress, DatagramChannel> backs = new HashMap<>();
    private final Map<SocketAddress, DatagramChannel> known;
    private final PriorityQueue<Delivery> deliveries = new PriorityQueue<>();
    private final ByteBuffer arrival = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong forwarded = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong underway = new AtomicLong();
    private final Thread thread;
    private volatile Conditions conditions;
    private long nextNumber;

    /**
     * Starts forwarding from a free port of 127.0.0.1.
     *
     * @param targetPort where to, on 127.0.0.1
     * @param senderPorts of senders known in advance, on 127.0.0.1, for {@link #portFor}
     */
    LossyProxy(int targetPort, Conditions conditions, long seed, int... senderPorts) {
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        this.conditions = conditions;
        this.random = new Random(seed);
        try {
            this.selector = Selector.open();
            this.front = open(null);
            for (int senderPort : senderPorts) {
                var sender = new InetSocketAddress(InetAddress.getLoopbackAddress(), senderPort);
                backs.put(sender, open(sender));
            }
            known = Map.copyOf(backs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.thread = new Thread(this::run, "lossy-proxy-" + port());
        thread.setDaemon(true);
        thread.start();
    }

    /** The port to send to instead of the target's. */
    int port() {
        return front.socket().getLocalPort();
    }

    /** The port from which a sender that was given to the constructor reaches the target, so that it can send first. */
    int portFor(int senderPort) {
        DatagramChannel back = known.get(new InetSocketAddress(InetAddress.getLoopbackAddress(), senderPort));
        if (back == null) {
            throw new IllegalArgumentException("unknown sender " + senderPort);
        }
        return back.socket().getLocalPort();
    }

    /** Datagrams whose fate is decided, both directions. */
    long received() {
        return received.get();
    }

    /** Datagrams that got through, both directions. */
    long forwarded() {
        return forwarded.get();
    }

    /** Datagrams that were lost here, both directions. */
    long dropped() {
        return dropped.get();
    }

    /** Datagrams that were neither lost nor forwarded yet, both directions. */
    long underway() {
        return underway.get();
    }

    /** Changes the weather from now on; what is already on its way arrives as drawn. */
    void become(Conditions next) {
        this.conditions = next;
    }

    @Override
    public void close() {
        try {
            front.close();
            selector.close(); // wakes the thread, which then ends
            thread.join(NodePeer.PATIENCE.toMillis());
            for (DatagramChannel back : backs.values()) {
                back.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param sender for a back socket, whom its target's answers belong to */
    private DatagramChannel open(@Nullable SocketAddress sender) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.register(selector, SelectionKey.OP_READ, sender);
        return channel;
    }

    private void run() {
        try {
            while (front.isOpen()) {
                Delivery next = deliveries.peek();
                long waitNanos = next == null ? Long.MAX_VALUE : next.dueNanos() - System.nanoTime();
                if (waitNanos <= 0) {
                    selector.selectNow();
                } else {
                    selector.select(next == null ? 0 : waitNanos / 1_000_000 + 1);
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    readAll(key);
                }
                selector.selectedKeys().clear();
                deliverDue();
            }
        } catch (ClosedSelectorException | ClosedChannelException e) {
            // closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readAll(SelectionKey key) throws IOException {
        DatagramChannel channel = (DatagramChannel) key.channel();
        for (SocketAddress source = receive(channel); source != null; source = receive(channel)) {
            if (channel != front) {
                schedule(front, (SocketAddress) key.attachment());
                continue;
            }
            DatagramChannel back = backs.get(source);
            if (back == null) {
                if (backs.size() == MAX_SENDERS) {
                    throw new IOException("more than " + MAX_SENDERS + " senders");
                }
                back = open(source);
                backs.put(source, back);
            }
            schedule(back, target);
        }
    }

    private @Nullable SocketAddress receive(DatagramChannel channel) throws IOException {
        arrival.clear();
        try {
            return channel.receive(arrival);
        } catch (PortUnreachableException e) {
            return null; // the other end has gone: as good as lost
        }
    }

    private void schedule(DatagramChannel from, SocketAddress to) {
        arrival.flip();
        Conditions now = conditions;
        if (arrival.remaining() > now.maxBytes() || random.nextDouble() < now.loss()) {
            dropped.incrementAndGet();
            received.incrementAndGet();
            return;
        }
        ByteBuffer content =
                ByteBuffer.allocate(arrival.remaining()).put(arrival).flip();
        int copies = random.nextDouble() < now.duplicates() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            int millis = now.delayMillis() + (random.nextDouble() < now.reordered() ? now.reorderMillis() : 0);
            long due = System.nanoTime() + millis * 1_000_000L;
            underway.incrementAndGet();
            deliveries.add(new Delivery(due, nextNumber++, from, to, content.duplicate()));
        }
        received.incrementAndGet();
    }

    private void deliverDue() throws IOException {
        for (Delivery next = deliveries.peek(); next != null; next = deliveries.peek()) {
            if (next.dueNanos() > System.nanoTime()) {
                return;
            }
            deliveries.remove();
            if (next.from().send(next.content(), next.to()) > 0) {
                forwarded.incrementAndGet();
            } else {
                dropped.incrementAndGet(); // the kernel's buffer is full: a loss like any other
            }
            underway.decrementAndGet();
        }
    }
}
