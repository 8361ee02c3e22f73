package org.aliasrpc.spring.registration;

import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcClient;

/**
 * One server to register with.
 *
 * @param server its name in the configuration
 * @param client of that server
 * @param registration what to register there
 */
public record RegistrationTarget(String server, AliasRpcClient client, AliasRegistration registration) {}
