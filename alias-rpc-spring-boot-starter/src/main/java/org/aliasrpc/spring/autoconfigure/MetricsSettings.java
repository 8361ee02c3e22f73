package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.aliasrpc.AliasRpcClient;
import org.aliasrpc.MetricsServer;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.AliasRpcClients;
import org.aliasrpc.spring.metrics.FamilyFilter;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/** What the properties of the metrics mean, checked. */
final class MetricsSettings {
    private static final String PREFIX = "alias-rpc.metrics.";
    private static final String LINGER = "alias-rpc.client.shutdown.linger";
    private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

    private MetricsSettings() {}

    static FamilyFilter filter(AliasRpcMetricsProperties properties) {
        return new FamilyFilter(patterns("include", properties.include()), patterns("exclude", properties.exclude()));
    }

    private static List<Pattern> patterns(String name, List<String> texts) {
        List<Pattern> patterns = new ArrayList<>();
        for (String text : texts) {
            try {
                patterns.add(Pattern.compile(text));
            } catch (PatternSyntaxException e) {
                throw new InvalidConfigurationPropertyValueException(
                        PREFIX + name + "[" + patterns.size() + "]",
                        text,
                        "A regular expression is required; this one fails at character " + (e.getIndex() + 1) + ": "
                                + e.getDescription() + ".",
                        e);
            }
        }
        return patterns;
    }

    /** Who may scrape: the keys that are named, else those of the alias servers. */
    static Set<PublicKey> allowed(AliasRpcMetricsProperties properties, AliasRpcClients clients) {
        Set<PublicKey> keys = new LinkedHashSet<>();
        int index = 0;
        for (String text : properties.allowedPublicKeys()) {
            keys.add(Checks.publicKey(PREFIX + "allowed-public-keys[" + index++ + "]", text));
        }
        if (keys.isEmpty()) {
            clients.byName().values().stream()
                    .map(AliasRpcClient::serverPublicKey)
                    .forEach(keys::add);
        }
        return keys;
    }

    static int maxBytes(AliasRpcMetricsProperties properties) {
        long bytes = properties.maxSize().toBytes();
        Checks.between(PREFIX + "max-size", (double) bytes, 1, MetricsServer.Builder.MAX_REPLY_BYTES);
        return (int) bytes;
    }

    static Duration timeout(AliasRpcMetricsProperties properties) {
        Checks.positive(PREFIX + "timeout", properties.timeout());
        return properties.timeout();
    }

    static Duration linger(AliasRpcShutdownProperties properties, Environment environment) {
        Duration linger = properties.linger();
        Checks.atLeast(LINGER, linger, Duration.ZERO);
        Duration phase =
                Binder.get(environment).bind(PHASE_TIMEOUT, Duration.class).orElse(Duration.ofSeconds(30));
        if (!linger.isZero() && linger.compareTo(phase) >= 0) {
            throw new InvalidConfigurationPropertyValueException(
                    LINGER,
                    linger,
                    "It has to stay below " + PHASE_TIMEOUT + " (" + phase + "), which ends the waiting.");
        }
        return linger;
    }
}
