package org.aliasrpc.hyperdht;

import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.noise.HandshakeResult;
import org.aliasrpc.noise.HandshakeState;
import org.aliasrpc.noise.NoiseException;
import org.jspecify.annotations.Nullable;

/**
 * A step of a Noise handshake: half a millisecond of curve arithmetic on values of its own, which may run on any thread.
 * Everything else about the handshake stays on the node's loop.
 */
public final class HandshakeTask {
    private final Step step;
    private final Owner owner;
    private @Nullable Outcome outcome;
    private boolean failed;

    HandshakeTask(Owner owner, Step step) {
        this.owner = owner;
        this.step = step;
    }

    /** Does the arithmetic; to be called once. Never throws: a failure is part of the result. */
    public void run() {
        try {
            outcome = step.run();
        } catch (NoiseException | RuntimeException | Error e) {
            // Also of a key pair that its owner has closed: a step without an end would wait, and count, for ever.
            failed = true;
        }
    }

    /** What came of it, or null if the handshake failed. */
    @Nullable
    Outcome outcome() {
        if (outcome == null && !failed) {
            throw new IllegalStateException("task has not been run");
        }
        return outcome;
    }

    /** Hands the result to the part of the node that asked for it. */
    void deliver(long nowNanos) {
        owner.onHandshakeStep(this, nowNanos);
    }

    /** The arithmetic. */
    @FunctionalInterface
    interface Step {
        Outcome run() throws NoiseException;
    }

    /** The part of the node that waits for the result. */
    interface Owner {
        void onHandshakeStep(HandshakeTask task, long nowNanos);
    }

    /**
     * What a step gives.
     *
     * @param state the handshake, for the next step
     * @param bytes the message written, or the payload read
     * @param keys the connection's keys, after the last step
     */
    record Outcome(
            HandshakeState state, Bytes bytes, @Nullable HandshakeResult keys) {
        /** Wipes the secrets of a handshake that nobody waits for any more. */
        void discard() {
            state.close();
            if (keys != null) {
                keys.tx().close();
                keys.rx().close();
            }
        }
    }
}
