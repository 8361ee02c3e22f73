package org.aliasrpc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.dht.RpcStats;
import org.aliasrpc.hyperdht.ConnectOptions;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.hyperdht.HyperDhtEvent;
import org.aliasrpc.hyperdht.HyperDhtNode;
import org.aliasrpc.hyperdht.ListenOptions;
import org.aliasrpc.hyperdht.Listener;
import org.aliasrpc.io.Callbacks;
import org.aliasrpc.io.NodeDriver;
import org.aliasrpc.io.NodeLoop;
import org.aliasrpc.io.Workers;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node on its own event loop. Everything it owns is confined to that loop; other threads enter by {@link
 * NodeLoop#execute}, and users' code runs on {@link Callbacks}.
 */
final class LiveHyperDht implements HyperDht, NodeDriver.Owner {
    private static final Logger log = LoggerFactory.getLogger(LiveHyperDht.class);

    private static final AtomicInteger NODES = new AtomicInteger();
    private static final int STATS_NODES = 1 << 14;

    private final HyperDhtOptions options;
    private final NodeLoop loop;
    private final Callbacks callbacks;
    private final Callbacks listenerCallbacks;
    private final Workers workers;
    private final KeyPair keyPair;
    private final boolean ownsKeyPair;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<HyperDht> started = new CompletableFuture<>();
    private final CompletableFuture<Void> bootstrapped = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile @Nullable InetSocketAddress localAddress;
    private volatile HyperDhtStats lastStats = new HyperDhtStats(0, 0, 0, 0, 0, 0, 0, 0, 0);

    // Confined to the loop.
    private final Listeners listeners = new Listeners();
    private final LoopMembers members = new LoopMembers();
    private @Nullable HyperDhtNode node;
    private @Nullable NodeDriver driver;
    private boolean closingNode;
    private boolean ending;

    private LiveHyperDht(HyperDhtOptions options, NodeLoop loop, String name) {
        this.options = options;
        this.loop = loop;
        this.workers = new Workers(name + "-worker");
        Executor executor = options.callbackExecutor();
        this.callbacks = executor == null ? Callbacks.ownPool(name + "-callback") : Callbacks.of(executor);
        this.listenerCallbacks = executor == null ? Callbacks.ownPool(name + "-listener") : callbacks;
        KeyPair given = options.keyPair();
        this.ownsKeyPair = given == null;
        this.keyPair = given == null ? KeyPair.generate(loop.random()) : given;
    }

    /** Starts a node; the stage completes when its sockets are bound. */
    static LiveHyperDht start(HyperDhtOptions options) {
        String name = "alias-rpc-" + NODES.incrementAndGet();
        NodeLoop loop;
        try {
            loop = NodeLoop.start(NodeSettings.transport(options), name);
        } catch (UnsupportedOperationException e) {
            throw new AliasRpcException.ListenFailed(String.valueOf(e.getMessage()), e);
        }
        return start(options, loop, name);
    }

    /** As {@link #start(HyperDhtOptions)}, on a loop of its own that has no sockets yet. */
    static LiveHyperDht start(HyperDhtOptions options, NodeLoop loop, String name) {
        LiveHyperDht dht = new LiveHyperDht(options, loop, name);
        CompletionStage<Void> terminated = loop.terminated();
        terminated.whenComplete((nothing, failure) -> dht.onLoopEnded());
        dht.workers.warmUp();
        loop.execute(dht::bindKnownPort);
        return dht;
    }

    /** Completes on the loop when the sockets are bound. */
    CompletableFuture<HyperDht> started() {
        return started;
    }

    NodeLoop loop() {
        return loop;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    /** Where listeners run: apart, so that one that blocks delays neither a registrar nor a result. */
    Callbacks listenerCallbacks() {
        return listenerCallbacks;
    }

    // ---- on the loop

    /** What all connections have received and nobody has taken. */
    long heldBytes() {
        return node().heldBytes();
    }

    /** Connects; the owner's {@link ConnectionOwner#onOpen} or a failure event of the connection follows. */
    Connection connectOnLoop(PublicKey remote, KeyPair own) {
        return node().connect(remote, ConnectOptions.DEFAULT.withKeyPair(own), loop.nowNanos());
    }

    /**
     * Listens on a key.
     *
     * @throws IllegalStateException if the node is closed or listens on it already
     */
    Listener listen(ListenOptions listenOptions, ListenerOwner owner) {
        Listener listener = node().listen(listenOptions, loop.nowNanos());
        listeners.add(listener, owner);
        return listener;
    }

    void closeListener(Listener listener) {
        node().close(listener, loop.nowNanos());
    }

    void onVerdict(long handshake, boolean accepted) {
        node().onVerdict(handshake, accepted, loop.nowNanos());
    }

    /** Adds a part that has timers or waits for the end of the node. */
    void add(LoopMember member) {
        members.add(member, loop.nowNanos());
    }

    void remove(LoopMember member) {
        members.remove(member);
    }

    boolean isClosing() {
        return closingNode;
    }

    @Override
    public void onEvent(HyperDhtEvent event, long nowNanos) {
        if (listeners.onEvent(event, nowNanos)) {
            return;
        }
        if (event instanceof HyperDhtEvent.ConnectionOpened opened) {
            if (opened.connection().attachment() instanceof ConnectionOwner owner) {
                owner.onOpen(nowNanos);
            }
        } else if (event instanceof HyperDhtEvent.Rpc rpc) {
            onRpcEvent(rpc.event());
        } else if (event instanceof HyperDhtEvent.Closed) {
            end();
        }
    }

    @Override
    public void onActive(Connection connection, long nowNanos) {
        if (connection.attachment() instanceof ConnectionOwner owner) {
            owner.onActive(nowNanos);
        } else {
            while (connection.pollEvent() != null) {
                log.trace("An event of a connection that nobody took");
            }
        }
    }

    @Override
    public long nextTimeout() {
        return members.nextTimeout();
    }

    @Override
    public void onTimeout(long nowNanos) {
        members.onTimeout(nowNanos);
    }

    private void onRpcEvent(RpcEvent event) {
        if (event instanceof RpcEvent.Listening listening) {
            localAddress = new InetSocketAddress(host(), listening.serverPort());
            started.complete(this);
        } else if (event instanceof RpcEvent.StartFailed) {
            Throwable cause = driver == null ? null : driver.bindFailure();
            started.completeExceptionally(new AliasRpcException.ListenFailed(
                    "cannot bind to " + options.host() + ":" + options.port(), cause));
        } else if (event instanceof RpcEvent.Ready) {
            callbacks.complete(bootstrapped, null);
        }
    }

    // ---- life cycle

    /** A bootstrapper tells others its address from the start, so it has to know its port before it begins. */
    private void bindKnownPort() {
        if (options.role() != HyperDhtOptions.Role.BOOTSTRAPPER) {
            begin(null);
            return;
        }
        CompletionStage<PeerAddress> binding = loop.bind(SocketId.SERVER, host(), IntStream.of(options.port()));
        binding.whenComplete((address, failure) -> loop.tryExecute(() -> {
            if (failure == null) {
                begin(address);
            } else {
                started.completeExceptionally(new AliasRpcException.ListenFailed(
                        "cannot bind to " + options.host() + ":" + options.port(), failure));
                end();
            }
        }));
    }

    private void begin(@Nullable PeerAddress bound) {
        try {
            drive(bound);
        } catch (RuntimeException e) {
            started.completeExceptionally(new AliasRpcException.ListenFailed("cannot start a node: " + e, e));
            end();
        }
    }

    private void drive(@Nullable PeerAddress bound) {
        long now = loop.nowNanos();
        HyperDhtNode made = new HyperDhtNode(NodeSettings.of(options, keyPair, bound, loop), loop.random());
        node = made;
        driver = new NodeDriver(loop, made, host(), workers, this, NodeSettings.localHostsLookUp(options));
        if (bound != null) {
            driver.onBound(SocketId.SERVER, bound);
        }
        loop.drive(driver);
        made.start(now);
        if (closing.get()) {
            beginClose();
        }
    }

    private void beginClose() {
        if (!closingNode && node != null) {
            closingNode = true;
            snapshot();
            members.close(loop.nowNanos());
            node.close(loop.nowNanos());
        }
    }

    private void end() {
        closing.set(true);
        closingNode = true;
        ending = true;
        var unused = loop.close();
    }

    /** On the loop's thread, as the last thing it does. */
    private void onLoopEnded() {
        try {
            abandon();
        } catch (RuntimeException | Error e) {
            log.error("The end of a node failed", e);
        } finally {
            started.completeExceptionally(Failures.nodeClosed());
            callbacks.fail(bootstrapped, Failures.nodeClosed());
            workers.close();
            if (ownsKeyPair) {
                keyPair.close();
            }
            callbacks.complete(closed, null);
            callbacks.close();
            listenerCallbacks.close();
            ended.complete(null);
        }
    }

    /** The loop has ended without being asked to: whoever waits for something hears of it all the same. */
    private void abandon() {
        HyperDhtNode left = node;
        NodeDriver drain = driver;
        if (ending || left == null || drain == null) {
            return;
        }
        closing.set(true);
        closingNode = true;
        long now = loop.nowNanos();
        snapshot();
        members.close(now);
        left.close(now);
        drain.onTurnEnd(now);
        listeners.abandon(now);
    }

    private HyperDhtNode node() {
        if (node == null) {
            throw new IllegalStateException("the node has not begun");
        }
        return node;
    }

    private InetAddress host() {
        return PeerAddress.of(options.host(), 0).toInetSocketAddress().getAddress();
    }

    private void snapshot() {
        NodeLoop.Traffic traffic = loop.traffic();
        RpcStats rpc = node().stats();
        lastStats = new HyperDhtStats(
                traffic.packetsReceived(),
                traffic.packetsSent(),
                traffic.bytesReceived(),
                traffic.bytesSent(),
                rpc.queries(),
                rpc.timeouts(),
                node().nodes(STATS_NODES).size(),
                node().connectionCount(),
                loop.pendingTasks());
    }

    // ---- from any thread

    @Override
    public KeyPair defaultKeyPair() {
        return keyPair;
    }

    @Override
    public InetSocketAddress localAddress() {
        InetSocketAddress address = localAddress;
        if (address == null) {
            throw new IllegalStateException("the node is not started");
        }
        return address;
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return Blocking.onLoop(
                        loop,
                        () -> Optional.ofNullable(node).map(HyperDhtNode::remoteAddress),
                        Optional.<PeerAddress>empty())
                .map(PeerAddress::toInetSocketAddress)
                .orElse(null);
    }

    @Override
    public CompletionStage<Void> fullyBootstrappedAsync() {
        return bootstrapped.copy();
    }

    @Override
    public void fullyBootstrapped() throws InterruptedException {
        Blocking.await(bootstrapped);
    }

    @Override
    public CompletionStage<PeerConnection> connectAsync(PublicKey remotePublicKey, KeyPair ownKeyPair) {
        return begin(remotePublicKey, ownKeyPair).async();
    }

    @Override
    public PeerConnection connect(PublicKey remotePublicKey, KeyPair ownKeyPair) throws InterruptedException {
        return begin(remotePublicKey, ownKeyPair).await();
    }

    private Outcome<PeerConnection> begin(PublicKey remotePublicKey, KeyPair ownKeyPair) {
        Outcome<PeerConnection> outcome = new Outcome<>(callbacks);
        boolean taken = loop.tryExecute(() -> {
            if (closingNode) {
                outcome.fail(Failures.nodeClosed()); // the node may not get another turn in which to say so
                return;
            }
            try {
                Connection connection = connectOnLoop(remotePublicKey, ownKeyPair);
                new LivePeerConnection(this, connection, outcome, loop.nowNanos());
            } catch (RuntimeException | Error e) {
                outcome.fail(Failures.unexpected(e));
                throw e;
            }
        });
        if (!taken) {
            outcome.fail(Failures.nodeClosed());
        }
        return outcome;
    }

    @Override
    public HyperDhtStats stats() {
        return Blocking.onLoop(
                loop,
                () -> {
                    if (node != null && !closingNode) {
                        snapshot();
                    }
                    return lastStats;
                },
                lastStats);
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            loop.tryExecute(this::beginClose);
        }
        return closed.copy();
    }

    @Override
    public void close() {
        Blocking.requireOffLoop();
        var unused = closeAsync();
        Blocking.awaitUninterruptibly(ended);
    }
}
