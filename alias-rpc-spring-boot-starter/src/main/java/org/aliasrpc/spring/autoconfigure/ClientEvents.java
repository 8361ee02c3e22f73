package org.aliasrpc.spring.autoconfigure;

import java.time.Clock;
import org.aliasrpc.AliasClientEvent;
import org.aliasrpc.spring.event.AliasRpcClientEvent;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.registration.AliasRegistrations;
import org.springframework.beans.factory.ObjectProvider;

/** Publishes what a client reports, and has a lost connection answered by an attempt. */
final class ClientEvents implements AliasClientEvent.Listener {
    private final String server;
    private final AliasRpcEventPublisher publisher;
    private final ObjectProvider<AliasRegistrations> registrations;
    private final Clock clock = Clock.systemUTC();

    /**
     * @param server the server's name in the configuration
     * @param publisher of the events
     * @param registrations made after the clients
     */
    ClientEvents(String server, AliasRpcEventPublisher publisher, ObjectProvider<AliasRegistrations> registrations) {
        this.server = server;
        this.publisher = publisher;
        this.registrations = registrations;
    }

    @Override
    public void onEvent(AliasClientEvent event) {
        publisher.publish(AliasRpcClientEvent.of(server, event, clock.instant()));
    }

    @Override
    public void onConnectionLost() {
        registrations.ifAvailable(all -> all.connectionLost(server));
    }
}
