package org.aliasrpc.spring.registration;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Keeps this application registered with its alias servers. Safe for use by many threads. */
public interface AliasRegistrations {
    /** Begins with a first attempt at once, and again after a stop; returns at once. Does nothing if begun already. */
    void start();

    /** Ends; no attempt begins any more. */
    void stop();

    /** Names of the servers in the configuration, in the order of {@link #status}. */
    default List<String> servers() {
        return status().stream().map(RegistrationStatus::server).toList();
    }

    /** How it goes, server by server. */
    List<RegistrationStatus> status();

    /** Asks for an attempt with every server now, whatever is scheduled. */
    void registerNow();

    /**
     * The pooled connection to a server broke, other than by our own doing.
     *
     * @param server its name in the configuration
     */
    void connectionLost(String server);

    /** Completes when each server has registered this application at least once. */
    CompletionStage<Void> registeredAsync();
}
