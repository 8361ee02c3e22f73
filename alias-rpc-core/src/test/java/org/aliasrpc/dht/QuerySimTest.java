package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries on networks of many nodes (dht-rpc.md §10, appendix B numbers 17 to 21). */
class QuerySimTest {
    private static final long READ = 3;
    private static final long WRITE = 4;
    private static final Bytes VALUE = Bytes.utf8("value");

    @ParameterizedTest
    @ValueSource(ints = {100, 200, 500})
    void anyNodeFindsAnyOther(int size) {
        SimDht dht = SimDht.ofSize(size, size);
        assertThat(dht.nodes).allMatch(node -> node.rpc.isPersistent());
        SimRpcNode seeker = dht.add(SimDht.ephemeral());
        dht.settle();
        Random random = new Random(size);
        for (int i = 0; i < 5; i++) {
            SimRpcNode sought = dht.nodes.get(random.nextInt(size));
            NodeId id = sought.rpc.tableId();
            RpcEvent.QueryEnded ended = seeker.findNode(id);
            assertThat(ended.failure()).isNull();
            assertThat(ended.closestNodes().get(0)).isEqualTo(sought.serverAddress());
            assertThat(ended.closestNodes()).isEqualTo(nearest(dht, id, 20));

            // Seeded with what was found, nobody else has to be asked.
            long before = seeker.rpc.stats().requests();
            QueryOptions seeded = QueryOptions.of(id, READ, null).withOnlySeeds(ended.closestNodes());
            dht.nodes.forEach(node -> node.onRequest(request -> node.rpc.reply(request, VALUE, ReplyOptions.FULL)));
            RpcEvent.QueryEnded again = seeker.query(seeded);
            assertThat(again.closestNodes()).isEqualTo(ended.closestNodes());
            assertThat(seeker.rpc.stats().requests() - before).isEqualTo(20);
        }
        // Nobody died, so nobody was told that somebody did.
        assertThat(dht.nodes).allMatch(node -> node.rpc.stats().downHint().sent() == 0);
    }

    /** A node whose answer is late does not hold the walk up, so a few of the nearest may be missing. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aQueryFindsMostOfItsNodesAlthoughATenthOfTheDatagramsIsLost(long seed) {
        SimDht dht = new SimDht(seed, 0.1);
        dht.bootstrapper();
        for (int i = 0; i < 60; i++) {
            dht.add(SimDht.persistent());
            dht.settle();
        }
        SimRpcNode seeker = dht.add(SimDht.ephemeral());
        dht.settle();
        for (int i = 0; i < 10; i++) {
            NodeId target = dht.nodes.get(6 * i).rpc.tableId();
            RpcEvent.QueryEnded ended = seeker.findNode(target);
            assertThat(ended.failure()).isNull();
            assertThat(ended.closestNodes()).hasSize(20);
            List<PeerAddress> missed = new ArrayList<>(nearest(dht, target, 20));
            missed.removeAll(ended.closestNodes());
            assertThat(missed).hasSizeLessThan(10);
        }
    }

    @Test
    void aCommitGoesToTheTwentyNearestWithTheirTokens() {
        SimDht dht = SimDht.ofSize(7, 100);
        List<String> reads = new ArrayList<>();
        List<String> writes = new ArrayList<>();
        for (SimRpcNode node : dht.nodes) {
            node.onRequest(request -> {
                (request.token() == null ? reads : writes).add(node.host);
                node.rpc.reply(request, VALUE, ReplyOptions.FULL);
            });
        }
        SimRpcNode writer = dht.add(SimDht.ephemeral());
        dht.settle();
        NodeId target = NodeId.random(new Random(1));
        RpcEvent.QueryEnded ended =
                writer.query(QueryOptions.of(target, READ, VALUE).withRepeatingCommit());
        assertThat(ended.failure()).isNull();
        assertThat(writes)
                .containsExactlyInAnyOrderElementsOf(
                        nearest(dht, target, 20).stream().map(PeerAddress::host).toList());
        assertThat(reads).hasSizeGreaterThanOrEqualTo(20).doesNotHaveDuplicates();
        assertThat(writer.events(RpcEvent.CommitReply.class)).hasSize(20);
        assertThat(writer.events(RpcEvent.QueryReply.class)).hasSameSizeAs(reads);
    }

    @Test
    void aCommitStrategyWritesForEachNodeSomethingElse() {
        SimDht dht = SimDht.ofSize(8, 40);
        List<String> written = new ArrayList<>();
        for (SimRpcNode node : dht.nodes) {
            node.onRequest(request -> {
                if (request.command() == WRITE) {
                    assertThat(request.token()).isNotNull();
                    assertThat(request.value())
                            .isEqualTo(NodeId.of(node.serverAddress()).bytes());
                    written.add(node.host);
                }
                node.rpc.reply(request, null, ReplyOptions.FULL);
            });
        }
        SimRpcNode writer = dht.add(SimDht.ephemeral());
        dht.settle();
        NodeId target = NodeId.random(new Random(2));
        CommitStrategy strategy = closest -> {
            NodeId id = closest.from().id();
            return id == null ? null : new OutgoingRequest(WRITE, target, id.bytes(), closest.token());
        };
        assertThat(writer.query(QueryOptions.of(target, READ, null).withCommit(strategy))
                        .failure())
                .isNull();
        assertThat(written).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void errorRepliesCountAndGoOnButAreNoResults() {
        SimDht dht = SimDht.ofSize(9, 40);
        for (SimRpcNode node : dht.nodes) {
            boolean refuses = node.hashCode() % 2 == 0;
            node.onRequest(request -> {
                if (refuses) {
                    node.rpc.error(request, 16, ReplyOptions.CLOSER_NODES);
                } else {
                    node.rpc.reply(request, VALUE, ReplyOptions.FULL);
                }
            });
        }
        dht.nodes.get(3).onRequest(request -> dht.nodes.get(3).rpc.error(request, 16, ReplyOptions.CLOSER_NODES));
        SimRpcNode seeker = dht.add(SimDht.ephemeral());
        dht.settle();
        RpcEvent.QueryEnded ended =
                seeker.query(QueryOptions.of(dht.nodes.get(3).rpc.tableId(), READ, null));
        assertThat(ended.failure()).isNull();
        assertThat(ended.closestReplies()).isNotEmpty().allMatch(Reply::isSuccess);
        assertThat(ended.closestNodes()).doesNotContain(dht.nodes.get(3).serverAddress());
        assertThat(seeker.events(RpcEvent.QueryReply.class))
                .allMatch(event -> event.reply().isSuccess());
    }

    @Test
    void aSilentNodeIsAskedSixTimesAndItsReferrersAreTold() {
        SimDht dht = SimDht.ofSize(10, 3);
        SimRpcNode dead = dht.nodes.get(2);
        SimRpcNode seeker = dht.add(SimDht.ephemeral());
        dht.settle();
        dead.run(rpc -> rpc.suspend(dht.now()));
        long retries = seeker.rpc.stats().retries();
        seeker.findNode(dead.rpc.tableId());
        assertThat(seeker.rpc.stats().retries() - retries).isEqualTo(5);
        dht.runSeconds(10);
        assertThat(seeker.rpc.stats().downHint().sent()).isPositive();
        assertThat(seeker.rpc.nodes(9)).noneMatch(node -> node.address().equals(PeerAddress.of(dead.host, 1024)));
        // Those that were told have looked, and do not know it any more either.
        assertThat(dht.nodes.get(0).rpc.nodes(9))
                .noneMatch(node -> node.address().host().equals(dead.host));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void downHintsAreLimitedPerTick(int limit) {
        SimDht dht = SimDht.ofSize(11, 12);
        SimRpcNode seeker = dht.add(SimDht.adaptive()
                .mode(RpcConfig.Mode.EPHEMERAL)
                .downHintsPerTick(limit)
                .build());
        dht.settle();
        for (int i = 1; i < 5; i++) {
            dht.nodes.get(i).run(rpc -> rpc.suspend(dht.now()));
        }
        seeker.findNode(dht.nodes.get(2).rpc.tableId());
        long ticks = 2; // six tries take 6 s
        assertThat(seeker.rpc.stats().downHint().sent()).isLessThanOrEqualTo(limit * ticks);
        assertThat(seeker.rpc.stats().downHint().sent() > 0).isEqualTo(limit > 0);
    }

    @Test
    void noDownHintsAreSentIfTheyAreSwitchedOff() {
        SimDht dht = SimDht.ofSize(12, 5);
        SimRpcNode seeker = dht.add(SimDht.adaptive().sendDownHints(false).build());
        dht.settle();
        dht.nodes.get(2).run(rpc -> rpc.suspend(dht.now()));
        seeker.findNode(dht.nodes.get(2).rpc.tableId());
        assertThat(seeker.rpc.stats().downHint().sent()).isZero();
    }

    @Test
    void aCommitFailsIfTheOnlyNodeStaysSilentOnIt() {
        SimDht dht = SimDht.ofSize(13, 1);
        SimRpcNode only = dht.nodes.get(0);
        only.onRequest(request -> {
            if (request.token() == null) {
                only.rpc.reply(request, null, ReplyOptions.FULL);
            }
        });
        SimRpcNode writer = dht.add(SimDht.ephemeral());
        dht.settle();
        QueryOptions options = QueryOptions.of(only.rpc.tableId(), READ, null).withRepeatingCommit();
        assertThat(writer.query(options).failure()).isEqualTo(QueryFailure.COMMIT_TIMED_OUT);
    }

    @Test
    void aCommitFailsWithoutToken() {
        SimDht dht = SimDht.ofSize(14, 1);
        SimRpcNode only = dht.nodes.get(0);
        only.onRequest(request -> only.rpc.reply(request, null, ReplyOptions.BARE));
        SimRpcNode writer = dht.add(SimDht.ephemeral());
        dht.settle();
        QueryOptions options = QueryOptions.of(only.rpc.tableId(), READ, null).withRepeatingCommit();
        assertThat(writer.query(options).failure()).isEqualTo(QueryFailure.COMMIT_REFUSED);
    }

    @Test
    void aCommitFailsWithoutNodes() {
        SimDht dht = new SimDht(15);
        SimRpcNode alone = dht.add(RpcConfig.builder().build());
        dht.settle();
        QueryOptions options = QueryOptions.of(NodeId.random(new Random(3)), READ, null);
        assertThat(alone.query(options.withRepeatingCommit()).failure()).isEqualTo(QueryFailure.TOO_FEW_NODES);
        assertThat(alone.query(options).failure()).isNull();
    }

    @Test
    void aCancelledQueryEndsAtOnceAndLeavesNothingBehind() {
        SimDht dht = SimDht.ofSize(16, 30);
        SimRpcNode seeker = dht.add(SimDht.ephemeral());
        dht.settle();
        long session = seeker.rpc.openSession();
        QueryOptions options = QueryOptions.of(NodeId.random(new Random(4)), READ, null);
        long query = seeker.rpc.query(options.withSession(session), dht.now());
        assertThat(seeker.rpc.stats().activeQueries()).isEqualTo(1);
        assertThat(seeker.rpc.stats().activeRequests()).isPositive();
        seeker.run(rpc -> rpc.cancelSession(session, dht.now()));
        assertThat(seeker.rpc.stats().activeQueries()).isZero();
        assertThat(seeker.rpc.stats().activeRequests()).isZero();
        assertThat(seeker.awaitQuery(query).failure()).isEqualTo(QueryFailure.CANCELLED);
        dht.runSeconds(10); // answers come late
        assertThat(seeker.events(RpcEvent.QueryEnded.class)).hasSize(1);
        assertThat(seeker.events(RpcEvent.QueryReply.class)).isEmpty();
    }

    private static List<PeerAddress> nearest(SimDht dht, NodeId target, int count) {
        return dht.nodes.stream()
                .filter(node -> node.rpc.isPersistent())
                .sorted(Comparator.comparing(node -> node.rpc.tableId(), target::compareDistance))
                .limit(count)
                .map(SimRpcNode::serverAddress)
                .toList();
    }
}
