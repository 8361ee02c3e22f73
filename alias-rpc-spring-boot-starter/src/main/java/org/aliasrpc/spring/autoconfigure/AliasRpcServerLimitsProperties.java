package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasrpc.spring.limits.Rate;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What clients of the alias server may use up.
 *
 * @param connections number of connections that all clients together may have open at a time
 * @param connectionsPerPeer number of connections that one remote key may have open at a time
 * @param perPeerRate registrations of one remote key, as a number and a period
 * @param unauthorisedRate wrong secrets of one remote key and of one remote host, as a number and a period; then the key is
 *     refused for the rest of the period, and the host unless it has a right secret
 * @param unauthorisedDelay time that the answer to the first wrong secret of a period waits; each further one waits twice as
 *     long, up to 2 s
 * @param frameSize longest request: alias, hostname and service together
 * @param firstRequestTimeout time until a connection has to have shown a right secret; zero for any
 * @param idleTimeout time without a request after which a connection is closed; zero for any
 */
@ConfigurationProperties("alias-rpc.server.limits")
public record AliasRpcServerLimitsProperties(
        @DefaultValue("1024") int connections,
        @DefaultValue("16") int connectionsPerPeer,
        @DefaultValue("10/1m") Rate perPeerRate,
        @DefaultValue("5/1m") Rate unauthorisedRate,
        @DefaultValue("250ms") Duration unauthorisedDelay,
        @DefaultValue("64KB") DataSize frameSize,
        @DefaultValue("1m") Duration firstRequestTimeout,
        @DefaultValue("30m") Duration idleTimeout) {
    private static final String PREFIX = "alias-rpc.server.limits.";

    /** Stops the start if a value makes no sense. */
    void check() {
        Checks.between(PREFIX + "connections", connections, 1, 1_000_000);
        Checks.between(PREFIX + "connections-per-peer", connectionsPerPeer, 1, 10_000);
        Checks.between(PREFIX + "unauthorised-delay", unauthorisedDelay, Duration.ZERO, Duration.ofSeconds(2));
        Checks.between(PREFIX + "frame-size", (double) frameSize.toBytes(), 1, 16_000_000);
        Checks.between(PREFIX + "first-request-timeout", firstRequestTimeout, Duration.ZERO, Duration.ofDays(1));
        Checks.between(PREFIX + "idle-timeout", idleTimeout, Duration.ZERO, Duration.ofDays(365));
    }

    /** For the endpoint. */
    Map<String, Object> asMap() {
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("connections", connections);
        limits.put("connectionsPerPeer", connectionsPerPeer);
        limits.put("perPeerRate", perPeerRate.toString());
        limits.put("unauthorisedRate", unauthorisedRate.toString());
        limits.put("unauthorisedDelay", unauthorisedDelay.toString());
        limits.put("frameSizeBytes", frameSize.toBytes());
        limits.put("firstRequestTimeout", firstRequestTimeout.toString());
        limits.put("idleTimeout", idleTimeout.toString());
        return limits;
    }
}
