package org.aliasrpc.dht;

import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;

/** What all parts of one node have to know of it. */
final class NodeState {
    private NodeId tableId;
    private boolean ephemeral = true;
    private boolean firewalled;
    private boolean bootstrapped;
    private boolean suspended;
    private boolean closed;
    private int serverPort;
    private int clientPort;
    private long tick;

    /**
     * @param tableId the centre of the routing table until the node knows its address
     * @param tick where to start counting, so that nodes do not act in step
     */
    NodeState(NodeId tableId, boolean firewalled, long tick) {
        this.tableId = tableId;
        this.firewalled = firewalled;
        this.tick = tick;
    }

    NodeId tableId() {
        return tableId;
    }

    void tableId(NodeId id) {
        tableId = id;
    }

    boolean ephemeral() {
        return ephemeral;
    }

    void ephemeral(boolean value) {
        ephemeral = value;
    }

    boolean firewalled() {
        return firewalled;
    }

    void firewalled(boolean value) {
        firewalled = value;
    }

    boolean bootstrapped() {
        return bootstrapped;
    }

    void bootstrapped(boolean value) {
        bootstrapped = value;
    }

    boolean suspended() {
        return suspended;
    }

    void suspended(boolean value) {
        suspended = value;
    }

    boolean closed() {
        return closed;
    }

    void closed(boolean value) {
        closed = value;
    }

    /** Counts steps of 5 s; the unit of all ages of nodes. */
    long tick() {
        return tick;
    }

    void tick(long value) {
        tick = value;
    }

    int port(SocketId socket) {
        return socket.equals(SocketId.SERVER) ? serverPort : socket.equals(SocketId.CLIENT) ? clientPort : 0;
    }

    void port(SocketId socket, int port) {
        if (socket.equals(SocketId.SERVER)) {
            serverPort = port;
        } else {
            clientPort = port;
        }
    }

    SocketId activeSocket() {
        return firewalled ? SocketId.CLIENT : SocketId.SERVER;
    }

    /** The id that a message from a socket carries: only persistent nodes have one, and only there (dht-rpc.md §4). */
    @Nullable
    NodeId idOn(SocketId socket) {
        return !ephemeral && socket.equals(SocketId.SERVER) ? tableId : null;
    }

    /** The peer behind an address and the id it claims, which counts only if it follows from the address. */
    static Peer verify(PeerAddress address, @Nullable NodeId claimed) {
        return claimed != null && claimed.equals(NodeId.of(address))
                ? new Peer(address, claimed)
                : Peer.withoutId(address);
    }
}
