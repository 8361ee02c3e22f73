package org.aliasrpc.spring.registry;

import java.util.Locale;
import org.aliasrpc.AliasRegistrar.Refusal;

/** Why our registry refuses, beside the text for the client: few kinds, for a metric's tag. */
public enum Refusals {
    /** The alias belongs to another key. */
    CONFLICT,
    /** The table is full. */
    LIMITED,
    /** The request breaks a rule. */
    INVALID,
    /** The table cannot be changed at the moment. */
    UNAVAILABLE;

    /** Carries the kind as the cause of a {@link Refusal}, whose message is all that the client sees. */
    private static final class Kind extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final Refusals refusal;

        Kind(Refusals refusal) {
            super(refusal.name(), null, false, false);
            this.refusal = refusal;
        }
    }

    /**
     * @param reason for the client
     */
    Refusal because(String reason) {
        Refusal refusal = new Refusal(reason);
        refusal.initCause(new Kind(this));
        return refusal;
    }

    /**
     * @param failure of a registrar
     * @return {@code conflict} or {@code limited} if our registry said so, else {@code error}
     */
    public static String outcome(Throwable failure) {
        return failure.getCause() instanceof Kind kind && kind.refusal != INVALID && kind.refusal != UNAVAILABLE
                ? kind.refusal.name().toLowerCase(Locale.ROOT)
                : "error";
    }
}
