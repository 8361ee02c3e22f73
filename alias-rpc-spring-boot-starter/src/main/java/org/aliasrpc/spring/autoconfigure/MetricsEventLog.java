package org.aliasrpc.spring.autoconfigure;

import java.util.HashSet;
import java.util.Set;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcEventWatcher;
import org.aliasrpc.spring.event.AliasRpcMetricsEvent;
import org.aliasrpc.spring.registration.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Log lines of the metrics server, with the information of docs/protocol, alias-rpc.md §9.8. A failure and a stranger are
 * shown once each, and again after a success or when many others came: neither can fill the log.
 */
final class MetricsEventLog implements AliasRpcEventWatcher {
    private static final Logger LOG = LoggerFactory.getLogger("org.aliasrpc.metrics");

    /** Strangers that have been shown; when so many are known, all are forgotten. */
    private static final int MAX_STRANGERS = 256;

    private final Set<PublicKey> strangers = new HashSet<>(); // guarded by this
    private boolean failing; // guarded by this

    @Override
    public synchronized void onEvent(AliasRpcEvent event) {
        if (event instanceof AliasRpcMetricsEvent.FirewallBlock block) {
            if (strangers.size() >= MAX_STRANGERS) {
                strangers.clear();
            }
            LOG.atLevel(strangers.add(block.remotePublicKey()) ? Level.INFO : Level.DEBUG)
                    .log("Refused: {} at {} may not scrape", block.remotePublicKey(), block.address());
        } else if (event instanceof AliasRpcMetricsEvent.MetricsError failed) {
            LOG.atLevel(failing ? Level.DEBUG : Level.WARN)
                    .log(
                            "Metrics not collected: {} (uid {})",
                            Printable.of(String.valueOf(failed.error().getMessage())),
                            failed.uid());
            failing = true;
        } else if (event instanceof AliasRpcMetricsEvent && LOG.isDebugEnabled()) {
            LOG.debug(
                    "{}: {} (uid {})", event.type(), Printable.of(event.fields().toString()), event.uid());
        }
        if (event instanceof AliasRpcMetricsEvent.MetricsSuccess) {
            failing = false;
        }
    }
}
