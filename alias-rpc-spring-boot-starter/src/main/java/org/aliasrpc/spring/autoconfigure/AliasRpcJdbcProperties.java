package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.sql.init.DatabaseInitializationMode;

/**
 * The alias server's table in a database.
 *
 * @param tablePrefix what the names of tables begin with, a schema and a dot included
 * @param initializeSchema when to create the table at start
 * @param timeout time after which an operation that the database has not answered is given up
 * @param threads number of operations that may wait for the database at a time
 */
@ConfigurationProperties("alias-rpc.server.jdbc")
public record AliasRpcJdbcProperties(
        @DefaultValue("alias_rpc_") String tablePrefix,
        @DefaultValue("embedded") DatabaseInitializationMode initializeSchema,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("8") int threads) {}
