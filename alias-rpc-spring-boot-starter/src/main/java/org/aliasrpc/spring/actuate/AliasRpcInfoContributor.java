package org.aliasrpc.spring.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcServer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Version, keys and alias for the info endpoint. */
public final class AliasRpcInfoContributor implements InfoContributor {
    private final @Nullable AliasRegistration registration;
    private final @Nullable AliasRpcServer server;

    /**
     * @param registration null if this process registers nothing
     * @param server null if this process is no alias server
     */
    public AliasRpcInfoContributor(@Nullable AliasRegistration registration, @Nullable AliasRpcServer server) {
        this.registration = registration;
        this.server = server;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> details = new LinkedHashMap<>();
        String version = AliasRpcInfoContributor.class.getPackage().getImplementationVersion();
        details.put("version", version == null ? "unknown" : version);
        if (registration != null) {
            details.put("publicKey", registration.targetPublicKey().toString());
            details.put("alias", registration.alias());
        }
        if (server != null) {
            details.put("serverPublicKey", server.publicKey().toString());
        }
        details.put("protocols", Map.of("register-alias", "1.1"));
        builder.withDetail("alias-rpc", details);
    }
}
