package org.aliasrpc.spring;

import java.util.List;
import java.util.Map;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/** Where to register: a bean of this type replaces the properties that say so. */
public interface AliasRpcConnectionDetails extends ConnectionDetails {
    /** Name of the one server most people have. */
    String DEFAULT_SERVER = "default";

    /** The alias servers by name; each is registered with independently. */
    Map<String, Server> servers();

    /** Nodes through which to join the DHT; empty means what {@code alias-rpc.dht.bootstrap} says. */
    default List<BootstrapNode> bootstrap() {
        return List.of();
    }

    /**
     * One alias server.
     *
     * @param publicKey under which it is found
     * @param secret 32 bytes shared with it
     */
    record Server(PublicKey publicKey, SecretBytes secret) {}
}
