package org.aliasrpc.io;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;

/**
 * The one event loop of a DHT node: a daemon thread, its sockets, one timer, the clock and the randomness of the
 * machine it drives. The only way for other threads to reach what the loop owns is {@link #execute}.
 *
 * <p>A machine that throws has a bug: that is logged, the input that caused it is lost, and the loop goes on, also after
 * an {@link Error}: a node that stops in silence would leave everybody waiting who asked it for something. Should the
 * thread end all the same, {@link #terminated} tells.
 */
public final class NodeLoop implements UdpSocket.Receiver {
    /** What fails again within this time is tried again after it; what fails for the first time, at once. */
    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long origin = System.nanoTime();
    private final long startEpochMillis = System.currentTimeMillis();
    private final UdpTransport transport;
    private final SingleThreadIoEventLoop loop;
    private final UdpSockets sockets;
    private final RandomGenerator random = new LoopRandom();
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final LongAdder packetsReceived = new LongAdder();
    private final LongAdder packetsSent = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();

    // Confined to the loop.
    private @Nullable Machine machine;
    private boolean inTurn;
    private boolean endScheduled;
    private long nowNanos;
    private @Nullable ScheduledFuture<?> timer;
    private long timerNanos = Long.MAX_VALUE;
    private long notBeforeNanos = -PAUSE_AFTER_FAILURE_NANOS; // of the last failure, or later
    private boolean turnFailed;

    private NodeLoop(UdpTransport transport, IoHandlerFactory ioHandler, String name) {
        this.transport = transport;
        ThreadFactory threads = task -> new LoopThread(this, task, name);
        this.loop = new SingleThreadIoEventLoop(null, threads, ioHandler);
        this.sockets = new UdpSockets(loop, transport, this);
    }

    /**
     * Starts a loop without sockets and machine.
     *
     * @param transport the kind of its sockets
     * @param name of its thread
     * @throws UnsupportedOperationException if the transport does not work here
     */
    public static NodeLoop start(UdpTransport transport, String name) {
        transport.requireAvailable();
        return start(transport, transport.ioHandler(), name);
    }

    /** As {@link #start(UdpTransport, String)}, with the handler of the transport's sockets given. */
    static NodeLoop start(UdpTransport transport, IoHandlerFactory ioHandler, String name) {
        return new NodeLoop(transport, ioHandler, name);
    }

    /** Whether the calling thread is the event loop of any node, so that it must not block. */
    public static boolean onLoopThread() {
        return Thread.currentThread() instanceof LoopThread;
    }

    /** Whether the calling thread is this loop's. */
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    /** The kind of its sockets. */
    public UdpTransport transport() {
        return transport;
    }

    /** Nanoseconds since the start, the same during a turn. For the loop's thread. */
    public long nowNanos() {
        return inTurn ? nowNanos : System.nanoTime() - origin;
    }

    /** The wall clock at the moment from which {@link #nowNanos} counts, in milliseconds since 1970. */
    public long startEpochMillis() {
        return startEpochMillis;
    }

    /** Fit for keys. For the loop's thread. */
    public RandomGenerator random() {
        return random;
    }

    /** Datagrams and bytes so far. From any thread. */
    public Traffic traffic() {
        return new Traffic(packetsReceived.sum(), packetsSent.sum(), bytesReceived.sum(), bytesSent.sum());
    }

    /** Tasks that wait for their turn. From any thread. */
    public int pendingTasks() {
        return loop.pendingTasks();
    }

    /**
     * Runs a task on the loop, soon and in order. From any thread.
     *
     * @throws RejectedExecutionException if the loop is closed; a task that was taken runs
     */
    public void execute(Runnable task) {
        loop.execute(() -> run(task));
    }

    /**
     * As {@link #execute}, for what has become needless when the loop is closed.
     *
     * @return whether the task runs
     */
    public boolean tryExecute(Runnable task) {
        try {
            execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /**
     * Opens a socket. From any thread.
     *
     * @param id its name, which must be free
     * @param host IPv4 address to bind to
     * @param ports tried in order; 0 means any free one
     * @return where it is bound, completed on the loop; fails with the last port's error
     */
    public CompletableFuture<PeerAddress> bind(SocketId id, InetAddress host, IntStream ports) {
        CompletableFuture<PeerAddress> bound = new CompletableFuture<>();
        execute(() -> sockets.bind(id, host, ports, bound));
        return bound;
    }

    /** Closes a socket, if it is open. On the loop. */
    public void closeSocket(SocketId id) {
        sockets.close(id);
    }

    /** Sets what the loop drives from now on. On the loop. */
    public void drive(Machine newMachine) {
        machine = newMachine;
    }

    /**
     * Closes the sockets and ends the thread. From any thread.
     *
     * @return completes on the loop's thread as the last thing it does
     */
    public CompletableFuture<Void> close() {
        if (closing.compareAndSet(false, true)) {
            loop.execute(() -> {
                endTurn(); // what was said last still leaves
                endScheduled = true;
                machine = null;
                sockets.closeAll();
                var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            });
        }
        return terminated.copy();
    }

    /**
     * The end of the thread, by {@link #close} or by a failure that nobody could handle.
     *
     * @return completes on the loop's thread as the last thing it does, when no task is taken any more
     */
    public CompletableFuture<Void> terminated() {
        return terminated.copy();
    }

    @Override
    public void onDatagram(UdpSocket socket, DatagramPacket packet) {
        int bytes = packet.content().readableBytes();
        packetsReceived.increment();
        bytesReceived.add(bytes);
        InetSocketAddress from = packet.sender();
        if (machine == null || bytes == 0 || bytes >= UdpTransport.MAX_DATAGRAM_BYTES || from.getPort() == 0) {
            return;
        }
        beginTurn();
        try {
            machine.onDatagram(
                    socket.id(), PeerAddress.of(from), packet.content().nioBuffer(), nowNanos);
        } catch (Throwable e) {
            Unexpected.report("A datagram was not handled", e);
        }
    }

    @Override
    public void onReadComplete() {
        if (inTurn) {
            endTurn();
        }
    }

    @Override
    public void onWritable() {
        // Called while a write is under way: what waited must not be written inside of it.
        loop.execute(this::endTurn);
    }

    private void onThreadEnd() {
        if (closing.compareAndSet(false, true)) {
            Unexpected.report("An event loop has ended by a failure: its node is closed", null);
        }
        machine = null;
        terminated.complete(null);
    }

    private void run(Runnable task) {
        beginTurn();
        try {
            task.run();
        } catch (Throwable e) {
            Unexpected.report("A task of the node failed", e);
        }
        if (!endScheduled) {
            endScheduled = true; // behind the tasks that wait already: a burst of them is one turn
            loop.execute(() -> {
                endScheduled = false;
                endTurn();
            });
        }
    }

    private void onTimer() {
        timer = null;
        timerNanos = Long.MAX_VALUE;
        beginTurn();
        try {
            if (machine != null && machine.nextTimeout() <= nowNanos) {
                machine.onTimeout(nowNanos);
            }
        } catch (Throwable e) {
            onTurnFailed("A timer of the node failed", e);
        }
        endTurn();
    }

    private void beginTurn() {
        if (!inTurn) {
            nowNanos = System.nanoTime() - origin;
            inTurn = true;
        }
    }

    private void endTurn() {
        beginTurn();
        try {
            if (machine != null) {
                machine.onTurnEnd(nowNanos);
                transmit(machine);
            }
        } catch (Throwable e) {
            onTurnFailed("A turn of the node failed", e);
        }
        long wanted = Long.MAX_VALUE;
        try {
            sockets.flush();
            wanted = machine == null ? Long.MAX_VALUE : machine.nextTimeout();
        } catch (Throwable e) {
            onTurnFailed("The end of a turn of the node failed", e);
        }
        inTurn = false;
        if (machine != null) {
            // What a turn that failed has left is done soon, not when the next datagram happens to come.
            arm(turnFailed ? notBeforeNanos : Math.max(wanted, notBeforeNanos));
        }
        turnFailed = false;
    }

    private void onTurnFailed(String what, Throwable cause) {
        if (!turnFailed) {
            turnFailed = true;
            boolean again = nowNanos - notBeforeNanos < PAUSE_AFTER_FAILURE_NANOS;
            notBeforeNanos = again ? nowNanos + PAUSE_AFTER_FAILURE_NANOS : nowNanos;
        }
        Unexpected.report(what, cause);
    }

    private void transmit(Machine source) {
        while (sockets.isWritable()) {
            Transmit next = source.pollTransmit(nowNanos);
            if (next == null) {
                return;
            }
            packetsSent.increment();
            bytesSent.add(next.payload().remaining());
            sockets.send(next);
        }
    }

    /** Most deadlines move away with every packet: a timer that fires early is cheaper than one armed every time. */
    private void arm(long deadlineNanos) {
        if (deadlineNanos >= timerNanos) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerNanos = deadlineNanos;
        long delay = Math.max(0, deadlineNanos - (System.nanoTime() - origin));
        timer = loop.schedule(this::onTimer, delay, TimeUnit.NANOSECONDS);
    }

    /**
     * Datagrams since the start, as UDP payload.
     *
     * @param packetsReceived datagrams
     * @param packetsSent datagrams
     * @param bytesReceived bytes
     * @param bytesSent bytes
     */
    public record Traffic(long packetsReceived, long packetsSent, long bytesReceived, long bytesSent) {}

    /** Known by its type, so that blocking calls on it can be refused; a daemon, as an application ends when it wants. */
    private static final class LoopThread extends FastThreadLocalThread {
        LoopThread(NodeLoop owner, Runnable task, String name) {
            super(
                    () -> {
                        try {
                            task.run();
                        } finally {
                            owner.onThreadEnd();
                        }
                    },
                    name);
            setDaemon(true);
        }
    }
}
