package org.aliasrpc.spring.event;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.crypto.PublicKey;

/** What the table of an alias server reports. The uid is that of the connection that registered the alias last. */
public sealed interface AliasRpcRegistryEvent extends AliasRpcEvent {
    /** The alias concerned. */
    String alias();

    /** The key in the table. */
    PublicKey targetPublicKey();

    /** The proven key of the connection: that registered the alias last, or that was refused. */
    PublicKey remotePublicKey();

    /** An alias was not renewed in time and has left the table. */
    record AliasExpired(
            UUID uid, Instant occurredAt, String alias, PublicKey targetPublicKey, PublicKey remotePublicKey)
            implements AliasRpcRegistryEvent {
        @Override
        public String type() {
            return "alias-expired";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("alias", alias, "targetPublicKey", targetPublicKey, "remotePublicKey", remotePublicKey);
        }
    }

    /** Somebody has dropped an alias by hand. */
    record AliasRemoved(
            UUID uid, Instant occurredAt, String alias, PublicKey targetPublicKey, PublicKey remotePublicKey)
            implements AliasRpcRegistryEvent {
        @Override
        public String type() {
            return "alias-removed";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of("alias", alias, "targetPublicKey", targetPublicKey, "remotePublicKey", remotePublicKey);
        }
    }

    /**
     * An alias was refused because it belongs to another key.
     *
     * @param refusedPublicKey the target asked for
     */
    record AliasConflict(
            UUID uid,
            Instant occurredAt,
            String alias,
            PublicKey targetPublicKey,
            PublicKey remotePublicKey,
            PublicKey refusedPublicKey)
            implements AliasRpcRegistryEvent {
        @Override
        public String type() {
            return "alias-conflict";
        }

        @Override
        public Map<String, Object> fields() {
            return Fields.of(
                    "alias", alias,
                    "targetPublicKey", targetPublicKey,
                    "remotePublicKey", remotePublicKey,
                    "refusedPublicKey", refusedPublicKey);
        }
    }
}
