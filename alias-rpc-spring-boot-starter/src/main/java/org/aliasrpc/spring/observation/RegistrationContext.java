package org.aliasrpc.spring.observation;

import io.micrometer.observation.Observation;
import org.aliasrpc.AliasRegistration;

/** What is known of an attempt that is observed. */
public final class RegistrationContext extends Observation.Context {
    private final String server;
    private final AliasRegistration registration;
    private String outcome = "unknown";

    /**
     * @param server the server's name in the configuration
     * @param registration what is registered
     */
    public RegistrationContext(String server, AliasRegistration registration) {
        this.server = server;
        this.registration = registration;
    }

    /** The server's name in the configuration. */
    public String server() {
        return server;
    }

    /** What is registered. */
    public AliasRegistration registration() {
        return registration;
    }

    /** {@code success}, {@code updated}, the kind of failure, or {@code unknown} before the end. */
    public String outcome() {
        return outcome;
    }

    /**
     * @param end of the attempt
     */
    public void outcome(String end) {
        this.outcome = end;
    }
}
