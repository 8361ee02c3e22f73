package org.aliasrpc.spring.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves out the alias server's auto-configurations where that role is off, which is nearly everywhere: their classes are
 * then not even read. They keep conditions that say the same, for whoever imports one by name.
 *
 * <p>By name, because what is known of a class before it is read does not tell on which property it depends; a test compares
 * the names with the conditions.
 */
final class RoleFilter implements AutoConfigurationImportFilter, EnvironmentAware {
    private static final String PACKAGE = "org.aliasrpc.spring.autoconfigure.AliasRpc";

    private @Nullable Environment environment;

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
        return match(classes);
    }

    boolean[] match(@Nullable String[] classes) {
        boolean server = environment == null || isServer(environment);
        boolean[] match = new boolean[classes.length];
        for (int i = 0; i < classes.length; i++) {
            match[i] = server || !isServers(classes[i]);
        }
        return match;
    }

    /** Whether this process is an alias server: as the conditions see it, to whom nothing but {@code true} is true. */
    static boolean isServer(Environment environment) {
        return "true".equalsIgnoreCase(environment.getProperty("alias-rpc.server.enabled"));
    }

    private static boolean isServers(@Nullable String name) {
        if (name == null || !name.startsWith(PACKAGE)) {
            return false; // null: left out already
        }
        return switch (name.substring(PACKAGE.length())) {
            case "ServerAutoConfiguration",
                    "JdbcStoreAutoConfiguration",
                    "ScrapeProxyAutoConfiguration",
                    "DiscoveryAutoConfiguration",
                    "StatusPageAutoConfiguration" -> true;
            default -> false;
        };
    }
}
