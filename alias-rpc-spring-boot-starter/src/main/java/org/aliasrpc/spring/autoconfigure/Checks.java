package org.aliasrpc.spring.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.aliasrpc.BootstrapNode;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;

/** Reads property values that have a form of their own; failures name the property. */
final class Checks {
    /** Longer files are not the text of 32 bytes, and need not be read. */
    private static final int MAX_SECRET_FILE_BYTES = 1024;

    /** Hexadecimal or z-base-32, not much too short: a name of a file would have a slash or a dot. */
    private static final Pattern LIKE_A_SECRET = Pattern.compile("\\s*[0-9A-Za-z]{40,}\\s*");

    private Checks() {}

    /**
     * @param name of the property
     * @param text its value; null and empty mean that it is missing
     */
    static PublicKey publicKey(String name, @Nullable String text) {
        String allowed = "52 characters of z-base-32 or 64 hexadecimal digits";
        if (text == null || text.isBlank()) {
            throw new InvalidConfigurationPropertyValueException(
                    name, "", "A public key is required: " + allowed + ".");
        }
        try {
            return PublicKey.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException(
                    name, text, "A public key has " + allowed + "; this text has " + text.length() + " characters.", e);
        }
    }

    /**
     * @param name of the property with the secret itself; that of the file ends in {@code -file}
     * @param text its value, or null
     * @param file the file, or null
     */
    static SecretBytes secret(String name, @Nullable String text, @Nullable String file) {
        return secret(name, name + "-file", text, file);
    }

    /**
     * @param name of the property with the secret itself
     * @param fileName of the property with its file
     * @param text its value, or null
     * @param file the file, or null
     */
    static SecretBytes secret(String name, String fileName, @Nullable String text, @Nullable String file) {
        MutuallyExclusiveConfigurationPropertiesException.throwIfMultipleNonNullValuesIn(values -> {
            values.put(name, text);
            values.put(fileName, file);
        });
        if (file != null) {
            return secretFromFile(fileName, file);
        }
        if (text == null || text.isBlank()) {
            throw new InvalidSecretPropertyException(name, "it is missing, and so is " + fileName);
        }
        return parseSecret(name, text.strip());
    }

    /**
     * @param name of the property with the file
     * @param file its value
     */
    static SecretBytes secretFromFile(String name, String file) {
        return parseSecret(name, readSecretFile(name, file));
    }

    /**
     * @param name of the property
     * @param text when something ends: a date, which ends with its day in UTC, or a date and time with offset
     */
    static Instant end(String name, String text) {
        try {
            return text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant();
        } catch (DateTimeException e) {
            throw new InvalidConfigurationPropertyValueException(
                    name, text, "It is a date such as 2027-01-31, or a date and time such as 2027-01-31T18:00:00Z.", e);
        }
    }

    /**
     * @param name of the property
     * @param text hexadecimal or z-base-32
     */
    static SecretBytes parseSecret(String name, String text) {
        try {
            return SecretBytes.parse(text, name);
        } catch (IllegalArgumentException e) {
            // Without the cause: whatever it says, it was made from the secret.
            throw new InvalidSecretPropertyException(
                    name,
                    "32 bytes are required, as 64 hexadecimal digits or 52 characters of z-base-32; this text has "
                            + text.length() + " characters");
        }
    }

    private static String readSecretFile(String name, String file) {
        if (LIKE_A_SECRET.matcher(file).matches() && !Files.exists(Path.of(file.strip()))) {
            throw new InvalidSecretPropertyException(
                    name, "it looks like a secret and is no name of a file: is the property the right one");
        }
        try {
            Path path = Path.of(file);
            if (Files.size(path) > MAX_SECRET_FILE_BYTES) {
                throw new InvalidSecretPropertyException(name, "the file " + path + " is longer than a secret");
            }
            return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).strip();
        } catch (InvalidPathException e) {
            throw new InvalidSecretPropertyException(name, "it is not the name of a file");
        } catch (IOException e) {
            throw new InvalidSecretPropertyException(
                    name,
                    "the file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /**
     * @param texts values of {@code alias-rpc.dht.bootstrap}
     */
    static List<BootstrapNode> bootstrap(List<String> texts) {
        List<BootstrapNode> nodes = new ArrayList<>();
        for (String text : texts) {
            String name = "alias-rpc.dht.bootstrap[" + nodes.size() + "]";
            try {
                nodes.add(BootstrapNode.parse(text));
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigurationPropertyValueException(
                        name, text, "A bootstrap node is written host:port, the port from 1 to 65535.", e);
            }
        }
        return List.copyOf(nodes);
    }

    static void positive(String name, Duration value) {
        atLeast(name, value, Duration.ofMillis(1));
    }

    static void notNegative(String name, Duration value) {
        atLeast(name, value, Duration.ZERO);
    }

    static void atLeast(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new InvalidConfigurationPropertyValueException(
                    name, value, "At least " + least.toMillis() + " ms is required.");
        }
    }

    static void between(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidConfigurationPropertyValueException(
                    name, value, "Allowed is " + least.toMillis() + " ms to " + most.toMillis() + " ms.");
        }
    }

    static void between(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new InvalidConfigurationPropertyValueException(
                    name, value, "Allowed is " + plain(least) + " to " + plain(most) + ".");
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value);
    }
}
