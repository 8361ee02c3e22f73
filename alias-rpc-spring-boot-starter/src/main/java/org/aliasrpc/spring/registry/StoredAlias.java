package org.aliasrpc.spring.registry;

/**
 * An alias as a store keeps it.
 *
 * @param entry what the world sees
 * @param expiryTold whether the event of its expiry is out; it is raised once, and may be later than the deadline
 */
public record StoredAlias(AliasEntry entry, boolean expiryTold) {}
