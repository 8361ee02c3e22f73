package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.junit.jupiter.api.Test;

/** The table's upkeep, with the pings that it sends answered by hand (dht-rpc.md §8, appendix B numbers 27 and 28). */
class NeighboursTest {
    private static final NodeId OWN = new NodeId(Bytes.wrap(new byte[32]));
    private static final PeerAddress TO = PeerAddress.of("203.0.113.1", 1);

    private final Queue<Transmit> transmits = new ArrayDeque<>();
    private final Queue<RpcEvent> events = new ArrayDeque<>();
    private final List<PeerAddress> samples = new ArrayList<>();
    private final RpcConfig config = RpcConfig.builder().build();
    private final NodeState state = new NodeState(OWN, false, 100);
    private final Requests requests = new Requests(state, config, transmits, new Random(1));
    private final Neighbours neighbours = new Neighbours(state, requests, config.filter(), events);

    NeighboursTest() {
        requests.pending().open(0);
        state.bootstrapped(true);
    }

    @Test
    void aNodeIsSampledWhenItIsNewAndAgainAfterThirtyMinutes() {
        Peer node = peers(1).get(0);
        hear(node, false);
        hear(node, false);
        assertThat(samples).containsExactly(TO);
        state.tick(state.tick() + Neighbours.OLD);
        hear(node, true); // on the other socket: says nothing about this one
        assertThat(samples).hasSize(1);
        hear(node, false);
        assertThat(samples).hasSize(2);
    }

    @Test
    void aNodeHeardAgainBecomesTheLatest() {
        List<Peer> nodes = peers(3);
        nodes.forEach(node -> hear(node, false));
        hear(nodes.get(0), false);
        assertThat(neighbours.latest(9).stream().map(TableNode::peer).toList())
                .containsExactly(nodes.get(0), nodes.get(2), nodes.get(1));
    }

    /** The reference keeps a stale twin in its list (dht-rpc.md §8.4, quirk). */
    @Test
    void aNodeGivenTwiceIsThereOnce() {
        PeerAddress address = peers(1).get(0).address();
        neighbours.add(address, 0);
        neighbours.add(address, 0);
        assertThat(neighbours.latest(9)).hasSize(1);
        assertThat(events).hasSize(1);
    }

    @Test
    void ownIdNeverGetsIn() {
        PeerAddress own = PeerAddress.of("10.0.0.9", 9);
        neighbours.recentre(NodeId.of(own));
        neighbours.add(own, 0);
        hear(Peer.at(own), false);
        assertThat(neighbours.size()).isZero();
    }

    @Test
    void aDownHintAboutADeadNodeRemovesItAfterTheCheck() {
        Peer node = hearOne();
        neighbours.onDownHint(node.address(), 0);
        PendingRequest ping = onlyPing();
        assertThat(ping.ask.to().address()).isEqualTo(node.address());
        assertThat(neighbours.size()).isEqualTo(1); // the sender is not believed
        end(ping, RequestFailure.TIMED_OUT);
        assertThat(neighbours.size()).isZero();
        assertThat(events).contains(new RpcEvent.NodeRemoved(node));
    }

    /** The reference removes a node that answers within the tick in which it was heard (dht-rpc.md §8.6, quirk). */
    @Test
    void aDownHintAboutALiveNodeDoesNotRemoveIt() {
        Peer node = hearOne();
        neighbours.onDownHint(node.address(), 0);
        PendingRequest ping = onlyPing();
        hear(node, false);
        ping.owner.onReply(reply(node), 0);
        assertThat(neighbours.size()).isEqualTo(1);
    }

    @Test
    void aNodeThatAnswersWithoutItsIdLeaves() {
        Peer node = hearOne();
        neighbours.onDownHint(node.address(), 0);
        onlyPing().owner.onReply(reply(Peer.withoutId(node.address())), 0);
        assertThat(neighbours.size()).isZero();
    }

    @Test
    void aSecondDownHintInOneTickIsIgnored() {
        Peer node = hearOne();
        neighbours.onDownHint(node.address(), 0);
        neighbours.onDownHint(node.address(), 0);
        assertThat(requests.pending().size()).isEqualTo(1);
    }

    @Test
    void checksForDownHintsAreLimited() {
        List<Peer> nodes = peers(40);
        nodes.forEach(node -> hear(node, false));
        assertThat(neighbours.size()).isGreaterThan(Neighbours.MAX_CHECKS);
        nodes.forEach(node -> neighbours.onDownHint(node.address(), 0));
        assertThat(requests.pending().size()).isEqualTo(Neighbours.MAX_CHECKS);
    }

    @Test
    void theNodesHeardOfLongestAgoAreCheckedFirst() {
        List<Peer> nodes = peers(8);
        for (Peer node : nodes) {
            hear(node, false);
            state.tick(state.tick() + 1);
        }
        state.tick(state.tick() + Neighbours.RECENT);
        neighbours.pingSome(0);
        assertThat(pinged()).isEqualTo(addresses(nodes.subList(0, 5)));
    }

    @Test
    void onlyTwoAreCheckedIfTheOldestWasHeardLately() {
        List<Peer> nodes = peers(8);
        nodes.forEach(node -> hear(node, false));
        neighbours.pingSome(0);
        assertThat(pinged()).isEmpty(); // all were heard in this very tick
        state.tick(state.tick() + 1);
        neighbours.pingSome(0);
        assertThat(pinged()).isEqualTo(addresses(nodes.subList(0, 2)));
    }

    @Test
    void inAFullRowADeadOldNodeGivesWay() {
        Row row = fullRow();
        state.tick(state.tick() + Neighbours.RECENT);
        hear(row.newcomer, false);
        PendingRequest ping = onlyPing();
        assertThat(ping.ask.to().address()).isEqualTo(row.members.get(0).address());
        assertThat(neighbours.size()).isEqualTo(RoutingTable.K);
        end(ping, RequestFailure.TIMED_OUT);
        assertThat(latest()).hasSize(RoutingTable.K).contains(row.newcomer).doesNotContain(row.members.get(0));
    }

    @Test
    void inAFullRowALiveOldNodeStays() {
        Row row = fullRow();
        state.tick(state.tick() + Neighbours.RECENT);
        hear(row.newcomer, false);
        PendingRequest ping = onlyPing();
        hear(row.members.get(0), false);
        ping.owner.onReply(reply(row.members.get(0)), 0);
        assertThat(latest()).hasSize(RoutingTable.K).doesNotContain(row.newcomer);
    }

    @Test
    void inAFullRowANodeThatHasBecomeEphemeralGivesWay() {
        Row row = fullRow();
        state.tick(state.tick() + Neighbours.RECENT);
        hear(row.newcomer, false);
        onlyPing().owner.onReply(reply(Peer.withoutId(row.members.get(0).address())), 0);
        assertThat(latest()).contains(row.newcomer).doesNotContain(row.members.get(0));
    }

    @Test
    void nodesKnownForLongAndHeardLatelyAreNotEvenTested() {
        Row row = fullRow();
        state.tick(state.tick() + Neighbours.OLD + 1);
        row.members.forEach(node -> hear(node, false));
        state.tick(state.tick() + 1);
        hear(row.newcomer, false);
        assertThat(requests.pending().size()).isZero();
    }

    @Test
    void fewNewcomersAreTestedAtATime() {
        Row row = fullRow();
        state.tick(state.tick() + Neighbours.RECENT);
        row.others.forEach(node -> hear(node, false));
        assertThat(row.others).hasSizeGreaterThan(Neighbours.MAX_SWAPS);
        assertThat(requests.pending().size()).isEqualTo(Neighbours.MAX_SWAPS);
    }

    /** The reference refuses newcomers to rows made while it moved its table (dht-rpc.md §8.5, quirk). */
    @Test
    void rowsOfAMovedTableTestTheirNodesToo() {
        Row row = fullRow();
        byte[] other = new byte[32];
        other[31] = 1; // so near that the rows hold the same nodes
        neighbours.recentre(new NodeId(Bytes.wrap(other)));
        assertThat(neighbours.size()).isEqualTo(RoutingTable.K);
        state.tick(state.tick() + Neighbours.RECENT);
        hear(row.newcomer, false);
        assertThat(requests.pending().size()).isEqualTo(1);
    }

    @Test
    void nodesThatDoNotFitAMovedTableLeaveTheListToo() {
        peers(60).forEach(node -> hear(node, false));
        int before = neighbours.size();
        NodeId moved = peers(1).get(0).id();
        neighbours.recentre(Objects.requireNonNull(moved));
        assertThat(neighbours.latest(999)).hasSize(neighbours.size());
        assertThat(neighbours.size()).isLessThan(before);
        long removed =
                events.stream().filter(RpcEvent.NodeRemoved.class::isInstance).count();
        assertThat(removed).isEqualTo(before - neighbours.size());
    }

    /** Twenty nodes of the farthest row, and more that would belong there. */
    private Row fullRow() {
        List<Peer> far = peers(80).stream()
                .filter(node -> OWN.commonPrefix(Objects.requireNonNull(node.id())) == 0)
                .toList();
        List<Peer> members = far.subList(0, RoutingTable.K);
        members.forEach(node -> hear(node, false));
        List<Peer> others = far.subList(RoutingTable.K, far.size());
        return new Row(members, others.get(0), others);
    }

    private Peer hearOne() {
        Peer node = peers(1).get(0);
        hear(node, false);
        return node;
    }

    private void hear(Peer node, boolean external) {
        neighbours.onHeard(node, TO, external, samples::add, 0);
    }

    private static List<Peer> peers(int count) {
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(Peer.at(PeerAddress.of("10.0.1." + i, 1000 + i)));
        }
        return peers;
    }

    private List<Peer> latest() {
        return neighbours.latest(999).stream().map(TableNode::peer).toList();
    }

    private static List<PeerAddress> addresses(List<Peer> nodes) {
        return nodes.stream().map(Peer::address).toList();
    }

    private List<PeerAddress> pinged() {
        return transmits.stream().map(Transmit::to).toList();
    }

    private PendingRequest onlyPing() {
        assertThat(requests.pending().size()).isEqualTo(1);
        return requests.pending().cancelAll().get(0);
    }

    private void end(PendingRequest request, RequestFailure failure) {
        request.owner.onFailure(failure, 0);
    }

    private static Reply reply(Peer from) {
        return new Reply(1, 0, from, TO, SocketId.SERVER, null, List.of(), 0, null);
    }

    private record Row(List<Peer> members, Peer newcomer, List<Peer> others) {}
}
