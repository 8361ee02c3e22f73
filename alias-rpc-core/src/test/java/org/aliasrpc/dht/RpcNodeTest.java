package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests and answers between a few nodes (dht-rpc.md §6, §7, §12, appendix B numbers 3 to 16). */
class RpcNodeTest {
    private static final long ECHO = 5;
    private static final PeerAddress NOBODY = PeerAddress.of("10.9.9.9", 9);
    private static final Bytes VALUE = Bytes.utf8("value");
    private static final NodeId TARGET = NodeId.of(NOBODY);

    private final SimDht dht = new SimDht(1);
    private final SimRpcNode a = dht.bootstrapper();

    @Test
    void aBootstrapperIsPersistentAtItsAddressWithoutAskingAnybody() {
        assertThat(a.rpc.id()).isEqualTo(NodeId.of(SimDht.BOOTSTRAP));
        assertThat(a.rpc.natAddress()).isEqualTo(SimDht.BOOTSTRAP);
        assertThat(a.rpc.remoteAddress()).isEqualTo(SimDht.BOOTSTRAP);
        assertThat(a.rpc.port(SocketId.SERVER)).isEqualTo(49737);
        assertThat(a.events).contains(new RpcEvent.BindRequested(SocketId.SERVER, List.of(49737)));
        assertThat(a.rpc.stats().requests()).isZero();
    }

    @Test
    void aNodeListensBeforeItIsReady() {
        SimRpcNode b = dht.add(SimDht.ephemeral());
        dht.settle();
        List<RpcEvent> milestones = b.events.stream()
                .filter(event -> event instanceof RpcEvent.Listening || event instanceof RpcEvent.Ready)
                .toList();
        assertThat(milestones).containsExactly(new RpcEvent.Listening(1024, 1025), new RpcEvent.Ready());
        assertThat(b.rpc.isPersistent()).isFalse();
        assertThat(b.rpc.nodes(9)).containsExactly(Peer.at(SimDht.BOOTSTRAP));
        assertThat(a.rpc.nodes(9)).isEmpty(); // an ephemeral node gets into nobody's table
    }

    @Test
    void aTakenPortLeadsToTheNextOfTheRangeAndThenToAnyOther() {
        RpcConfig wanted = RpcConfig.builder().port(5000).build();
        for (int port = 5000; port < 5005; port++) {
            SimRpcNode node = dht.create("10.1.1.1", wanted);
            dht.settle();
            assertThat(node.rpc.port(SocketId.SERVER)).isEqualTo(port);
        }
        SimRpcNode late = dht.create("10.1.1.1", wanted);
        dht.settle();
        assertThat(late.rpc.port(SocketId.SERVER)).isNotIn(5000, 5001, 5002, 5003, 5004, 0);
    }

    @Test
    void aTakenPortIsAnErrorIfNoOtherWillDo() {
        RpcConfig wanted = RpcConfig.builder().ports(5000, 5000).anyPort(false).build();
        dht.create("10.1.1.1", wanted);
        SimRpcNode second = dht.create("10.1.1.1", wanted);
        dht.settle();
        assertThat(second.events).contains(new RpcEvent.StartFailed(SocketId.SERVER));
        assertThat(second.events).endsWith(new RpcEvent.Closed());
        assertThat(second.rpc.isClosed()).isTrue();
    }

    @Test
    void aPingIsCountedAndAnswered() {
        SimRpcNode b = dht.add(SimDht.ephemeral());
        dht.settle();
        long ping = b.ping(SimDht.BOOTSTRAP);
        assertThat(b.rpc.stats().ping()).isEqualTo(new RpcStats.Command(1, 0));
        Reply reply = b.reply(ping);
        assertThat(b.rpc.stats().ping()).isEqualTo(new RpcStats.Command(1, 1));
        assertThat(reply.rttNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(2));
        assertThat(reply.from()).isEqualTo(Peer.at(SimDht.BOOTSTRAP));
        assertThat(reply.to()).isEqualTo(b.clientAddress());
        assertThat(reply.token()).isNull();
        assertThat(reply.closerNodes()).isEmpty();
        assertThat(reply.value()).isNull();
    }

    @Test
    void requestsMadeBeforeBindingWait() {
        SimRpcNode b = dht.prepare("10.0.7.7", SimDht.ephemeral());
        long ping = b.rpc.ping(SimDht.BOOTSTRAP, 0, RequestOptions.DEFAULT, 0);
        assertThat(b.rpc.pollTransmit()).isNull();
        b.run(rpc -> rpc.start(dht.now()));
        assertThat(b.reply(ping).from().address()).isEqualTo(SimDht.BOOTSTRAP);
    }

    @Test
    void aRequestReachesTheHandlerAndItsAnswerTheAsker() {
        a.onRequest(request -> {
            assertThat(request.command()).isEqualTo(ECHO);
            assertThat(request.token()).isNull();
            assertThat(request.to()).isEqualTo(SimDht.BOOTSTRAP);
            a.rpc.reply(request, request.value(), ReplyOptions.FULL);
        });
        SimRpcNode b = dht.add(SimDht.persistent());
        dht.settle();
        Reply reply =
                b.reply(b.request(SimDht.BOOTSTRAP, new OutgoingRequest(ECHO, TARGET, VALUE), RequestOptions.DEFAULT));
        assertThat(reply.value()).isEqualTo(VALUE);
        assertThat(reply.token()).isNotNull();
        assertThat(reply.isSuccess()).isTrue();
        assertThat(reply.closerNodes()).containsExactly(b.serverAddress()); // the asker itself: it skips that
        assertThat(a.events(RpcEvent.RequestReceived.class).get(0).request().from())
                .isEqualTo(Peer.at(b.serverAddress()));
    }

    @Test
    void aCommandNobodyServesIsAnsweredWithErrorOne() {
        SimRpcNode b = dht.add(SimDht.persistent());
        dht.settle();
        Reply reply =
                b.reply(b.request(SimDht.BOOTSTRAP, new OutgoingRequest(99, TARGET, null), RequestOptions.DEFAULT));
        assertThat(reply.error()).isEqualTo(RpcError.UNKNOWN_COMMAND);
        assertThat(reply.closerNodes()).isNotEmpty();
        assertThat(reply.token()).isNull();
    }

    @Test
    void aWrongTokenIsRefusedWithARightOneWhichLastsOneRotationAndNotTwo() {
        a.onRequest(request -> a.rpc.reply(request, VALUE, ReplyOptions.BARE));
        SimRpcNode b = dht.add(SimDht.persistent());
        dht.settle();
        Bytes wrong = Bytes.wrap(new byte[32]);
        OutgoingRequest write = new OutgoingRequest(ECHO, TARGET, VALUE, wrong);
        Reply refused = b.reply(b.request(SimDht.BOOTSTRAP, write, RequestOptions.DEFAULT));
        assertThat(refused.error()).isEqualTo(RpcError.INVALID_TOKEN);
        assertThat(refused.closerNodes()).isNotEmpty();
        assertThat(a.events(RpcEvent.RequestReceived.class)).isEmpty();

        OutgoingRequest good = write.withToken(refused.token());
        assertThat(b.reply(b.request(SimDht.BOOTSTRAP, good, RequestOptions.DEFAULT))
                        .isSuccess())
                .isTrue();
        dht.runSeconds(7);
        assertThat(b.reply(b.request(SimDht.BOOTSTRAP, good, RequestOptions.DEFAULT))
                        .isSuccess())
                .isTrue();
        dht.runSeconds(9);
        assertThat(b.reply(b.request(SimDht.BOOTSTRAP, good, RequestOptions.DEFAULT))
                        .error())
                .isEqualTo(RpcError.INVALID_TOKEN);
    }

    @Test
    void aSilentPeerIsAskedFourTimesInFourSeconds() {
        SimRpcNode b = dht.add(SimDht.ephemeral());
        dht.settle();
        long start = dht.now();
        long ping = b.ping(NOBODY);
        assertThat(b.outcome(ping)).isEqualTo(new RpcEvent.Failed(ping, RequestFailure.TIMED_OUT));
        assertThat(dht.now() - start).isEqualTo(TimeUnit.SECONDS.toNanos(4));
        assertThat(b.rpc.stats().retries()).isEqualTo(3);
        assertThat(b.rpc.stats().timeouts()).isEqualTo(1);
    }

    @Test
    void aPeerIsAskedOnceWithoutRetries() {
        SimRpcNode b = dht.add(SimDht.ephemeral());
        dht.settle();
        long start = dht.now();
        long request = b.request(NOBODY, new OutgoingRequest(ECHO, null, null), RequestOptions.ONCE);
        assertThat(b.outcome(request)).isEqualTo(new RpcEvent.Failed(request, RequestFailure.TIMED_OUT));
        assertThat(dht.now() - start).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        assertThat(b.rpc.stats().retries()).isZero();
    }

    @Test
    void anAnswerFromElsewhereWithTheRightTidCountsAndAnUnknownTidDoesNot() {
        SimRpcNode b = dht.add(SimDht.ephemeral());
        dht.settle();
        long request = b.request(NOBODY, new OutgoingRequest(ECHO, null, null), RequestOptions.DEFAULT);
        Transmit sent = Objects.requireNonNull(b.rpc.pollTransmit());
        ByteBuffer payload = sent.payload();
        int tid = (payload.get(2) & 0xff) | (payload.get(3) & 0xff) << 8;
        for (int answered : List.of(tid + 1 & 0xffff, tid, tid)) {
            ResponseMessage response =
                    new ResponseMessage(answered, b.clientAddress(), null, null, List.of(), 0, VALUE);
            ByteBuffer datagram = ResponseMessage.CODEC.encode(response).asByteBuffer();
            assertThat(b.rpc.onDatagram(SocketId.SERVER, PeerAddress.of("10.8.8.8", 8), datagram, dht.now()))
                    .isTrue();
        }
        assertThat(b.reply(request).from()).isEqualTo(Peer.withoutId(PeerAddress.of("10.8.8.8", 8)));
        assertThat(b.events(RpcEvent.Replied.class)).hasSize(1);
    }

    @Test
    void aDelayedPingTakesItsTime() {
        SimRpcNode b = dht.add(SimDht.ephemeral());
        dht.settle();
        long delay = TimeUnit.MILLISECONDS.toNanos(2500);
        long ping = b.rpc.delayedPing(SimDht.BOOTSTRAP, delay, RequestOptions.DEFAULT, dht.now());
        dht.network.touch(b);
        assertThat(b.reply(ping).rttNanos()).isEqualTo(delay + TimeUnit.MILLISECONDS.toNanos(2));
        assertThatThrownBy(() -> b.rpc.delayedPing(
                        SimDht.BOOTSTRAP, TimeUnit.SECONDS.toNanos(11), RequestOptions.DEFAULT, dht.now()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDelayedPingAboveTheOthersLimitIsNotAnswered() {
        SimRpcNode strict = dht.add(
                SimDht.adaptive().maxPingDelayNanos(TimeUnit.SECONDS.toNanos(1)).build());
        SimRpcNode b = dht.add(SimDht.ephemeral());
        dht.settle();
        long ping =
                b.rpc.delayedPing(strict.serverAddress(), TimeUnit.SECONDS.toNanos(2), RequestOptions.ONCE, dht.now());
        dht.network.touch(b);
        assertThat(b.outcome(ping)).isEqualTo(new RpcEvent.Failed(ping, RequestFailure.TIMED_OUT));
    }

    /** The page asks for this limit, the reference has none (dht-rpc.md §13). */
    @Test
    void delayedPingsThatWaitAreLimited() {
        Bytes delay = Bytes.fromHex("10270000"); // 10 s
        PeerAddress flooder = PeerAddress.of("10.7.7.7", 7);
        for (int tid = 0; tid < 2 * Responder.MAX_DELAYED_PINGS; tid++) {
            RequestMessage ping = new RequestMessage(tid, SimDht.BOOTSTRAP, null, null, true, 4, null, delay);
            ByteBuffer datagram = RequestMessage.CODEC.encode(ping).asByteBuffer();
            a.rpc.onDatagram(SocketId.SERVER, flooder, datagram, dht.now());
        }
        a.rpc.onTimeout(dht.now() + TimeUnit.SECONDS.toNanos(10));
        int answers = 0;
        for (Transmit sent = a.rpc.pollTransmit(); sent != null; sent = a.rpc.pollTransmit()) {
            answers += sent.to().equals(flooder) ? 1 : 0;
        }
        assertThat(answers).isEqualTo(Responder.MAX_DELAYED_PINGS);
    }

    @Test
    void aSessionEndsAllItsRequests() {
        a.onRequest(request -> a.rpc.reply(request, VALUE, ReplyOptions.BARE));
        SimRpcNode b = dht.add(SimDht.ephemeral());
        dht.settle();
        long session = b.rpc.openSession();
        RequestOptions grouped = RequestOptions.DEFAULT.withSession(session);
        OutgoingRequest echo = new OutgoingRequest(ECHO, null, null);
        long first = b.request(SimDht.BOOTSTRAP, echo, grouped);
        long second = b.request(NOBODY, echo, grouped);
        long other = b.request(SimDht.BOOTSTRAP, echo, RequestOptions.DEFAULT);
        b.run(rpc -> rpc.cancelSession(session, dht.now()));
        assertThat(b.outcome(first)).isEqualTo(new RpcEvent.Failed(first, RequestFailure.CANCELLED));
        assertThat(b.outcome(second)).isEqualTo(new RpcEvent.Failed(second, RequestFailure.CANCELLED));
        assertThat(b.reply(other).value()).isEqualTo(VALUE);
        dht.runSeconds(5); // their answers come late
        assertThat(b.events(RpcEvent.Failed.class)).hasSize(2);
        assertThat(b.rpc.stats().activeRequests()).isZero();
    }

    @Test
    void aRelayedRequestIsAnsweredByTheThirdNode() {
        SimRpcNode b = dht.add(SimDht.persistent());
        SimRpcNode c = dht.add(SimDht.ephemeral());
        dht.settle();
        a.onRequest(request -> a.rpc.relay(request, join(request.value(), "b"), b.serverAddress(), null));
        b.onRequest(request ->
                b.rpc.reply(request, join(request.value(), "c"), ReplyOptions.BARE.withTo(c.clientAddress())));
        long request =
                c.request(SimDht.BOOTSTRAP, new OutgoingRequest(ECHO, TARGET, Bytes.utf8("a")), RequestOptions.DEFAULT);
        Reply reply = c.reply(request);
        assertThat(reply.value()).isEqualTo(Bytes.utf8("abc"));
        assertThat(reply.from()).isEqualTo(Peer.at(b.serverAddress()));
        assertThat(reply.to()).isEqualTo(c.clientAddress());
    }

    @Test
    void nodesGivenByTheUserAreAskedInTheirOrder() {
        SimRpcNode b = dht.add(SimDht.persistent());
        dht.settle();
        List<PeerAddress> given = List.of(SimDht.BOOTSTRAP, b.serverAddress());
        SimRpcNode c = dht.prepare(
                "10.0.7.7",
                RpcConfig.builder()
                        .nodes(given)
                        .mode(RpcConfig.Mode.PERSISTENT)
                        .firewalled(false)
                        .build());
        c.run(rpc -> rpc.start(dht.now()));
        assertThat(addresses(c)).isEqualTo(given);
        dht.settle();
        assertThat(c.rpc.isPersistent()).isTrue();
        assertThat(c.findNode(a.rpc.tableId()).closestNodes()).contains(SimDht.BOOTSTRAP, b.serverAddress());
        assertThat(addresses(a)).contains(c.serverAddress());
        assertThat(addresses(b)).contains(c.serverAddress());
    }

    @Test
    void theListOfNodesLeavesOutTheNodeItselfAndHonoursItsLimit() {
        SimRpcNode b = dht.add(SimDht.persistent());
        SimRpcNode c = dht.add(SimDht.persistent());
        dht.settle();
        c.findNode(b.rpc.tableId());
        assertThat(addresses(c)).containsExactlyInAnyOrder(SimDht.BOOTSTRAP, b.serverAddress());
        assertThat(c.rpc.nodes(0)).isEmpty();
        assertThat(c.rpc.nodes(1)).hasSize(1);
        assertThat(c.rpc.nodes(100)).hasSize(2);
    }

    @Test
    void aNodeThatTheFilterRefusesNeverGetsIntoTheTable() {
        SimRpcNode b = dht.add(SimDht.persistent());
        dht.settle();
        SimRpcNode picky = dht.add(SimDht.adaptive()
                .filter(address -> !address.equals(b.serverAddress()))
                .build());
        dht.settle();
        picky.reply(picky.ping(b.serverAddress()));
        picky.findNode(b.rpc.tableId());
        assertThat(addresses(picky)).containsExactly(SimDht.BOOTSTRAP);
    }

    @Test
    void requestsToIpv6AreRefused() {
        assertThatThrownBy(() -> a.ping(PeerAddress.of("::1", 1))).isInstanceOf(IllegalStateException.class);
        assertThat(a.rpc.onDatagram(
                        SocketId.SERVER, PeerAddress.of("::1", 1), ByteBuffer.wrap(new byte[] {3, 4}), dht.now()))
                .isFalse();
    }

    @Test
    void moreRequestsThanTheLimitFailAtOnce() {
        SimRpcNode b = dht.add(SimDht.ephemeral());
        dht.settle();
        int inUse = b.rpc.stats().activeRequests();
        for (int i = inUse; i < RpcNode.MAX_REQUESTS; i++) {
            b.ping(NOBODY);
        }
        long tooMany = b.ping(NOBODY);
        assertThat(b.outcome(tooMany)).isEqualTo(new RpcEvent.Failed(tooMany, RequestFailure.OVERLOADED));
        assertThat(b.rpc.stats().activeRequests()).isEqualTo(RpcNode.MAX_REQUESTS);
    }

    private static List<PeerAddress> addresses(SimRpcNode node) {
        return node.rpc.nodes(Integer.MAX_VALUE).stream().map(Peer::address).toList();
    }

    private static Bytes join(@Nullable Bytes value, String more) {
        return Bytes.concat(value == null ? Bytes.EMPTY : value, Bytes.utf8(more));
    }
}
