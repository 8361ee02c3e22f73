package org.aliasrpc.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import org.aliasrpc.net.PeerAddress;
import org.junit.jupiter.api.Test;

/** dht-rpc.md §9.3 and §9.5. */
class NatSamplesTest {
    private static final PeerAddress OWN = PeerAddress.of("203.0.113.1", 5);

    private final Queue<RpcEvent> events = new ArrayDeque<>();
    private static final PeerAddress MOVED = PeerAddress.of("2.2.2.2", 5);

    private final NatSamples samples = new NatSamples(2, events);

    @Test
    void onlyChangesAreReported() {
        samples.add(OWN);
        samples.add(OWN);
        assertThat(events).containsExactly(new RpcEvent.NatUpdate(OWN));
        samples.add(OWN.withPort(6));
        assertThat(events).endsWith(new RpcEvent.NatUpdate(OWN.withPort(0)));
    }

    /** So that whoever can make up many addresses cannot make up ours. */
    @Test
    void asManyNodesWithoutIdAreBelievedAsThereAreBootstrapNodesAndEachOnce() {
        samples.addWithoutId(peer(1), OWN);
        samples.addWithoutId(peer(1), OWN.withPort(6));
        assertThat(samples.address()).isEqualTo(OWN);
        samples.addWithoutId(peer(2), OWN);
        for (int i = 3; i < 30; i++) {
            samples.addWithoutId(peer(i), OWN.withPort(7));
        }
        assertThat(samples.address()).isEqualTo(OWN);
    }

    @Test
    void anotherSamplerTakesOverAndNodesWithoutIdAreBelievedAnew() {
        samples.addWithoutId(peer(1), OWN);
        NatSampler other = new NatSampler();
        other.add(OWN.withPort(9));
        samples.replace(other);
        assertThat(events).endsWith(new RpcEvent.NatUpdate(OWN.withPort(9)));
        samples.addWithoutId(peer(1), OWN);
        assertThat(samples.address()).isEqualTo(OWN.withPort(0));
    }

    @Test
    void nodesThatAgreeOnAnotherHostAreBelievedAtOnce() {
        for (int i = 0; i < 40; i++) {
            samples.add(OWN); // as over hours, every node twice an hour
        }
        for (int i = 1; i <= 10; i++) {
            samples.onAnswer(peer(i), OWN, 10);
        }
        for (int i = 1; i <= 7; i++) {
            samples.onAnswer(peer(i), MOVED, 10);
            assertThat(samples.address()).isEqualTo(OWN);
        }
        samples.onAnswer(peer(8), MOVED, 10);
        assertThat(samples.address()).isEqualTo(MOVED);
        assertThat(events).endsWith(new RpcEvent.NatUpdate(MOVED));
    }

    @Test
    void aFewNodesDoNotMoveUsHoweverOftenTheyAnswer() {
        for (int i = 1; i <= 12; i++) {
            samples.add(OWN);
            samples.onAnswer(peer(i), OWN, 12);
        }
        for (int i = 0; i < 1000; i++) {
            samples.onAnswer(peer(1 + i % 6), MOVED, 12);
        }
        assertThat(samples.address()).isEqualTo(OWN);
    }

    @Test
    void oneOfThreeKnownNodesDoesNotMoveUs() {
        samples.add(OWN);
        samples.onAnswer(peer(1), OWN, 3);
        samples.onAnswer(peer(2), MOVED, 3);
        samples.onAnswer(peer(2), MOVED, 3);
        assertThat(samples.address()).isEqualTo(OWN);
    }

    @Test
    void whatNodesSaidThatAreGoneDoesNotCount() {
        for (int i = 1; i <= 16; i++) {
            samples.add(OWN);
            samples.onAnswer(peer(i), OWN, 16);
        }
        for (int i = 1; i <= 4; i++) {
            samples.onAnswer(peer(i), MOVED, 4);
        }
        assertThat(samples.address()).isEqualTo(MOVED);
    }

    private static PeerAddress peer(int number) {
        return PeerAddress.of("10.0.0." + number, 1);
    }
}
