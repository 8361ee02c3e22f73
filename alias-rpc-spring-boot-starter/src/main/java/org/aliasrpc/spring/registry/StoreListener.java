package org.aliasrpc.spring.registry;

import java.time.Duration;
import org.aliasrpc.spring.event.AliasRpcStoreEvent;

/** Is told what a store does. Called on the store's own threads; must not block. */
public interface StoreListener {
    /** Hears nothing. */
    StoreListener NONE = new StoreListener() {};

    /**
     * An operation on files or a database has ended.
     *
     * @param operation which one, of a few
     * @param outcome {@code success}, {@code error}, {@code timeout} or {@code rejected}
     * @param duration how long it took
     */
    default void onOperation(String operation, String outcome, Duration duration) {}

    /**
     * Something happened that people should know.
     *
     * @param event what it is
     */
    default void onEvent(AliasRpcStoreEvent event) {}
}
