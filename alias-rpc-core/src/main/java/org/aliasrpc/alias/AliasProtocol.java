package org.aliasrpc.alias;

/** Names and numbers of the alias protocol (alias-rpc.md §1). */
final class AliasProtocol {
    /** The protomux protocol, without a channel-id. */
    static final String NAME = "register-alias";

    /** The one RPC method. */
    static final String METHOD = "alias";

    /** Changes when old and new do not understand each other. */
    static final long MAJOR = 1;

    /** Grows when something is added. */
    static final long MINOR = 1;

    private AliasProtocol() {}
}
