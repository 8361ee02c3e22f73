package org.aliasrpc.spring.autoconfigure;

import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/** Hides our secrets from the endpoints env and configprops, even from users who may see values. */
final class SecretSanitizer implements SanitizingFunction {
    /** In every notation: {@code alias-rpc.client.secret}, {@code ALIASRPC_CLIENT_SECRET}. */
    private static final Pattern SECRET = Pattern.compile("aliasrpc.*(secret|seed)|aliasrpcserversecrets.*value");

    @Override
    public SanitizableData apply(SanitizableData data) {
        String key = data.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return SECRET.matcher(key).matches() ? data.withSanitizedValue() : data;
    }
}
