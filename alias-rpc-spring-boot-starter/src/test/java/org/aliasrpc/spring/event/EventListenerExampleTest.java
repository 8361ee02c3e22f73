package org.aliasrpc.spring.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The README's example of listeners, compiled and run. */
class EventListenerExampleTest {
    @Component
    static class Announcer {
        final List<String> lines = new CopyOnWriteArrayList<>();

        @EventListener
        void onRegistered(AliasRpcClientEvent.RegisterAliasSuccess event) {
            lines.add("registered as " + event.alias() + (event.updated() ? ", which is new" : ""));
        }

        @EventListener
        void onRefused(AliasRpcServerEvent.AliasUnauthorised event) {
            lines.add(event.remoteAddress() + " does not know the secret");
        }

        @EventListener
        void onAnything(AliasRpcEvent event) {
            lines.add(event.occurredAt() + " " + event.type() + " " + event.fields());
        }
    }

    @Test
    void listenersTakeOneKindOfEventOrAll() {
        try (var context = new AnnotationConfigApplicationContext(Announcer.class)) {
            context.publishEvent(new AliasRpcClientEvent.RegisterAliasSuccess(
                    new UUID(1, 2), Instant.EPOCH, "default", "app", Keys.key(1), true));
            assertThat(context.getBean(Announcer.class).lines)
                    .containsExactlyInAnyOrder(
                            "registered as app, which is new",
                            "1970-01-01T00:00:00Z register-alias-success {server=default, alias=app, targetPublicKey="
                                    + Keys.key(1) + ", updated=true}");
        }
    }
}
