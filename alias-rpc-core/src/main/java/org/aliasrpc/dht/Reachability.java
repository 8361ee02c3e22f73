package org.aliasrpc.dht;

import java.util.Queue;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether others can reach us, and so which socket is the active one, where our table is centred, and whether
 * we claim an id (dht-rpc.md §9.5).
 */
final class Reachability {
    /** Ticks at one address before an adaptive node tries to become persistent: 20 minutes. */
    static final int STABLE_TICKS = 240;

    /**
     * Ticks before it tries again: 60 minutes. The reference tries again only if its host has changed: there a port that is
     * forwarded later, or a test at a bad moment, leaves a node unreachable for good.
     */
    static final int MORE_STABLE_TICKS = 720;

    /** Who waits for the outcome. */
    interface Waiter {
        /**
         * @param changed whether the node has found itself reachable just now
         */
        void onUpdated(boolean changed, long nowNanos);
    }

    private final NodeState state;
    private final RpcConfig config;
    private final Neighbours neighbours;
    private final Queries queries;
    private final NatSamples samples;
    private final Queue<RpcEvent> events;
    private int stableTicks = STABLE_TICKS;

    Reachability(
            NodeState state,
            RpcConfig config,
            Neighbours neighbours,
            Queries queries,
            NatSamples samples,
            Queue<RpcEvent> events) {
        this.state = state;
        this.config = config;
        this.neighbours = neighbours;
        this.queries = queries;
        this.samples = samples;
        this.events = events;
    }

    NatSamples samples() {
        return samples;
    }

    /** A tick has passed on a node that is done bootstrapping. */
    void onTick(long nowNanos) {
        if (hasMoved()) {
            onMoved(nowNanos);
        }
        if (config.mode() != RpcConfig.Mode.ADAPTIVE || !state.ephemeral() || --stableTicks > 0) {
            return;
        }
        update(false, (changed, now) -> {}, nowNanos);
    }

    /**
     * Whether others see us at another address than the one our id follows from, so that they do not take us for a node
     * any more. A public address that we were told counts whatever nodes on our own network see.
     */
    private boolean hasMoved() {
        PeerAddress address = samples.address();
        return !state.ephemeral()
                && config.publicAddress() == null
                && address != null
                && address.port() != 0
                && !NodeId.of(address).equals(state.tableId());
    }

    /** The reference keeps the id, and is of no use to others from then on (dht-rpc.md §9.6). */
    private void onMoved(long nowNanos) {
        if (config.mode() == RpcConfig.Mode.ADAPTIVE) {
            onWakeUp(); // as unsettled as after a sleep
        } else {
            state.ephemeral(true);
            update(false, (changed, now) -> {}, nowNanos);
        }
    }

    /** The node slept: it may be anywhere now, and loses its id until it has been at one address for an hour. */
    void onWakeUp() {
        stableTicks = MORE_STABLE_TICKS;
        if (config.mode() == RpcConfig.Mode.ADAPTIVE && !state.ephemeral()) {
            state.ephemeral(true);
            events.add(new RpcEvent.Ephemeral());
        }
    }

    /**
     * @param onlyFirewall whether the node stays ephemeral even if it is reachable
     */
    void update(boolean onlyFirewall, Waiter waiter, long nowNanos) {
        if (!state.ephemeral() || (onlyFirewall && !state.firewalled())) {
            waiter.onUpdated(false, nowNanos);
            return;
        }
        PeerAddress address = samples.address();
        if (!onlyFirewall) {
            stableTicks = MORE_STABLE_TICKS;
        }
        if (address == null || address.port() == 0) {
            waiter.onUpdated(false, nowNanos);
        } else if (state.firewalled()) {
            FirewallTest.Owner owner = (firewalled, sampler, now) ->
                    waiter.onUpdated(!firewalled && open(address, sampler, onlyFirewall, now), now);
            new FirewallTest(state, queries.requests(), samples, owner)
                    .start(neighbours, queries.bootstrap(), nowNanos);
        } else {
            waiter.onUpdated(open(address, samples.sampler(), onlyFirewall, nowNanos), nowNanos);
        }
    }

    private boolean open(PeerAddress before, NatSampler sampler, boolean onlyFirewall, long nowNanos) {
        if (state.suspended() || state.closed()) {
            return false;
        }
        state.firewalled(false);
        PeerAddress address = sampler.address();
        // The address may have changed while the test ran, or a second test may have ended before this one.
        if (!state.ephemeral() || !before.equals(samples.address())) {
            return false;
        }
        if (address == null || !address.sameHost(before) || address.port() == 0) {
            return false;
        }
        state.ephemeral(onlyFirewall);
        if (sampler != samples.sampler()) {
            samples.replace(sampler);
        }
        NodeId id = NodeId.of(address);
        if (!id.equals(state.tableId())) {
            neighbours.recentre(id);
            if (state.bootstrapped()) {
                queries.refresh(nowNanos);
            }
        }
        if (!state.ephemeral()) {
            events.add(new RpcEvent.Persistent(id));
        }
        return true;
    }

    /** The address at which anybody can reach us, null if there is none (dht-rpc.md §9.7). */
    @Nullable
    PeerAddress remoteAddress() {
        PeerAddress address = samples.address();
        boolean open = address != null
                && address.port() != 0
                && !state.firewalled()
                && address.port() == state.port(SocketId.SERVER);
        return open ? address : null;
    }
}
