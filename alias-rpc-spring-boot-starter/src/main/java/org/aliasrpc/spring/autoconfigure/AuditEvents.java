package org.aliasrpc.spring.autoconfigure;

import java.util.HashMap;
import java.util.Map;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.event.AliasRpcServerEvent;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/** Makes audit events of what changes the table, or was refused. Renewals are neither. */
final class AuditEvents implements EventAuditor {
    private final ApplicationEventPublisher publisher;

    AuditEvents(ApplicationEventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public void audit(Object event) {
        if (event instanceof AliasRpcServerEvent.AliasSuccess success && success.updated()) {
            publish("ALIAS_REGISTERED", success.remotePublicKey(), success);
        } else if (event instanceof AliasRpcServerEvent.AliasUnauthorised refused) {
            publish("ALIAS_UNAUTHORISED", refused.remotePublicKey(), refused);
        } else if (event instanceof AliasRpcRegistryEvent.AliasConflict conflict) {
            publish("ALIAS_CONFLICT", conflict.remotePublicKey(), conflict);
        } else if (event instanceof AliasRpcRegistryEvent.AliasExpired expired) {
            publish("ALIAS_EXPIRED", expired.remotePublicKey(), expired);
        } else if (event instanceof AliasRpcRegistryEvent.AliasRemoved removed) {
            publish("ALIAS_REMOVED", removed.remotePublicKey(), removed);
        }
    }

    private void publish(String type, PublicKey principal, AliasRpcEvent event) {
        Map<String, Object> data = new HashMap<>(event.fields());
        data.put("uid", event.uid().toString());
        data.remove("remotePublicKey");
        publisher.publishEvent(
                new AuditApplicationEvent(new AuditEvent(event.occurredAt(), principal.toString(), type, data)));
    }
}
