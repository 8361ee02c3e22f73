package org.aliasrpc.spring.registry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The bytes of {@code targets.json}, the same as the Node bridge's: one group with the label {@code job: aliases}, its
 * targets {@code alias:key:hostname:service} with the key in z-base-32, colons in labels replaced by dashes, indentation of
 * one space, no line end at the end. Source: docs/protocol, alias-rpc.md §12.
 *
 * <p>Reading differs from the bridge's: a target is split from the right, so that a colon in an alias does no harm to the
 * others, and one that is wrong is passed over.
 */
final class TargetsFile {
    private static final JsonFactory JSON = new JsonFactory();

    private TargetsFile() {}

    /** One target. */
    record Target(String alias, PublicKey publicKey, String hostname, String service) {
        @Override
        public String toString() {
            return alias + ":" + publicKey + ":" + hostname + ":" + service;
        }
    }

    /**
     * What could be read.
     *
     * @param targets by alias, in the order of the file; of several with one alias the last, as in the bridge
     * @param problems what could not, for people
     * @param damaged whether there may have been more that cannot be seen
     */
    record Content(Map<String, Target> targets, List<String> problems, boolean damaged) {}

    /** Decides which targets are taken. */
    @FunctionalInterface
    interface Rules {
        /**
         * @return what is wrong with it
         */
        Optional<String> violation(Target target);
    }

    static Target target(AliasEntry entry) {
        return new Target(entry.alias(), entry.targetPublicKey(), label(entry.hostname()), label(entry.service()));
    }

    /** A label as the file can hold it. */
    static String label(String text) {
        return text.replace(':', '-');
    }

    /** Whether two states of an alias are the same in the file. */
    static boolean same(@Nullable StoredAlias one, @Nullable StoredAlias other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return target(one.entry()).equals(target(other.entry()));
    }

    static byte[] encode(List<StoredAlias> aliases) {
        StringBuilder out = new StringBuilder(100 + 120 * aliases.size());
        out.append("[\n {\n  \"labels\": {\n   \"job\": \"aliases\"\n  },\n  \"targets\": [");
        String separator = "\n   ";
        for (StoredAlias alias : aliases) {
            quote(target(alias.entry()).toString(), out.append(separator));
            separator = ",\n   ";
        }
        out.append(aliases.isEmpty() ? "" : "\n  ").append("]\n }\n]");
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** As JSON.stringify: what JSON requires to be escaped, in its shortest form, and nothing else. */
    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /**
     * @param bytes of a file
     * @param rules what to take
     */
    static Content decode(byte[] bytes, Rules rules) {
        Map<String, Target> targets = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        boolean damaged = true;
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            if (in.nextToken() != JsonToken.START_ARRAY || in.nextToken() != JsonToken.START_OBJECT) {
                problems.add("it is not an array of groups");
            } else {
                damaged = !group(in, rules, targets, problems);
            }
        } catch (JacksonException e) {
            // Without its text: that may quote the content.
            problems.add("it is damaged at line " + e.getLocation().getLineNr());
        }
        return new Content(targets, problems, damaged);
    }

    /** The first group; like the bridge we look at no other. Answers whether it has targets. */
    private static boolean group(JsonParser in, Rules rules, Map<String, Target> targets, List<String> problems) {
        boolean found = false;
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean wanted = "targets".equals(in.currentName());
            JsonToken value = in.nextToken();
            if (!wanted) {
                in.skipChildren();
            } else if (value == JsonToken.START_ARRAY) {
                found = true;
                targets(in, rules, targets, problems);
            } else {
                in.skipChildren();
                problems.add("its targets are not an array");
            }
        }
        if (!found) {
            problems.add("it has no targets");
        }
        return found;
    }

    private static void targets(JsonParser in, Rules rules, Map<String, Target> targets, List<String> problems) {
        int number = 0;
        for (JsonToken token = in.nextToken(); token != null && token != JsonToken.END_ARRAY; token = in.nextToken()) {
            number++;
            String where = "target " + number + ": ";
            if (token != JsonToken.VALUE_STRING) {
                in.skipChildren();
                problems.add(where + "it is not a text");
                continue;
            }
            try {
                Target target = target(in.getString());
                Optional<String> violation = rules.violation(target);
                if (violation.isPresent()) {
                    problems.add(where + violation.get());
                } else {
                    targets.put(target.alias(), target);
                }
            } catch (IllegalArgumentException e) {
                problems.add(where + e.getMessage());
            }
        }
    }

    private static Target target(String text) {
        int service = text.lastIndexOf(':');
        int hostname = text.lastIndexOf(':', service - 1);
        int key = text.lastIndexOf(':', hostname - 1);
        if (service < 0 || hostname < 0 || key < 0) {
            throw new IllegalArgumentException("it is not alias:key:hostname:service");
        }
        PublicKey publicKey;
        try {
            publicKey = PublicKey.parse(text.substring(key + 1, hostname));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its key is not 52 characters of z-base-32", e);
        }
        return new Target(
                text.substring(0, key), publicKey, text.substring(hostname + 1, service), text.substring(service + 1));
    }
}
