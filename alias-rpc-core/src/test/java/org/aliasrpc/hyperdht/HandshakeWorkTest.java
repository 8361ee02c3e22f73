package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Few steps of handshakes are done within the turn, many are handed out. */
class HandshakeWorkTest {
    private final HyperDhtNode node = new HyperDhtNode(
            HyperDhtConfig.builder(SimPeer.keyPair(1))
                    .offloadHandshakes(true)
                    .handshakeStepsOnLoop(4)
                    .build(),
            new Random(1));
    private int delivered;

    private void compute(int steps) {
        for (int i = 0; i < steps; i++) {
            node.core.compute((task, nowNanos) -> delivered++, () -> {
                throw new StackOverflowError("thrown by a test"); // a failure is a result, whatever it is
            });
        }
    }

    private List<HandshakeTask> handedOut() {
        List<HandshakeTask> tasks = new ArrayList<>();
        for (HyperDhtEvent event = node.pollEvent(); event != null; event = node.pollEvent()) {
            if (event instanceof HyperDhtEvent.HandshakeWork work) {
                tasks.add(work.task());
            }
        }
        return tasks;
    }

    @Test
    void whatIsTooMuchForATurnGoesToWorkersAndSoDoesWhatComesWhileTheyAreBusy() {
        node.core.now(1);
        compute(10);
        assertThat(delivered).isEqualTo(4);
        List<HandshakeTask> work = handedOut();
        assertThat(work).hasSize(6);

        node.core.now(2);
        compute(1); // not before those that came before
        assertThat(delivered).isEqualTo(4);
        work.addAll(handedOut());
        assertThat(work).hasSize(7);

        for (HandshakeTask task : work) {
            task.run();
            node.onHandshakeDone(task, 3);
        }
        assertThat(delivered).isEqualTo(11);
        compute(5);
        assertThat(delivered).isEqualTo(15);
        assertThat(handedOut()).hasSize(1);
    }
}
