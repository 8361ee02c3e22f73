package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import org.aliasrpc.HyperDhtOptions;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The DHT node that carries all roles of this process.
 *
 * @param bootstrap nodes through which to join, as host:port. Empty means the public network's
 * @param host IPv4 address to bind to
 * @param port preferred UDP port: this or one of the next four, else any free one; 0 means any free one
 * @param transport kind of sockets: epoll where its native library is present, else nio, unless one of them is named
 * @param connectionKeepAlive time without a message after which an empty one is sent on a connection; 0 means never
 */
@ConfigurationProperties("alias-rpc.dht")
public record AliasRpcDhtProperties(
        @DefaultValue List<String> bootstrap,
        @DefaultValue("0.0.0.0") String host,
        @DefaultValue("49737") int port,
        @DefaultValue("auto") HyperDhtOptions.Transport transport,
        @DefaultValue("5s") Duration connectionKeepAlive) {}
