package org.aliasrpc.spring.autoconfigure;

import java.util.HashSet;
import java.util.Set;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcEventWatcher;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.event.AliasRpcServerEvent;
import org.aliasrpc.spring.event.AliasRpcStoreEvent;
import org.aliasrpc.spring.registration.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.core.Ordered;

/**
 * Log lines of the alias server, with the information of docs/protocol, alias-rpc.md §6. What changes the table is shown,
 * and the first failure of each peer until it succeeds; the rest, which thousands of clients or one stranger may cause all
 * day, only at level debug.
 */
final class ServerEventLog implements AliasRpcEventWatcher, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger("org.aliasrpc.server");

    /** Peers whose failure has been shown; when so many are known, all are forgotten. */
    private static final int MAX_FAILING = 1024;

    private final Set<Object> failing = new HashSet<>();

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void onEvent(AliasRpcEvent event) {
        if (event instanceof AliasRpcServerEvent.AliasSuccess success) {
            onSuccess(success);
        } else if (event instanceof AliasRpcServerEvent.AliasUnauthorised refused) {
            level(firstFailure(refused.remoteAddress().getHostString()))
                    .log(
                            "Unauthorised: {} at {} asked for alias {} to point to {} (uid {})",
                            refused.remotePublicKey(),
                            refused.remoteAddress(),
                            Printable.of(refused.alias()),
                            refused.targetPublicKey(),
                            refused.uid());
        } else if (event instanceof AliasRpcServerEvent.AliasError error) {
            level(firstFailure(error.remotePublicKey()))
                    .log(
                            "Alias not registered: {} (uid {})",
                            Printable.of(String.valueOf(error.error().getMessage())),
                            error.uid());
        } else if (event instanceof AliasRpcRegistryEvent) {
            LOG.info("{}: {}", event.type(), Printable.of(event.fields().toString()));
        } else if (event instanceof AliasRpcStoreEvent.AliasesUpdated updated) {
            LOG.debug("Aliases written to {}", updated.location());
        } else if (event instanceof AliasRpcStoreEvent) {
            LOG.error("{}: {}", event.type(), Printable.of(event.fields().toString()));
        } else if (event instanceof AliasRpcServerEvent && LOG.isDebugEnabled()) {
            LOG.debug(
                    "{}: {} (uid {})", event.type(), Printable.of(event.fields().toString()), event.uid());
        }
    }

    private static LoggingEventBuilder level(boolean first) {
        return LOG.atLevel(first ? Level.WARN : Level.DEBUG);
    }

    private synchronized boolean firstFailure(Object peer) {
        if (failing.size() >= MAX_FAILING) {
            failing.clear();
        }
        return failing.add(peer);
    }

    private void onSuccess(AliasRpcServerEvent.AliasSuccess success) {
        synchronized (this) {
            failing.remove(success.remotePublicKey());
        }
        String line = "Alias {} points to {}, updated: {} (uid {})";
        Object[] values = {Printable.of(success.alias()), success.targetPublicKey(), success.updated(), success.uid()};
        if (success.updated()) {
            LOG.info(line, values);
        } else {
            LOG.debug(line, values);
        }
    }
}
