package org.aliasrpc.spring.event;

import java.time.Instant;
import org.aliasrpc.crypto.PublicKey;

/**
 * The alias server is announced: a client that starts now finds it. Not an event of the reference.
 *
 * @param occurredAt when, by this machine's clock
 * @param publicKey what clients need
 */
public record AliasRpcServerListeningEvent(Instant occurredAt, PublicKey publicKey) {}
