package org.aliasrpc.spring.discovery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.registry.AliasRegistry;

/**
 * Writes the table of aliases as Prometheus wants it: the address of the scrape proxy for each, and the alias in the path.
 *
 * <p>Labels: {@code alias}, {@code hostname}, {@code service}, {@code public_key} (z-base-32) and the configured ones;
 * {@code instance} is the alias, as with the Node bridge (docs/protocol, alias-rpc.md §14): otherwise it would be the
 * proxy's address for all of them.
 */
public final class AliasTargets {
    private final AliasRegistry registry;
    private final ScrapeLocation location;
    private final Map<String, String> extraLabels;

    /**
     * @param registry the table
     * @param location of the proxy
     * @param extraLabels for every target
     */
    public AliasTargets(AliasRegistry registry, ScrapeLocation location, Map<String, String> extraLabels) {
        this.registry = registry;
        this.location = location;
        this.extraLabels = Map.copyOf(extraLabels);
    }

    /**
     * Everything that can be scraped, in the order of the table.
     *
     * @param askedHost {@code Host} of the request for it, used if no address is configured; empty if unknown
     * @throws org.aliasrpc.spring.registry.RegistryUnavailableException while the table is not loaded: an empty list
     *     would make Prometheus forget all targets
     */
    public List<TargetGroup> list(String askedHost) {
        ScrapeLocation.Found proxy = location.find(askedHost);
        List<String> address = List.of(proxy.address());
        return registry.entries().stream()
                .map(entry -> new TargetGroup(address, labels(entry, proxy)))
                .toList();
    }

    private Map<String, String> labels(AliasEntry entry, ScrapeLocation.Found proxy) {
        Map<String, String> labels = new LinkedHashMap<>(extraLabels);
        labels.put("instance", entry.alias());
        labels.put("alias", entry.alias());
        labels.put("hostname", entry.hostname());
        labels.put("service", entry.service());
        labels.put("public_key", entry.targetPublicKey().toString());
        labels.put("__metrics_path__", proxy.path(entry.alias()));
        if (proxy.secure()) {
            labels.put("__scheme__", "https");
        }
        return labels;
    }
}
