package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.aliasrpc.dht.PendingRequest.Ask;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.aliasrpc.net.SocketId;
import org.aliasrpc.net.Transmit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** dht-rpc.md §7. */
class PendingRequestsTest {
    private static final PeerAddress PEER = PeerAddress.of("192.0.2.1", 1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Queue<Transmit> transmits = new ArrayDeque<>();
    private final PendingRequests requests = new PendingRequests(transmits, new Random(1), null);

    PendingRequestsTest() {
        requests.open(0);
    }

    @Test
    void aRequestLeavesAtOnceAndItsRepetitionsAreIdentical() {
        PendingRequest request = add(0);
        assertThat(requests.nextTimeout()).isEqualTo(SECOND);
        assertThat(requests.pollDue(SECOND - 1)).isNull();
        assertThat(requests.pollDue(SECOND)).isSameAs(request);
        assertThat(requests.sendAgain(request, SECOND)).isTrue();
        assertThat(requests.nextTimeout()).isEqualTo(2 * SECOND);
        assertThat(transmits).hasSize(2);
        assertThat(transmits.remove()).isEqualTo(transmits.remove());
    }

    @Test
    void tidsCountUpAndSkipThoseInUse() {
        PendingRequest kept = add(0);
        Set<Integer> tids = new HashSet<>();
        int before = kept.tid;
        for (int i = 0; i < 65535; i++) {
            PendingRequest request = add(0);
            assertThat(request.tid).isEqualTo((before + 1) % 65536);
            before = request.tid;
            tids.add(request.tid);
            requests.cancel(request);
        }
        assertThat(tids).hasSize(65535).doesNotContain(kept.tid);
        assertThat(add(0).tid).isEqualTo((kept.tid + 1) % 65536); // the kept one's turn is passed over
    }

    @Test
    void onlyTheFirstResponseMatches() {
        PendingRequest request = add(0);
        assertThat(requests.match((request.tid + 1) % 65536, 0)).isNull();
        assertThat(requests.match(request.tid, 0)).isSameAs(request);
        assertThat(requests.match(request.tid, 0)).isNull();
        assertThat(requests.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aResponseToARequestThatIsNotSentYetIsForged() {
        fill();
        PendingRequest waiting = add(0);
        assertThat(requests.match(waiting.tid, 0)).isNull();
    }

    @Test
    void aFullWindowHoldsRequestsBackUntilTheNextDrain() {
        fill();
        PendingRequest first = add(0);
        PendingRequest second = add(0);
        assertThat(transmits).hasSize(CongestionWindow.MAX_PER_SLOT);
        transmits.clear();
        requests.drain(CongestionWindow.DRAIN_NANOS);
        assertThat(transmits.stream().map(Transmit::payload))
                .containsExactly(first.datagram.asByteBuffer(), second.datagram.asByteBuffer());
        assertThat(first.deadlineNanos).isEqualTo(CongestionWindow.DRAIN_NANOS + SECOND); // counts from the sending
    }

    @Test
    void noMoreThanTwoSlotsAreInTheAir() {
        fill();
        requests.drain(1);
        fill();
        requests.drain(2);
        transmits.clear();
        add(2);
        assertThat(transmits).isEmpty();
        requests.drain(3);
        assertThat(transmits).isEmpty();
        requests.drain(4); // the first slot is forgotten
        assertThat(transmits).hasSize(1);
    }

    @Test
    void anAnswerMakesRoomInTheSlot() {
        PendingRequest answered = add(0);
        for (int i = 1; i < CongestionWindow.MAX_PER_SLOT; i++) {
            add(0);
        }
        transmits.clear();
        requests.match(answered.tid, 0);
        add(0);
        assertThat(transmits).hasSize(1);
    }

    /** The reference gives the credit of a cancelled request back twice (dht-rpc.md §12.1). */
    @Test
    void aCancelledRequestMakesRoomOnceAndOneNeverSentNone() {
        PendingRequest sent = add(0);
        for (int i = 1; i < CongestionWindow.MAX_PER_SLOT; i++) {
            add(0);
        }
        PendingRequest waiting = add(0);
        transmits.clear();
        requests.cancel(waiting);
        requests.cancel(waiting);
        PendingRequest next = add(0);
        assertThat(transmits).isEmpty();
        requests.cancel(next);
        requests.cancel(sent);
        requests.cancel(sent);
        add(0);
        add(0);
        assertThat(transmits).hasSize(1);
    }

    @Test
    void aCancelledRequestThatWaitsIsNeverSent() {
        fill();
        PendingRequest waiting = add(0);
        requests.cancel(waiting);
        transmits.clear();
        requests.drain(1);
        assertThat(transmits).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyRequestEndsOnceAndTheTimersComeToRest(long seed) {
        Random random = new Random(seed);
        int made = 2000;
        int ended = 0;
        int added = 0;
        long now = 0;
        long nextDrain = CongestionWindow.DRAIN_NANOS;
        while (ended < made) {
            while (added < made && random.nextInt(4) != 0) {
                add(now);
                added++;
            }
            for (Transmit sent = transmits.poll(); sent != null; sent = transmits.poll()) {
                int tid = (sent.payload().get(0) & 0xff) | (sent.payload().get(1) & 0xff) << 8;
                if (random.nextInt(3) == 0 && requests.match(tid, now) != null) {
                    ended++;
                }
            }
            now = Math.min(Math.min(requests.nextTimeout(), nextDrain), now + SECOND);
            PendingRequest due;
            while ((due = requests.pollDue(now)) != null) {
                ended += requests.sendAgain(due, now) ? 0 : 1;
            }
            if (now >= nextDrain) {
                nextDrain += CongestionWindow.DRAIN_NANOS;
                requests.drain(now);
            }
        }
        assertThat(requests.size()).isZero();
        assertThat(requests.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        assertThat(requests.responses() + requests.timeouts()).isEqualTo(made);
    }

    @Test
    void adaptiveTimeoutsReplaceTheFixedOne() {
        PendingRequests adaptive = new PendingRequests(transmits, new Random(1), new AdaptiveTimeout(() -> 0));
        adaptive.open(0);
        PendingRequest first = request(adaptive.newTid(), 0);
        adaptive.add(first, 0);
        assertThat(adaptive.nextTimeout()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(250));
        adaptive.match(first.tid, TimeUnit.MILLISECONDS.toNanos(200));
        adaptive.add(request(adaptive.newTid(), SECOND), SECOND);
        assertThat(adaptive.nextTimeout()).isEqualTo(SECOND + TimeUnit.MILLISECONDS.toNanos(400)); // 200 + 2 · 100
    }

    @Test
    void theRoundTripTimesOfOnlySoManyPeersAreRemembered() {
        AdaptiveTimeout timeouts = new AdaptiveTimeout(() -> 0);
        for (int i = 0; i <= AdaptiveTimeout.MAX_PEERS; i++) {
            timeouts.record(PeerAddress.ipv4(i, 1), 100, 0);
        }
        assertThat(timeouts.size()).isEqualTo(AdaptiveTimeout.MAX_PEERS);
        assertThat(timeouts.known(PeerAddress.ipv4(0, 1), 0)).isNull();
        assertThat(timeouts.known(PeerAddress.ipv4(1, 1), 0)).isNotNull();
        assertThat(timeouts.known(PeerAddress.ipv4(1, 1), 11 * 60 * SECOND)).isNull(); // too old to mean anything
    }

    private void fill() {
        for (int i = 0; i < CongestionWindow.MAX_PER_SLOT; i++) {
            add(0);
        }
    }

    private PendingRequest add(long nowNanos) {
        PendingRequest request = request(requests.newTid(), nowNanos);
        requests.add(request, nowNanos);
        return request;
    }

    private static PendingRequest request(int tid, long nowNanos) {
        Ask ask = Ask.internal(Peer.withoutId(PEER), InternalCommand.PING, null, null, RequestOptions.DEFAULT);
        Bytes datagram = Bytes.copyOf((byte) tid, (byte) (tid >> 8));
        return new PendingRequest(tid, ask, SocketId.CLIENT, datagram, RequestOwner.NOBODY, nowNanos);
    }
}
