package org.aliasrpc.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.aliasrpc.encoding.Bytes;
import tools.jackson.databind.JsonNode;

/**
 * A script of vectors: frames that come in, and in between what the owner does, which the script says in prose and the test in
 * actions, in order.
 *
 * @param <H> what the script is played to
 */
public abstract class VectorScript<H extends VectorScript.Harness> {
    /** Something with frames in and out. */
    public interface Harness {
        /** A frame arrives. */
        void receive(Bytes frame);

        /** Lets it do all that it can. */
        void drain();

        /** The frames that came out since the last call. */
        List<Bytes> takeFrames();
    }

    protected final H harness;
    private final Queue<Consumer<H>> actions = new ArrayDeque<>();
    private int unlistedAction = -1;

    protected VectorScript(H harness) {
        this.harness = harness;
    }

    /** The next thing the owner does. */
    protected final void add(Consumer<H> action) {
        actions.add(action);
    }

    /** The same, where the script does not list the outputs. */
    protected final void addUnlisted(Consumer<H> action) {
        unlistedAction = actions.size();
        add(action);
    }

    /** Forgets the actions so far. */
    protected final void clear() {
        actions.clear();
    }

    /** Plays the script; every action must have its place. */
    public final void run(JsonNode script) {
        int action = 0;
        for (JsonNode step : Vectors.elements(Vectors.field(script, "steps"))) {
            String what = Vectors.text(script, "name") + ": " + step;
            if (Vectors.has(step, "recv")) {
                harness.receive(Vectors.bytes(step, "recv"));
            } else {
                Consumer<H> next = actions.poll();
                assertThat(next).as(what).isNotNull();
                next.accept(harness);
                harness.drain();
                if (action++ == unlistedAction) {
                    harness.takeFrames();
                }
            }
            compare(Vectors.field(step, "expect"), what);
        }
        assertThat(actions).as("actions left").isEmpty();
    }

    /** Compares what has come out with what the script expects. */
    protected abstract void compare(JsonNode expected, String what);
}
