package org.aliasrpc.spring.event;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Something happened in alias registration: published as a Spring application event, in order for each connection and
 * each attempt, on a thread of its own. A listener that throws or blocks delays later events and nothing else.
 *
 * <p>Texts in it come from the network: escape control characters before they go to a terminal or a log.
 */
public sealed interface AliasRpcEvent
        permits AliasRpcClientEvent,
                AliasRpcServerEvent,
                AliasRpcRegistryEvent,
                AliasRpcStoreEvent,
                AliasRpcMetricsEvent {
    /** Of the connection on the server's side, of the attempt on the client's; the two are unrelated. */
    UUID uid();

    /** When it happened, by this machine's clock. */
    Instant occurredAt();

    /** Its name in the Node reference, such as {@code alias-success}. */
    String type();

    /** Its own values by name, as texts, booleans and numbers; public keys in z-base-32. Never a secret. */
    Map<String, Object> fields();
}
