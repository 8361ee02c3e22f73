package org.aliasrpc.spring.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the alias server keeps its table.
 *
 * @param type how it is kept
 * @param location targets file, read by Prometheus' file discovery and by the Node bridge; for type file
 */
@ConfigurationProperties("alias-rpc.server.store")
public record AliasRpcStoreProperties(
        @DefaultValue("file") Type type,
        @DefaultValue("targets.json") String location) {
    /** How a table is kept. */
    public enum Type {
        /** A restart forgets it. */
        MEMORY,
        /** In the file of the Node bridge. */
        FILE,
        /** In a database, which several replicas may share. */
        JDBC
    }
}
