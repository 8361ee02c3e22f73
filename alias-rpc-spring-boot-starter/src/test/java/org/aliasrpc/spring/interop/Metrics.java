package org.aliasrpc.spring.interop;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/**
 * What a text of metrics can be recognised by.
 *
 * @param bytes its length
 * @param sha256 its hash in hexadecimal
 */
record Metrics(int bytes, String sha256) {
    static Metrics of(ByteBuffer text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(text.duplicate());
            return new Metrics(text.remaining(), HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the Node peers tell it. */
    static Metrics of(JsonNode told) {
        return new Metrics(told.path("bytes").asInt(), told.path("sha256").asString());
    }
}
