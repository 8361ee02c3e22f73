package org.aliasrpc.testing;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.aliasrpc.encoding.Bytes;

/** Randomness that was recorded: each {@link #nextBytes} takes the next of the given values, of exactly its length. */
public final class ScriptedRandom implements RandomGenerator {
    private final Queue<Bytes> values = new ArrayDeque<>();

    public ScriptedRandom(Bytes... values) {
        this.values.addAll(List.of(values));
    }

    @Override
    public void nextBytes(byte[] target) {
        Bytes value = values.remove();
        if (value.length() != target.length) {
            throw new AssertionError(target.length + " random bytes asked for, " + value.length() + " recorded");
        }
        value.copyTo(target, 0);
    }

    @Override
    public long nextLong() {
        throw new AssertionError("no number is recorded");
    }
}
