package org.aliasrpc.spring.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcServer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Version, keys and alias for the info endpoint. */
public final class AliasRpcInfoContributor implements InfoContributor {
    private final Supplier<@Nullable AliasRegistration> registration;
    private final @Nullable AliasRpcServer server;
    private final Supplier<@Nullable Object> secrets;

    /**
     * @param registration gives null if this process registers nothing
     * @param server null if this process is no alias server
     * @param secrets names and ends of the server's secrets, never their values; may give null
     */
    public AliasRpcInfoContributor(
            Supplier<@Nullable AliasRegistration> registration,
            @Nullable AliasRpcServer server,
            Supplier<@Nullable Object> secrets) {
        this.registration = registration;
        this.server = server;
        this.secrets = secrets;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> details = new LinkedHashMap<>();
        String version = AliasRpcInfoContributor.class.getPackage().getImplementationVersion();
        details.put("version", version == null ? "unknown" : version);
        AliasRegistration own = registration.get();
        if (own != null) {
            details.put("publicKey", own.targetPublicKey().toString());
            details.put("alias", own.alias());
        }
        if (server != null) {
            details.put("serverPublicKey", server.publicKey().toString());
        }
        Object known = secrets.get();
        if (known != null) {
            details.put("secrets", known);
        }
        details.put("protocols", Map.of("register-alias", "1.1"));
        builder.withDetail("alias-rpc", details);
    }
}
