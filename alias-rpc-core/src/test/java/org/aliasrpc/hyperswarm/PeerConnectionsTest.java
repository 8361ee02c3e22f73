package org.aliasrpc.hyperswarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.aliasrpc.crypto.PublicKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerConnectionsTest {
    private static final PublicKey LOW = key(1);
    private static final PublicKey OWN = key(100);
    private static final PublicKey HIGH = key(200); // greater only if bytes are unsigned

    private final PeerConnections<Peer> swarm = new PeerConnections<>(OWN, 1);

    @Test
    void theFirstConnectionOfAKeyIsAccepted() {
        Peer first = new Peer(LOW);

        swarm.onIncoming(first);

        assertThat(actions(swarm)).containsExactly(new SwarmAction.Accept<>(first));
        assertThat(swarm.openCount()).isEqualTo(1);
    }

    @Test
    void aDuplicateOfTheLesserKeyIsRefusedAndTheExistingOneProbed() {
        Peer existing = accepted(new Peer(LOW));
        Peer second = new Peer(LOW);

        swarm.onIncoming(second);

        assertThat(actions(swarm))
                .containsExactly(new SwarmAction.Probe<>(existing), new SwarmAction.Destroy<>(second));
        swarm.onClosed(second);
        assertThat(swarm.openCount()).isEqualTo(1);
    }

    @Test
    void aDuplicateOfTheGreaterKeyWaitsUntilTheExistingOneHasClosed() {
        Peer existing = accepted(new Peer(HIGH));
        Peer second = new Peer(HIGH);

        swarm.onIncoming(second);
        assertThat(actions(swarm)).containsExactly(new SwarmAction.Destroy<>(existing));

        swarm.onClosed(existing);
        assertThat(actions(swarm)).containsExactly(new SwarmAction.Accept<>(second));
        assertThat(swarm.openCount()).isEqualTo(1);
    }

    @Test
    void aConnectionInUseIsReplacedWhoeverHasTheGreaterKey() {
        Peer existing = accepted(new Peer(LOW));
        existing.used = true; // its peer has restarted, or it would not connect again

        Peer second = new Peer(LOW);
        swarm.onIncoming(second);
        assertThat(actions(swarm)).containsExactly(new SwarmAction.Destroy<>(existing));

        swarm.onClosed(existing);
        assertThat(actions(swarm)).containsExactly(new SwarmAction.Accept<>(second));
    }

    @Test
    void bothEndsKeepTheConnectionMadeByTheGreaterKeyWhenBothConnectAtOnce() {
        // Ours to HIGH is an attempt; HIGH's arrives: theirs survives here.
        Peer ours = new Peer(HIGH);
        assertThat(swarm.onOutgoing(ours)).isTrue();
        Peer theirs = new Peer(HIGH);
        swarm.onIncoming(theirs);
        assertThat(actions(swarm)).containsExactly(new SwarmAction.Destroy<>(ours));

        // At the other end, whose key is greater, ours is the one that arrives: refused.
        PeerConnections<Peer> other = new PeerConnections<>(HIGH, 1);
        Peer their = new Peer(OWN);
        assertThat(other.onOutgoing(their)).isTrue();
        other.onOutgoingOpen(their);
        Peer our = new Peer(OWN);
        other.onIncoming(our);
        assertThat(actions(other)).containsExactly(new SwarmAction.Probe<>(their), new SwarmAction.Destroy<>(our));
    }

    @Test
    void noAttemptIsMadeBesideAConnectionOrAnotherAttempt() {
        accepted(new Peer(LOW));
        assertThat(swarm.onOutgoing(new Peer(LOW))).isFalse();

        Peer attempt = new Peer(HIGH);
        assertThat(swarm.onOutgoing(attempt)).isTrue();
        assertThat(swarm.onOutgoing(new Peer(HIGH))).isFalse();
        assertThat(swarm.openCount()).isEqualTo(1);

        swarm.onOutgoingOpen(attempt);
        assertThat(swarm.openCount()).isEqualTo(2);
        swarm.onClosed(attempt);
        assertThat(swarm.onOutgoing(new Peer(HIGH))).isTrue();
    }

    @Test
    void aConnectionThatClosesWhileItWaitsIsForgotten() {
        Peer existing = accepted(new Peer(HIGH));
        Peer second = new Peer(HIGH);
        swarm.onIncoming(second);
        actions(swarm);

        swarm.onClosed(second);
        swarm.onClosed(existing);

        assertThat(actions(swarm)).isEmpty();
        assertThat(swarm.openCount()).isZero();
        accepted(new Peer(HIGH));
    }

    @Test
    void onlyTheNewestOfManyWaits() {
        Peer existing = accepted(new Peer(HIGH));
        Peer second = new Peer(HIGH);
        Peer third = new Peer(HIGH);
        swarm.onIncoming(second);
        swarm.onIncoming(third);
        assertThat(actions(swarm))
                .containsExactly(
                        new SwarmAction.Destroy<>(existing),
                        new SwarmAction.Destroy<>(second),
                        new SwarmAction.Destroy<>(existing));

        swarm.onClosed(second);
        swarm.onClosed(existing);
        assertThat(actions(swarm)).containsExactly(new SwarmAction.Accept<>(third));
    }

    @Test
    void theLateCloseOfAReplacedConnectionLeavesItsSuccessorAlone() {
        Peer existing = accepted(new Peer(HIGH));
        Peer second = new Peer(HIGH);
        swarm.onIncoming(second);
        swarm.onClosed(existing);
        actions(swarm);

        swarm.onClosed(existing);

        assertThat(swarm.openCount()).isEqualTo(1);
        assertThat(swarm.onOutgoing(new Peer(HIGH))).isFalse();
    }

    @Test
    void severalConnectionsOfOneKeyLiveSideBySideWhereAllowed() {
        PeerConnections<Peer> service = new PeerConnections<>(OWN, 3);
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Peer peer = new Peer(LOW);
            peer.lastReadNanos = 10L - i;
            peers.add(peer);
            service.onIncoming(peer);
            assertThat(actions(service)).containsExactly(new SwarmAction.Accept<>(peer));
        }

        Peer fourth = new Peer(LOW);
        service.onIncoming(fourth);

        assertThat(actions(service))
                .containsExactly(new SwarmAction.Destroy<>(peers.get(2)), new SwarmAction.Accept<>(fourth));
        assertThat(service.openCount()).isEqualTo(3);
        service.onClosed(peers.get(2));
        assertThat(service.openCount()).isEqualTo(3);
        assertThat(service.onOutgoing(new Peer(LOW))).isFalse(); // attempts look at the key alone
    }

    @Test
    void aDestroyedSwarmDestroysWhatItHasAndWhatComes() {
        Peer first = accepted(new Peer(LOW));
        Peer attempt = new Peer(HIGH);
        assertThat(swarm.onOutgoing(attempt)).isTrue();

        swarm.destroy();

        assertThat(actions(swarm))
                .containsExactlyInAnyOrder(new SwarmAction.Destroy<>(first), new SwarmAction.Destroy<>(attempt));
        assertThat(swarm.openCount()).isZero();
        swarm.onClosed(first);
        Peer late = new Peer(LOW);
        swarm.onIncoming(late);
        assertThat(actions(swarm)).containsExactly(new SwarmAction.Destroy<>(late));
        assertThat(swarm.onOutgoing(new Peer(LOW))).isFalse();
    }

    @Test
    void atLeastOneConnectionIsAllowed() {
        assertThatThrownBy(() -> new PeerConnections<Peer>(OWN, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Whatever happens: no more than allowed are in use, all that was destroyed may close, and nothing is forgotten. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anySequenceKeepsTheNumberOfConnections(long seed) {
        Random random = new Random(seed);
        int perPeer = 1 + (int) (seed % 3);
        PeerConnections<Peer> swarm = new PeerConnections<>(OWN, perPeer);
        List<Peer> alive = new ArrayList<>();
        Set<Peer> inUse = new HashSet<>();
        for (int step = 0; step < 2000; step++) {
            PublicKey remote = random.nextBoolean() ? LOW : HIGH;
            switch (random.nextInt(4)) {
                case 0 -> {
                    Peer peer = new Peer(remote);
                    alive.add(peer);
                    swarm.onIncoming(peer);
                }
                case 1 -> {
                    Peer peer = new Peer(remote);
                    if (swarm.onOutgoing(peer)) {
                        alive.add(peer);
                        inUse.add(peer);
                        swarm.onOutgoingOpen(peer);
                    }
                }
                case 2 -> alive.forEach(peer -> peer.used |= random.nextInt(4) == 0);
                default -> {
                    if (!alive.isEmpty()) {
                        Peer closed = alive.remove(random.nextInt(alive.size()));
                        inUse.remove(closed);
                        swarm.onClosed(closed);
                    }
                }
            }
            for (SwarmAction<Peer> action : actions(swarm)) {
                if (action instanceof SwarmAction.Accept<Peer> accept) {
                    assertThat(alive).contains(accept.connection());
                    inUse.add(accept.connection());
                } else if (action instanceof SwarmAction.Destroy<Peer> destroy) {
                    destroy.connection().destroyed = true;
                }
            }
            for (PublicKey key : List.of(LOW, HIGH)) {
                assertThat(inUse.stream().filter(peer -> peer.remote.equals(key) && !peer.destroyed))
                        .hasSizeLessThanOrEqualTo(perPeer);
            }
        }
        alive.forEach(swarm::onClosed);
        assertThat(swarm.openCount()).isZero();
        assertThat(swarm.onOutgoing(new Peer(LOW))).isTrue();
        assertThat(swarm.onOutgoing(new Peer(HIGH))).isTrue();
    }

    private Peer accepted(Peer peer) {
        swarm.onIncoming(peer);
        assertThat(actions(swarm)).containsExactly(new SwarmAction.Accept<>(peer));
        return peer;
    }

    private static List<SwarmAction<Peer>> actions(PeerConnections<Peer> from) {
        List<SwarmAction<Peer>> all = new ArrayList<>();
        for (SwarmAction<Peer> action = from.pollAction(); action != null; action = from.pollAction()) {
            all.add(action);
        }
        return all;
    }

    private static PublicKey key(int fill) {
        byte[] bytes = new byte[PublicKey.LENGTH];
        Arrays.fill(bytes, (byte) fill);
        return PublicKey.of(bytes);
    }

    private static final class Peer implements SwarmConnection {
        private final PublicKey remote;
        private boolean used;
        private boolean destroyed;
        private long lastReadNanos;

        Peer(PublicKey remote) {
            this.remote = remote;
        }

        @Override
        public PublicKey remotePublicKey() {
            return remote;
        }

        @Override
        public boolean hasReadAndWritten() {
            return used;
        }

        @Override
        public long lastReadNanos() {
            return lastReadNanos;
        }
    }
}
