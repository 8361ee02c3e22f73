package org.aliasrpc.alias;

import org.jspecify.annotations.Nullable;

/**
 * Decides about a request before it becomes a put: limits, and what a secret is good for. Called on the event loop:
 * decides at once and calls nothing back.
 */
@FunctionalInterface
public interface RequestGate {
    /** As the reference: with a right secret everything is allowed, a wrong one is answered at once (alias-rpc.md §4). */
    RequestGate OPEN =
            (registration, secretName) -> secretName == null ? new Verdict.Unauthorised(0, false) : Verdict.PASS;

    /**
     * @param registration what is asked for
     * @param secretName of the presented secret; null if it is wrong
     */
    Verdict decide(Registration registration, @Nullable String secretName);

    /** What becomes of a request. */
    sealed interface Verdict {
        /** Put it. */
        Verdict PASS = new Pass();

        /** It becomes a put. */
        record Pass() implements Verdict {}

        /**
         * Told the reason, at once; raises alias-error.
         *
         * @param reason for the client
         */
        record Refused(String reason) implements Verdict {}

        /**
         * The secret is right but not for this; told the reason, at once; raises alias-unauthorised, whose fields say who
         * wanted what.
         *
         * @param reason for the client
         */
        record Forbidden(String reason) implements Verdict {}

        /**
         * Told {@code Unauthorised}, as by the reference, but later; raises alias-unauthorised, at once.
         *
         * @param delayNanos how much later; 0 for at once
         * @param last whether the connection ends after this answer
         */
        record Unauthorised(long delayNanos, boolean last) implements Verdict {
            public Unauthorised {
                if (delayNanos < 0) {
                    throw new IllegalArgumentException("delay of " + delayNanos + " ns");
                }
            }
        }

        /**
         * Told nothing: the connection breaks, without an event of the request.
         *
         * @param reason for our own log
         */
        record CutOff(String reason) implements Verdict {}
    }
}
