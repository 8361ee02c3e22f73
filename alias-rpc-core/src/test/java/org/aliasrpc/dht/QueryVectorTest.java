package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.testing.Vectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Whole walks beside the reference's, with the exact order of what is sent. The vectors' note tells the rules. */
class QueryVectorTest {
    static Stream<JsonNode> runs() {
        return Vectors.cases("dht-rpc", "query", "runs");
    }

    @ParameterizedTest
    @MethodSource("runs")
    void aWalkAsksTheSameNodesInTheSameOrder(JsonNode vector) {
        Run run = new Run(vector);
        run.go();
        List<String> expected = new ArrayList<>();
        for (JsonNode event : Vectors.elements(Vectors.field(vector, "events"))) {
            StringBuilder text = new StringBuilder(event.get(0).stringValue());
            for (int i = 1; i < event.size(); i++) {
                text.append(' ').append(event.get(i).intValue());
            }
            expected.add(text.toString());
        }
        assertThat(run.log).isEqualTo(expected);
        assertThat(run.walk.isFinished()).isTrue();
        assertThat(run.walk.closestReplies().stream()
                        .map(reply -> number(reply.from().address()))
                        .toList())
                .isEqualTo(numbers(vector, "closestReplies"));
        assertThat(run.walk.successes()).isEqualTo((int) Vectors.integer(vector, "successes"));
        assertThat(run.walk.errors()).isEqualTo((int) Vectors.integer(vector, "errors"));
    }

    private static PeerAddress address(int number) {
        return PeerAddress.of("10.1.0." + (number + 1), 5000 + number);
    }

    private static int number(PeerAddress address) {
        return address.port() - 5000;
    }

    private static List<Integer> numbers(JsonNode object, String name) {
        List<Integer> numbers = new ArrayList<>();
        Vectors.field(object, name).forEach(number -> numbers.add(number.intValue()));
        return numbers;
    }

    /** Delivers replies of living nodes first, oldest request first; then slowness, then timeouts, of the dead. */
    private static final class Run implements QueryWalk.Surroundings {
        private final List<String> log = new ArrayList<>();
        private final List<QueryWalk.Visit> outstanding = new ArrayList<>();
        private final Set<QueryWalk.Visit> slow = new HashSet<>();
        private final Map<Integer, List<PeerAddress>> closerNodes = new HashMap<>();
        private final Set<Integer> dead;
        private final List<Peer> table;
        private final QueryWalk walk;

        Run(JsonNode vector) {
            assertThat((int) Vectors.integer(vector, "k")).isEqualTo(RoutingTable.K);
            NodeId target = new NodeId(Vectors.bytes(vector, "target"));
            dead = new HashSet<>(numbers(vector, "dead"));
            JsonNode start = Vectors.field(vector, "start");
            table = peers(numbers(start, "table"));
            int number = 0;
            for (JsonNode answer : Vectors.elements(Vectors.field(vector, "closerNodes"))) {
                List<PeerAddress> nodes = new ArrayList<>();
                answer.forEach(node -> nodes.add(address(node.intValue())));
                closerNodes.put(number++, nodes);
            }
            walk = new QueryWalk(target, (int) Vectors.integer(vector, "concurrency"), this);
            if (Vectors.has(start, "givenNodes")) {
                walk.seed(peers(numbers(start, "givenNodes")), false);
            }
            walk.seedFromTable();
        }

        void go() {
            advance();
            while (!walk.isFinished()) {
                QueryWalk.Visit next = next();
                if (!isDead(next)) {
                    outstanding.remove(next);
                    log.add("reply " + number(next.node().address()));
                    walk.onReply(next, reply(next.node()));
                } else if (slow.add(next)) {
                    log.add("slow " + number(next.node().address()));
                    walk.onSlow(next);
                } else {
                    outstanding.remove(next);
                    log.add("timeout " + number(next.node().address()));
                    walk.onFailure(next, true);
                }
                hints();
                advance();
            }
        }

        private QueryWalk.Visit next() {
            for (QueryWalk.Visit visit : outstanding) {
                if (!isDead(visit)) {
                    return visit;
                }
            }
            for (QueryWalk.Visit visit : outstanding) {
                if (!slow.contains(visit)) {
                    return visit;
                }
            }
            return outstanding.get(0);
        }

        private boolean isDead(QueryWalk.Visit visit) {
            return dead.contains(number(visit.node().address()));
        }

        private void advance() {
            walk.advance();
            QueryWalk.Visit visit;
            while ((visit = walk.pollVisit()) != null) {
                log.add("send " + number(visit.node().address()));
                outstanding.add(visit);
            }
            hints();
        }

        private void hints() {
            QueryWalk.@Nullable Hint hint;
            while ((hint = walk.pollHint()) != null) {
                log.add("hint " + number(hint.to().address()) + " " + number(hint.about()));
            }
        }

        private Reply reply(Peer from) {
            List<PeerAddress> closer = closerNodes.getOrDefault(number(from.address()), List.of());
            return new Reply(1, 0, from, from.address(), SocketId.CLIENT, null, closer, RpcError.NONE, null);
        }

        @Override
        public List<Peer> closest(NodeId target, int limit) {
            return table.subList(0, Math.min(limit, table.size()));
        }

        @Override
        public boolean accepts(Peer node) {
            return true;
        }

        private static List<Peer> peers(List<Integer> numbers) {
            return numbers.stream().map(number -> Peer.at(address(number))).toList();
        }
    }
}
