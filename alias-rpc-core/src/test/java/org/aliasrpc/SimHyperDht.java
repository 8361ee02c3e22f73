package org.aliasrpc;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.dht.RpcConfig;
import org.aliasrpc.dht.RpcEvent;
import org.aliasrpc.hyperdht.ConnectOptions;
import org.aliasrpc.hyperdht.Connection;
import org.aliasrpc.hyperdht.HyperDhtConfig;
import org.aliasrpc.hyperdht.HyperDhtEvent;
import org.aliasrpc.hyperdht.HyperDhtNode;
import org.aliasrpc.hyperdht.ListenOptions;
import org.aliasrpc.hyperdht.Listener;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.aliasrpc.sim.SimNat;
import org.aliasrpc.sim.SimNetwork;
import org.aliasrpc.sim.SimNode;
import org.jspecify.annotations.Nullable;

/** A node in virtual time with its owners: what {@link LiveHyperDht} and its driver do on a loop. */
final class SimHyperDht implements SimNode {
    private static final int FIRST_FREE_PORT = 40_000;

    final SimNetwork network;
    final HyperDhtNode node;
    final Random random;

    private final String host;
    private final @Nullable SimNat nat;
    private final Map<SocketId, PeerAddress> addresses = new HashMap<>();
    private final Map<Listener, ListenerOwner> listeners = new HashMap<>();
    private final LoopMembers members = new LoopMembers();
    private int nextPort = FIRST_FREE_PORT;
    private boolean ready;

    /** Starts a node on a host of its own; behind a box that changes its addresses, or none. */
    SimHyperDht(SimNetwork network, String host, @Nullable SimNat nat, RpcConfig rpc, Random random) {
        this.network = network;
        this.host = host;
        this.nat = nat;
        this.random = random;
        HyperDhtConfig config = HyperDhtConfig.builder(KeyPair.generate(random))
                .rpc(rpc)
                .localHosts(List.of(PeerAddress.of(host, 0)))
                .build();
        this.node = new HyperDhtNode(config, random);
        node.start(network.now());
        network.touch(this);
    }

    boolean isReady() {
        return ready;
    }

    void add(LoopMember member) {
        members.add(member, network.now());
    }

    void remove(LoopMember member) {
        members.remove(member);
    }

    Listener listen(KeyPair keyPair, ListenerOwner owner) {
        Listener listener = node.listen(ListenOptions.of(keyPair), network.now());
        listeners.put(listener, owner);
        network.touch(this);
        return listener;
    }

    Connection connect(PublicKey remote, KeyPair own) {
        return node.connect(remote, ConnectOptions.DEFAULT.withKeyPair(own), network.now());
    }

    /** Takes the node off the network without a word, as the end of its process does. */
    void kill() {
        addresses.values().forEach(network::unbind);
        addresses.clear();
    }

    @Override
    public void onDatagram(SocketId socket, PeerAddress from, ByteBuffer datagram, long nowNanos) {
        node.onDatagram(socket, from, datagram, nowNanos);
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos) {
        Transmit next = node.pollTransmit(nowNanos);
        if (next == null) {
            onTurn(nowNanos); // sending may have told something new
            next = node.pollTransmit(nowNanos);
        }
        return next;
    }

    @Override
    public long nextTimeout() {
        return Math.min(node.nextTimeout(), members.nextTimeout());
    }

    @Override
    public void onTimeout(long nowNanos) {
        if (node.nextTimeout() <= nowNanos) {
            node.onTimeout(nowNanos);
        }
        members.onTimeout(nowNanos);
    }

    @Override
    public void onTurn(long nowNanos) {
        boolean more = true;
        while (more) {
            more = false;
            for (HyperDhtEvent event = node.pollEvent(); event != null; event = node.pollEvent()) {
                more = true;
                onEvent(event, nowNanos);
            }
            for (Connection active = node.pollActive(); active != null; active = node.pollActive()) {
                more = true;
                if (active.attachment() instanceof ConnectionOwner owner) {
                    owner.onActive(nowNanos);
                }
            }
        }
    }

    private void onEvent(HyperDhtEvent event, long nowNanos) {
        if (event instanceof HyperDhtEvent.Rpc rpc) {
            onRpcEvent(rpc.event(), nowNanos);
        } else if (event instanceof HyperDhtEvent.ConnectionOpened opened) {
            Listener listener = opened.listener();
            if (listener != null) {
                ownerOf(listener).onConnection(opened.connection(), nowNanos);
            } else if (opened.connection().attachment() instanceof ConnectionOwner owner) {
                owner.onOpen(nowNanos);
            }
        } else if (event instanceof HyperDhtEvent.Announced announced) {
            ownerOf(announced.listener()).onAnnounced(announced.nodes(), nowNanos);
        }
    }

    private ListenerOwner ownerOf(Listener listener) {
        return Objects.requireNonNull(listeners.get(listener));
    }

    private void onRpcEvent(RpcEvent event, long nowNanos) {
        if (event instanceof RpcEvent.BindRequested request) {
            int wanted = request.ports().get(0);
            PeerAddress address = PeerAddress.of(host, wanted == 0 ? nextPort++ : wanted);
            network.bind(this, request.socket(), address);
            if (nat != null) {
                network.putBehind(address, nat);
            }
            addresses.put(request.socket(), address);
            node.onSocketBound(request.socket(), address.port(), nowNanos);
        } else if (event instanceof RpcEvent.Ready) {
            ready = true;
        }
    }
}
