package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import org.aliasrpc.spring.event.AliasRpcEventPublisher;
import org.aliasrpc.spring.event.AliasRpcStoreEvent;
import org.aliasrpc.spring.registry.StoreListener;
import org.springframework.beans.factory.ObjectProvider;

/** Publishes what a store reports. */
final class StoreEvents implements StoreListener {
    private final AliasRpcEventPublisher events;

    StoreEvents(AliasRpcEventPublisher events) {
        this.events = events;
    }

    @Override
    public void onEvent(AliasRpcStoreEvent event) {
        events.publish(event);
    }

    /** All listeners as one. */
    static StoreListener all(ObjectProvider<StoreListener> listeners) {
        List<StoreListener> all = listeners.orderedStream().toList();
        return new StoreListener() {
            @Override
            public void onOperation(String operation, String outcome, Duration duration) {
                all.forEach(listener -> listener.onOperation(operation, outcome, duration));
            }

            @Override
            public void onEvent(AliasRpcStoreEvent event) {
                all.forEach(listener -> listener.onEvent(event));
            }
        };
    }
}
