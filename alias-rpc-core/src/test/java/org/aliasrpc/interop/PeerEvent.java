package org.aliasrpc.interop;

import tools.jackson.databind.JsonNode;

/**
 * Something that happened in a Node peer.
 *
 * @param ref the object it happened to
 * @param name the reference's name of the event, such as {@code alias-success}
 * @param fields the payload; bytes as hex
 */
public record PeerEvent(String ref, String name, JsonNode fields) {
    /** One field as text; empty if it is not there. */
    public String text(String field) {
        return fields.path(field).asString("");
    }
}
