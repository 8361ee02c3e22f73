package org.aliasrpc.alias;

/** A server's answer to one request. */
sealed interface AliasResponse {
    /**
     * @param updated false when the alias already stood for the requested key
     */
    record Registered(boolean updated) implements AliasResponse {}

    /**
     * @param reason for people, not for programs; the peer chose it, so never parse or trust it
     */
    record Refused(String reason) implements AliasResponse {}
}
