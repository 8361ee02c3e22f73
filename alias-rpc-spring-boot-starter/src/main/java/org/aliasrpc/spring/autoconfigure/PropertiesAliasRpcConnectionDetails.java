package org.aliasrpc.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.AliasRpcConnectionDetails;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Connection details from the properties. */
final class PropertiesAliasRpcConnectionDetails implements AliasRpcConnectionDetails {
    private static final String PREFIX = "alias-rpc.client.";

    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final List<BootstrapNode> bootstrap;

    PropertiesAliasRpcConnectionDetails(AliasRpcClientProperties client, AliasRpcDhtProperties dht) {
        this.bootstrap = Checks.bootstrap(dht.bootstrap());
        boolean defaultServer = client.serverPublicKey() != null
                || client.secret() != null
                || client.secretFile() != null
                || client.servers().isEmpty();
        if (defaultServer) {
            add(
                    DEFAULT_SERVER,
                    PREFIX,
                    "server-public-key",
                    client.serverPublicKey(),
                    client.secret(),
                    client.secretFile());
        }
        client.servers().forEach((name, server) -> {
            String prefix = PREFIX + "servers." + name + ".";
            if (servers.containsKey(name)) {
                throw new InvalidConfigurationPropertyValueException(
                        PREFIX + "servers." + name, "", "This name is taken by alias-rpc.client.server-public-key.");
            }
            add(name, prefix, "public-key", server.publicKey(), server.secret(), server.secretFile());
        });
    }

    private void add(
            String name,
            String prefix,
            String keyProperty,
            @Nullable String key,
            @Nullable String secret,
            @Nullable String secretFile) {
        SecretBytes bytes = Checks.secret(prefix + "secret", secret, secretFile);
        servers.put(name, new Server(Checks.publicKey(prefix + keyProperty, key), bytes));
    }

    @Override
    public Map<String, Server> servers() {
        return servers;
    }

    @Override
    public List<BootstrapNode> bootstrap() {
        return bootstrap;
    }
}
