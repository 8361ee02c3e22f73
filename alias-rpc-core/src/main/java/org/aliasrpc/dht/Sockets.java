package org.aliasrpc.dht;

import java.util.List;
import java.util.Queue;
import org.aliasrpc.net.SocketId;

/** The node's two sockets as far as it knows of them: asks for them, and remembers their ports (dht-rpc.md §3.3). */
final class Sockets {
    private static final List<SocketId> BOTH = List.of(SocketId.SERVER, SocketId.CLIENT);

    private final NodeState state;
    private final RpcConfig config;
    private final Queue<RpcEvent> events;
    private int lastServerPort;
    private int lastClientPort;

    Sockets(NodeState state, RpcConfig config, Queue<RpcEvent> events) {
        this.state = state;
        this.config = config;
        this.events = events;
    }

    boolean isBound() {
        return state.port(SocketId.SERVER) != 0 && state.port(SocketId.CLIENT) != 0;
    }

    /** Asks for those that are not bound, on the ports they had before if possible. */
    void bind() {
        if (state.port(SocketId.SERVER) == 0) {
            events.add(new RpcEvent.BindRequested(SocketId.SERVER, config.serverPorts(lastServerPort)));
        }
        if (state.port(SocketId.CLIENT) == 0) {
            List<Integer> ports = lastClientPort == 0 ? List.of(0) : List.of(lastClientPort, 0);
            events.add(new RpcEvent.BindRequested(SocketId.CLIENT, ports));
        }
    }

    /**
     * @return whether both are bound now
     */
    boolean onBound(SocketId socket, int port) {
        state.port(socket, port);
        if (socket.equals(SocketId.SERVER)) {
            lastServerPort = port;
        } else {
            lastClientPort = port;
        }
        return isBound();
    }

    /** Gives them up. */
    void unbind() {
        for (SocketId socket : BOTH) {
            if (state.port(socket) != 0) {
                state.port(socket, 0);
                events.add(new RpcEvent.UnbindRequested(socket));
            }
        }
    }
}
