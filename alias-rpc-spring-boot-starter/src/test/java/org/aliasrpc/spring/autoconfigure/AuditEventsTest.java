package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;

/** What the table says becomes an audit event of the key whose registration it was. */
class AuditEventsTest {
    private static final UUID UID = new UUID(1, 2);
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    private final List<AuditEvent> published = new ArrayList<>();
    private final AuditEvents audit =
            new AuditEvents(event -> published.add(((AuditApplicationEvent) event).getAuditEvent()));

    @Test
    void anExpiredAlias() {
        audit.audit(new AliasRpcRegistryEvent.AliasExpired(UID, AT, "app", Keys.key(1), Keys.key(2)));
        assertAudited("ALIAS_EXPIRED", "targetPublicKey");
    }

    @Test
    void aRemovedAlias() {
        audit.audit(new AliasRpcRegistryEvent.AliasRemoved(UID, AT, "app", Keys.key(1), Keys.key(2)));
        assertAudited("ALIAS_REMOVED", "targetPublicKey");
    }

    @Test
    void anAliasOfAnotherKey() {
        audit.audit(new AliasRpcRegistryEvent.AliasConflict(UID, AT, "app", Keys.key(1), Keys.key(2), Keys.key(3)));
        assertAudited("ALIAS_CONFLICT", "targetPublicKey", "refusedPublicKey");
    }

    @Test
    void anythingElseIsNotAudited() {
        audit.audit("another event");
        assertThat(published).isEmpty();
    }

    private void assertAudited(String type, String... keys) {
        assertThat(published).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo(type);
            assertThat(event.getTimestamp()).isEqualTo(AT);
            assertThat(event.getPrincipal()).isEqualTo(Keys.key(2).toString());
            assertThat(event.getData()).containsEntry("alias", "app").containsEntry("uid", UID.toString());
            assertThat(event.getData()).containsKeys(keys).doesNotContainKey("remotePublicKey");
        });
    }
}
