package org.aliasrpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;
import static org.aliasrpc.testing.Waiting.await;
import static org.aliasrpc.testing.Waiting.awaitQuietly;
import static org.aliasrpc.testing.Waiting.failureOf;
import static org.aliasrpc.testing.Waiting.isStuck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.testing.Inbox;
import org.aliasrpc.testing.ListeningSwarm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections and swarms on a local DHT. */
@Timeout(120)
class PeerConnectionTest {
    private static final Random RANDOM = new Random(17);

    private static LocalTestnet testnet;
    private static HyperDht serverNode;
    private static HyperDht clientNode;

    @BeforeAll
    static void start() throws Exception {
        testnet = LocalTestnet.start(3);
        serverNode = testnet.newNode();
        clientNode = testnet.newNode();
    }

    @AfterAll
    static void close() {
        clientNode.close();
        serverNode.close();
        testnet.close();
    }

    @Test
    void bothEndsKnowEachOtherAndTalk() throws Exception {
        try (ListeningSwarm service = listening();
                PeerConnection ours = clientNode.connect(service.publicKey())) {
            Inbox ourInbox = Inbox.of(ours);
            ours.send(utf8("hello")).toCompletableFuture().get(PATIENCE_SECONDS, SECONDS);
            PeerConnection theirs = service.next();
            Inbox theirInbox = Inbox.of(theirs);
            theirs.send(utf8("welcome")).toCompletableFuture().get(PATIENCE_SECONDS, SECONDS);

            assertThat(theirInbox.messages.poll(PATIENCE_SECONDS, SECONDS)).isEqualTo(Bytes.utf8("hello"));
            assertThat(ourInbox.messages.poll(PATIENCE_SECONDS, SECONDS)).isEqualTo(Bytes.utf8("welcome"));
            assertThat(ours.isInitiator()).isTrue();
            assertThat(theirs.isInitiator()).isFalse();
            assertThat(ours.handshakeHash().length()).isEqualTo(64);
            assertThat(ours.handshakeHash()).isEqualTo(theirs.handshakeHash());
            assertThat(theirs.remotePublicKey()).isEqualTo(ours.publicKey());
            assertThat(ours.remotePublicKey()).isEqualTo(theirs.publicKey());
            assertThat(theirs.remoteAddress().getAddress().isLoopbackAddress()).isTrue();
            assertThat(service.swarm.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void largeMessagesArriveWholeAndInOrder() throws Exception {
        try (ListeningSwarm service = listening();
                PeerConnection ours = clientNode.connect(service.publicKey())) {
            PeerConnection theirs = service.next();
            Inbox inbox = Inbox.of(theirs);
            List<Bytes> sent = new ArrayList<>();
            for (int size : new int[] {1, 70_000, 5_000_000, 3, 16_777_198}) {
                byte[] content = new byte[size];
                RANDOM.nextBytes(content);
                sent.add(Bytes.wrap(content));
                ours.send(ByteBuffer.wrap(content)).toCompletableFuture().get(PATIENCE_SECONDS, SECONDS);
            }

            for (Bytes expected : sent) {
                assertThat(Objects.equals(inbox.messages.poll(PATIENCE_SECONDS, SECONDS), expected))
                        .as("message of %d bytes", expected.length())
                        .isTrue();
            }
            assertThatThrownBy(() -> ours.send(ByteBuffer.allocate(16_777_199)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aReceiverThatBlocksMakesTheSenderWait() throws Exception {
        try (ListeningSwarm service = listening();
                PeerConnection ours = clientNode.connect(service.publicKey())) {
            PeerConnection theirs = service.next();
            CountDownLatch release = new CountDownLatch(1);
            AtomicLong received = new AtomicLong();
            theirs.receive(message -> {
                awaitQuietly(release);
                received.addAndGet(message.remaining());
            });

            int sent = 0;
            CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
            int tooMany = 1000;
            while (sent < tooMany && !isStuck(last)) {
                last = ours.send(ByteBuffer.allocate(64 << 10)).toCompletableFuture();
                sent++;
            }

            assertThat(sent).isLessThan(tooMany);
            release.countDown();
            assertThat(last).succeedsWithin(PATIENCE);
            long expected = (long) sent << 16;
            await().until(() -> received.get() == expected);
        }
    }

    @Test
    void anEndFollowsEverythingBeforeAndClosesBothEnds() throws Exception {
        try (ListeningSwarm service = listening();
                PeerConnection ours = clientNode.connect(service.publicKey())) {
            PeerConnection theirs = service.next();
            Inbox inbox = Inbox.of(theirs);
            Inbox.of(ours);
            ours.send(utf8("last words")).toCompletableFuture().get(PATIENCE_SECONDS, SECONDS);

            ours.end();

            assertThat(inbox.messages.poll(PATIENCE_SECONDS, SECONDS)).isEqualTo(Bytes.utf8("last words"));
            assertThat(inbox.ended.await(PATIENCE_SECONDS, SECONDS)).isTrue();
            assertThat(theirs.closed().toCompletableFuture()).succeedsWithin(PATIENCE);
            assertThat(ours.closed().toCompletableFuture()).succeedsWithin(PATIENCE);
            assertThat(failureOf(ours.send(utf8("too late")).toCompletableFuture()))
                    .isInstanceOf(AliasRpcException.ConnectionLost.class);
        }
    }

    @Test
    void aCloseIsAResetForTheOtherEnd() throws Exception {
        try (ListeningSwarm service = listening()) {
            PeerConnection ours = clientNode.connect(service.publicKey());
            PeerConnection theirs = service.next();

            ours.close();

            assertThat(ours.closed().toCompletableFuture()).succeedsWithin(PATIENCE);
            assertThat(failureOf(theirs.closed().toCompletableFuture()))
                    .isInstanceOf(AliasRpcException.ConnectionLost.class)
                    .hasMessage("connection reset by peer");
            await().until(() -> service.swarm.connectionCount() == 0);
        }
    }

    @Test
    void aConnectionHasOneReceiver() throws Exception {
        try (ListeningSwarm service = listening();
                PeerConnection ours = clientNode.connect(service.publicKey())) {
            Inbox.of(ours);

            assertThatThrownBy(() -> Inbox.of(ours)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whoeverIsRejectedByTheFirewallSeesNoConnection() throws Exception {
        KeyPair friend = KeyPair.generate(RANDOM);
        Hyperswarm guarded = Hyperswarm.builder(serverNode, KeyPair.generate(RANDOM))
                .firewall(remote -> !remote.equals(friend.publicKey()))
                .build();
        try (ListeningSwarm service = new ListeningSwarm(guarded)) {
            CompletableFuture<PeerConnection> stranger =
                    clientNode.connectAsync(guarded.publicKey()).toCompletableFuture();
            PeerConnection welcome = clientNode.connect(guarded.publicKey(), friend);

            assertThat(service.next().remotePublicKey()).isEqualTo(friend.publicKey());
            assertThat(failureOf(stranger))
                    .isInstanceOf(AliasRpcException.ConnectionFailed.class)
                    .hasMessageStartingWith("PEER_CONNECTION_FAILED");
            assertThat(service.connections).isEmpty();
            welcome.close();
        }
    }

    @Test
    void aSecondConnectionInUseReplacesTheFirst() throws Exception {
        KeyPair restarted = KeyPair.generate(RANDOM);
        try (ListeningSwarm service = listening();
                PeerConnection first = clientNode.connect(service.publicKey(), restarted)) {
            PeerConnection firstThere = service.next();
            exchange(first, firstThere);

            try (PeerConnection second = clientNode.connect(service.publicKey(), restarted)) {
                assertThat(failureOf(firstThere.closed().toCompletableFuture())).hasMessage("Duplicate connection");
                assertThat(failureOf(first.closed().toCompletableFuture()))
                        .isInstanceOf(AliasRpcException.ConnectionLost.class);
                exchange(second, service.next());
                assertThat(service.swarm.connectionCount()).isEqualTo(1);
            }
        }
    }

    @Test
    void severalConnectionsOfOneKeyWhereTheSwarmAllowsThem() throws Exception {
        Hyperswarm open = Hyperswarm.builder(serverNode, KeyPair.generate(RANDOM))
                .connectionsPerPeer(2)
                .build();
        KeyPair shared = KeyPair.generate(RANDOM);
        try (ListeningSwarm service = new ListeningSwarm(open);
                PeerConnection first = clientNode.connect(open.publicKey(), shared);
                PeerConnection second = clientNode.connect(open.publicKey(), shared)) {
            exchange(first, service.next());
            exchange(second, service.next());
            assertThat(open.connectionCount()).isEqualTo(2);
        }
    }

    @Test
    void oneKeyIsListenedOnOnce() throws Exception {
        try (ListeningSwarm service = listening()) {
            service.swarm.listen(); // again: nothing happens
            KeyPair keyPair = KeyPair.generate(RANDOM);
            try (Hyperswarm one = Hyperswarm.create(serverNode, keyPair);
                    Hyperswarm other = Hyperswarm.create(serverNode, keyPair)) {
                one.listen();
                assertThatThrownBy(other::listen).isInstanceOf(AliasRpcException.ListenFailed.class);
            }
        }
    }

    @Test
    void aClosedSwarmIsNotFoundAndItsKeyIsFree() throws Exception {
        KeyPair keyPair = KeyPair.generate(RANDOM);
        Hyperswarm swarm = Hyperswarm.create(serverNode, keyPair);
        ListeningSwarm service = new ListeningSwarm(swarm);
        PeerConnection ours = clientNode.connect(swarm.publicKey());
        service.next();

        swarm.close();

        assertThat(failureOf(ours.closed().toCompletableFuture())).isInstanceOf(AliasRpcException.ConnectionLost.class);
        assertThat(failureOf(clientNode.connectAsync(swarm.publicKey()).toCompletableFuture()))
                .isInstanceOfAny(AliasRpcException.PeerNotFound.class, AliasRpcException.ConnectionFailed.class);
        assertThat(failureOf(swarm.listenAsync().toCompletableFuture())).isInstanceOf(AliasRpcException.Closed.class);
        try (ListeningSwarm again = new ListeningSwarm(Hyperswarm.create(serverNode, keyPair));
                PeerConnection second = clientNode.connect(swarm.publicKey())) {
            exchange(second, again.next());
        }
    }

    @Test
    void aConnectionThatNobodyTakesIsClosed() throws Exception {
        try (Hyperswarm swarm = Hyperswarm.create(serverNode, KeyPair.generate(RANDOM))) {
            swarm.listen();

            // It is broken at once, which the client may see before it is open, or after.
            CompletableFuture<Void> closed = clientNode
                    .connectAsync(swarm.publicKey())
                    .thenCompose(PeerConnection::closed)
                    .toCompletableFuture();

            assertThat(Failures.unwrapped(failureOf(closed)))
                    .isInstanceOfAny(AliasRpcException.ConnectionLost.class, AliasRpcException.ConnectionFailed.class);
        }
    }

    private static void exchange(PeerConnection one, PeerConnection other) throws Exception {
        Inbox oneInbox = Inbox.of(one);
        Inbox otherInbox = Inbox.of(other);
        one.send(utf8("ping")).toCompletableFuture().get(PATIENCE_SECONDS, SECONDS);
        assertThat(otherInbox.messages.poll(PATIENCE_SECONDS, SECONDS)).isEqualTo(Bytes.utf8("ping"));
        other.send(utf8("pong")).toCompletableFuture().get(PATIENCE_SECONDS, SECONDS);
        assertThat(oneInbox.messages.poll(PATIENCE_SECONDS, SECONDS)).isEqualTo(Bytes.utf8("pong"));
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ListeningSwarm listening() throws InterruptedException {
        return new ListeningSwarm(Hyperswarm.create(serverNode, KeyPair.generate(RANDOM)));
    }
}
