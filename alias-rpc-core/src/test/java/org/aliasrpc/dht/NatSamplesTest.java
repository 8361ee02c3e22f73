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

    private static PeerAddress peer(int number) {
        return PeerAddress.of("10.0.0." + number, 1);
    }
}
