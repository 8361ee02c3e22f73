package org.aliasrpc.spring.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.registration.RegistrationTiming;
import org.aliasrpc.spring.registry.AliasRules;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/** What the client's properties mean, checked. */
final class ClientSettings {
    private static final String PREFIX = "alias-rpc.client.";

    private static final Duration MAX_DURATION = Duration.ofDays(1000);

    private ClientSettings() {}

    /**
     * @param properties as set
     * @param environment knows the application's name
     */
    static RegistrationSettings registration(AliasRpcClientProperties properties, Environment environment) {
        String application = environment.getProperty("spring.application.name");
        String alias = alias(properties.alias(), application);
        String service = firstText(properties.service(), application, alias);
        String hostname = properties.hostname();
        PublicKey target = properties.targetPublicKey() == null
                ? null
                : Checks.publicKey(PREFIX + "target-public-key", properties.targetPublicKey());
        return new RegistrationSettings(
                alias, target, hostname == null || hostname.isEmpty() ? null : hostname, service);
    }

    private static String alias(@Nullable String configured, @Nullable String application) {
        String name = PREFIX + "alias";
        String alias = configured == null ? application : configured;
        if (alias == null || alias.isEmpty()) {
            throw new InvalidConfigurationPropertyValueException(
                    name, "", "An alias is required: set it, or spring.application.name.");
        }
        AliasRules.FINDABLE.violation(alias).ifPresent(reason -> {
            throw new InvalidConfigurationPropertyValueException(
                    name,
                    alias,
                    "Prometheus could not scrape it: " + reason + "."
                            + (configured == null ? " It comes from spring.application.name." : ""));
        });
        return alias;
    }

    private static String firstText(@Nullable String first, @Nullable String second, String last) {
        if (first != null && !first.isEmpty()) {
            return first;
        }
        return second != null && !second.isEmpty() ? second : last;
    }

    /**
     * The operating system's host name. Read where Linux keeps it, before the JDK's way: that asks the name service too, and
     * may wait for it.
     */
    static String ownHostname() {
        try {
            Path kernel = Path.of("/proc/sys/kernel/hostname");
            String name = Files.isReadable(kernel) ? Files.readString(kernel).strip() : "";
            return name.isEmpty() ? InetAddress.getLocalHost().getHostName() : name;
        } catch (UnknownHostException e) {
            return "localhost";
        } catch (IOException e) {
            return "localhost";
        }
    }

    static RegistrationTiming timing(AliasRpcClientProperties properties) {
        span("interval", properties.interval());
        span("stale-after", properties.staleAfter());
        if (properties.interval().compareTo(properties.staleAfter()) > 0) {
            throw new InvalidConfigurationPropertyValueException(
                    PREFIX + "interval",
                    properties.interval(),
                    "It is above alias-rpc.client.stale-after (" + properties.staleAfter()
                            + "): a healthy registration would be reported as stale.");
        }
        span("request-timeout", properties.requestTimeout());
        span("startup.timeout", properties.startup().timeout());
        Checks.between(PREFIX + "jitter", properties.jitter(), 0, 0.99);
        AliasRpcClientProperties.Retry retry = properties.retry();
        span("retry.delay", retry.delay());
        span("retry.max-delay", retry.maxDelay());
        Checks.atLeast(PREFIX + "retry.max-delay", retry.maxDelay(), retry.delay());
        Checks.atLeast(PREFIX + "retry.jitter", retry.jitter(), Duration.ZERO);
        Checks.between(PREFIX + "retry.multiplier", retry.multiplier(), 1, 1000);
        return new RegistrationTiming(
                properties.interval(),
                properties.jitter(),
                new RegistrationTiming.Retry(
                        retry.delay(), retry.multiplier(), retry.maxDelay(), retry.jitter(), retry.maxRetries()));
    }

    private static void span(String name, Duration value) {
        Checks.positive(PREFIX + name, value);
        if (value.compareTo(MAX_DURATION) > 0) {
            throw new InvalidConfigurationPropertyValueException(
                    PREFIX + name, value, "At most " + MAX_DURATION.toDays() + " days are allowed.");
        }
    }
}
