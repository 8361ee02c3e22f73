package org.aliasrpc.spring.autoconfigure;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.spring.limits.AliasGlob;
import org.aliasrpc.spring.limits.SecretRule;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;

/**
 * The live secrets of the alias server, and what each is good for. Those from files are read again when asked; a file that
 * is half written, broken or away changes nothing. Safe for use by many threads.
 */
final class ServerSecrets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("org.aliasrpc.server");
    private static final String PREFIX = "alias-rpc.server.";

    private final Clock clock;
    private final List<Entry> entries = new ArrayList<>();
    private boolean closed; // guarded by this

    ServerSecrets(AliasRpcServerProperties server, AliasRpcServerSecretsProperties named, Clock clock) {
        this.clock = clock;
        try {
            if (server.secret() != null
                    || server.secretFile() != null
                    || named.secrets().isEmpty()) {
                requireAny(server);
                add(
                        PREFIX + "secret",
                        PREFIX + "secret-file",
                        server.secret(),
                        server.secretFile(),
                        new SecretRule(AliasRpcServer.DEFAULT_SECRET, List.of(), null));
            }
            named.secrets().forEach(this::add);
            for (Entry entry : entries) {
                warnIfOver(entry);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static void requireAny(AliasRpcServerProperties server) {
        if ((server.secret() == null || server.secret().isBlank()) && server.secretFile() == null) {
            throw new InvalidSecretPropertyException(
                    PREFIX + "secret",
                    "it is missing, and so are alias-rpc.server.secret-file and alias-rpc.server.secrets");
        }
    }

    private void add(String name, AliasRpcServerSecretsProperties.NamedSecret secret) {
        String property = PREFIX + "secrets." + name;
        if (entries.stream().anyMatch(entry -> entry.rule.name().equals(name))) {
            throw new InvalidConfigurationPropertyValueException(
                    property, "", "This name is taken by alias-rpc.server.secret.");
        }
        List<AliasGlob> globs = new ArrayList<>();
        for (String glob : secret.aliases()) {
            globs.add(glob(property + ".aliases[" + globs.size() + "]", glob));
        }
        Instant notAfter = secret.notAfter() == null || secret.notAfter().isBlank()
                ? null
                : Checks.end(property + ".not-after", secret.notAfter().strip());
        add(
                property + ".value",
                property + ".file",
                secret.value(),
                secret.file(),
                new SecretRule(name, globs, notAfter));
    }

    private static AliasGlob glob(String property, String glob) {
        try {
            return AliasGlob.of(glob);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException(property, glob, String.valueOf(e.getMessage()), e);
        }
    }

    private void add(
            String property, String fileProperty, @Nullable String value, @Nullable String file, SecretRule rule) {
        MutuallyExclusiveConfigurationPropertiesException.throwIfMultipleNonNullValuesIn(values -> {
            values.put(property, value);
            values.put(fileProperty, file);
        });
        String holder = file == null ? property : fileProperty;
        SecretBytes secret = Checks.secret(property, fileProperty, value, file);
        requireOneOfItsOwn(holder, secret);
        entries.add(new Entry(rule, holder, file, secret));
    }

    /** Closes the secret if it is not. */
    private void requireOneOfItsOwn(String property, SecretBytes secret) {
        for (Entry other : entries) {
            if (!other.property.equals(property) && other.secret.equals(secret)) {
                secret.close();
                throw new InvalidSecretPropertyException(
                        property,
                        "it is the same as " + other.property + ": then nobody could tell which of the two was meant");
            }
        }
    }

    private void warnIfOver(Entry entry) {
        if (!entry.over && !entry.rule.isLive(clock.instant())) {
            entry.over = true;
            LOG.warn(
                    "The secret {} of the alias server has ended on {}: it is not accepted any more",
                    entry.rule.name(),
                    entry.rule.notAfter());
        }
    }

    /** What each secret is good for. */
    List<SecretRule> rules() {
        return entries.stream().map(entry -> entry.rule).toList();
    }

    /** Copies of the secrets by name, which the caller closes. */
    synchronized Map<String, SecretBytes> values() {
        Map<String, SecretBytes> values = new LinkedHashMap<>();
        entries.forEach(entry -> values.put(entry.rule.name(), copy(entry.secret)));
        return values;
    }

    private static SecretBytes copy(SecretBytes secret) {
        byte[] content = new byte[secret.length()];
        try {
            secret.copyTo(content, 0);
            return SecretBytes.copyOf(content);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /**
     * Reads the files again, and hands all secrets over if one has changed. The files are tiny; their times and sizes would
     * not tell a new secret from the old one reliably.
     *
     * @param server accepts them from then on
     */
    void reload(AliasRpcServer server) {
        if (!reload()) {
            return;
        }
        Map<String, SecretBytes> live = values(); // not locked any more: the server may be asking for them just now
        try {
            server.replaceSecrets(live);
        } finally {
            live.values().forEach(SecretBytes::close);
        }
    }

    /** Whether a secret is another one now. */
    private synchronized boolean reload() {
        boolean changed = false;
        for (Entry entry : closed ? List.<Entry>of() : entries) {
            warnIfOver(entry);
            SecretBytes fresh = entry.file == null ? null : read(entry, entry.file);
            if (fresh != null) {
                entry.secret.close();
                entry.secret = fresh;
                changed = true;
            }
        }
        return changed;
    }

    /** The file's secret if it is another one than before, or null. */
    private @Nullable SecretBytes read(Entry entry, String file) {
        SecretBytes fresh;
        try {
            fresh = Checks.secretFromFile(entry.property, file);
            requireOneOfItsOwn(entry.property, fresh);
        } catch (InvalidSecretPropertyException e) {
            if (!entry.broken) { // once, until it is right again
                LOG.warn("The secret of {} stays as it is: {}", entry.property, e.reason());
            }
            entry.broken = true;
            return null;
        }
        entry.broken = false;
        if (entry.secret.equals(fresh)) {
            fresh.close();
            return null;
        }
        LOG.info("The file of {} has changed, its new secret is accepted instead of the old one", entry.property);
        return fresh;
    }

    /** Names, ends and states for people; nothing of the secrets. */
    synchronized List<Map<String, Object>> describe() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Entry entry : entries) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", entry.rule.name());
            one.put("live", entry.rule.isLive(clock.instant()));
            Instant notAfter = entry.rule.notAfter();
            if (notAfter != null) {
                one.put("notAfter", notAfter.toString());
            }
            if (!entry.rule.aliases().isEmpty()) {
                one.put(
                        "aliases",
                        entry.rule.aliases().stream().map(AliasGlob::toString).toList());
            }
            if (entry.file != null) {
                one.put("file", entry.broken ? "broken" : "ok");
            }
            all.add(one);
        }
        return all;
    }

    @Override
    public synchronized void close() {
        closed = true;
        entries.forEach(entry -> entry.secret.close());
    }

    /** One secret. */
    private static final class Entry {
        final SecretRule rule;
        final String property;
        final @Nullable String file;
        SecretBytes secret;
        boolean broken;
        boolean over;

        Entry(SecretRule rule, String property, @Nullable String file, SecretBytes secret) {
            this.rule = rule;
            this.property = property;
            this.file = file;
            this.secret = secret;
        }
    }
}
