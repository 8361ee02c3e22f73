package org.aliasrpc.alias;

import org.aliasrpc.crypto.PublicKey;

/**
 * What a client asks the server to store.
 *
 * @param alias the name; any text
 * @param targetPublicKey the key it shall stand for
 * @param hostname any text
 * @param service any text
 */
public record Registration(String alias, PublicKey targetPublicKey, String hostname, String service) {}
