package org.aliasrpc.spring.autoconfigure;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Hides our secrets from the endpoints env and configprops, even from users who may see values: under their own names, and
 * wherever else their text stands, such as in the JVM's command line or in the variable that a placeholder names.
 */
final class SecretSanitizer implements SanitizingFunction {
    /** In every notation: {@code alias-rpc.client.secret}, {@code ALIASRPC_CLIENT_SECRET}. */
    private static final Pattern SECRET = Pattern.compile("aliasrpc.*(secret|seed)|aliasrpcserversecrets.*value");

    /** Shorter texts are no secrets of ours, and may stand anywhere by chance. */
    private static final int MIN_LENGTH = 32;

    private final Environment environment;

    /** Looked for with the first request; most applications never show a value. */
    private volatile @Nullable Set<String> texts;

    SecretSanitizer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public SanitizableData apply(SanitizableData data) {
        return isSecret(data.getKey()) || holdsSecret(data.getValue()) ? data.withSanitizedValue() : data;
    }

    private static boolean isSecret(String name) {
        String key = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return SECRET.matcher(key).matches();
    }

    private boolean holdsSecret(@Nullable Object value) {
        return value instanceof CharSequence text
                && text.length() >= MIN_LENGTH
                && texts().stream().anyMatch(text.toString()::contains);
    }

    private Set<String> texts() {
        Set<String> known = texts;
        if (known == null) {
            known = StreamSupport.stream(
                            ConfigurationPropertySources.get(environment).spliterator(), false)
                    .filter(IterableConfigurationPropertySource.class::isInstance)
                    .flatMap(source -> secrets((IterableConfigurationPropertySource) source))
                    .collect(Collectors.toUnmodifiableSet());
            texts = known;
        }
        return known;
    }

    private Stream<String> secrets(IterableConfigurationPropertySource source) {
        return source.stream()
                .filter(name -> isSecret(name.toString()))
                .map(source::getConfigurationProperty)
                .filter(Objects::nonNull)
                .map(property -> environment
                        .resolvePlaceholders(String.valueOf(property.getValue()))
                        .strip())
                .filter(text -> text.length() >= MIN_LENGTH);
    }
}
