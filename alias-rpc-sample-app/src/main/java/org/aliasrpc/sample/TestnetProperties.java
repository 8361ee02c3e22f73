package org.aliasrpc.sample;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The local DHT of profile testnet.
 *
 * @param nodes how many
 * @param port UDP port of the first, 0 for any free one
 * @param host IPv4 address that all are bound to
 */
@ConfigurationProperties("alias-rpc.testnet")
record TestnetProperties(
        @DefaultValue("5") int nodes,
        @DefaultValue("0") int port,
        @DefaultValue("127.0.0.1") String host) {}
