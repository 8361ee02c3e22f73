package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.junit.jupiter.api.Test;

/** What others make up must not keep a walk going (dht-rpc.md §10, §13). */
class QueryWalkTest {
    private final Random random = new Random(1);
    private final NodeId target = NodeId.random(random);
    private final QueryWalk walk = new QueryWalk(target, 10, new QueryWalk.Surroundings() {
        @Override
        public List<Peer> closest(NodeId target, int limit) {
            return List.of();
        }

        @Override
        public boolean accepts(Peer node) {
            return true;
        }
    });

    @Test
    void nodesMadeUpWithoutEndAreForgottenAtTheLimit() {
        walk.seed(List.of(Peer.at(randomAddress())), false);
        walk.seedFromTable();
        int asked = 0;
        List<QueryWalk.Visit> outstanding = new ArrayList<>();
        while (!walk.isFinished()) {
            walk.advance();
            for (QueryWalk.Visit visit = walk.pollVisit(); visit != null; visit = walk.pollVisit()) {
                outstanding.add(visit);
                asked++;
            }
            assertThat(asked).isLessThanOrEqualTo(QueryWalk.MAX_SEEN);
            if (!outstanding.isEmpty()) {
                QueryWalk.Visit visit = outstanding.remove(0);
                // Errors never fill the list of the closest, so that any node would be an improvement.
                walk.onReply(visit, reply(visit.node(), 16, randomAddresses(100)));
            }
        }
        assertThat(asked).isEqualTo(QueryWalk.MAX_SEEN);
    }

    @Test
    void onlySoManyNodesOfOneAnswerAreRead() {
        Peer first = Peer.at(randomAddress());
        walk.seed(List.of(first), false);
        walk.advance();
        QueryWalk.Visit visit = Objects.requireNonNull(walk.pollVisit());
        walk.onReply(visit, reply(first, 0, randomAddresses(1000)));
        int asked = 0;
        for (int i = 0; i < 1000 && !walk.isFinished(); i++) {
            walk.advance();
            for (QueryWalk.Visit next = walk.pollVisit(); next != null; next = walk.pollVisit()) {
                asked++;
                walk.onReply(next, reply(next.node(), 0, List.of()));
            }
        }
        assertThat(asked).isEqualTo(QueryWalk.MAX_CLOSER_NODES);
    }

    @Test
    void anAddressWithPortZeroIsNotAsked() {
        Peer first = Peer.at(randomAddress());
        walk.seed(List.of(first), false);
        walk.advance();
        QueryWalk.Visit visit = Objects.requireNonNull(walk.pollVisit());
        walk.onReply(visit, reply(first, 0, List.of(PeerAddress.of("10.0.0.1", 0))));
        walk.advance();
        assertThat(walk.pollVisit()).isNull();
        assertThat(walk.isFinished()).isTrue();
    }

    @Test
    void theFirstAnswerOfANodeCounts() {
        Peer one = Peer.at(randomAddress());
        Peer two = Peer.at(randomAddress());
        walk.seed(List.of(one, two), true);
        walk.advance();
        QueryWalk.Visit first = Objects.requireNonNull(walk.pollVisit());
        QueryWalk.Visit second = Objects.requireNonNull(walk.pollVisit());
        Reply answer = reply(one, 0, List.of());
        walk.onReply(first, answer);
        walk.onReply(second, reply(one, 0, randomAddresses(1))); // relayed, or forged
        assertThat(walk.closestReplies()).containsExactly(answer);
    }

    @Test
    void withOnlySeedsNobodyElseIsAsked() {
        Peer one = Peer.at(randomAddress());
        walk.seed(List.of(one), true);
        walk.seedFromTable();
        assertThat(walk.needsBootstrap()).isFalse();
        walk.advance();
        walk.onReply(Objects.requireNonNull(walk.pollVisit()), reply(one, 0, randomAddresses(20)));
        walk.advance();
        assertThat(walk.pollVisit()).isNull();
        assertThat(walk.isFinished()).isTrue();
    }

    private List<PeerAddress> randomAddresses(int count) {
        List<PeerAddress> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(randomAddress());
        }
        return addresses;
    }

    private PeerAddress randomAddress() {
        return PeerAddress.ipv4(random.nextInt(), 1 + random.nextInt(65535));
    }

    private static Reply reply(Peer from, long error, List<PeerAddress> closerNodes) {
        return new Reply(1, 0, from, from.address(), SocketId.CLIENT, null, closerNodes, error, null);
    }
}
