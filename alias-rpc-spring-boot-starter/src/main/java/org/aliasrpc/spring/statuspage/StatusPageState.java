package org.aliasrpc.spring.statuspage;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcEventRing;
import org.aliasrpc.spring.registration.Printable;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.scrape.LastScrape;
import org.aliasrpc.spring.scrape.ScrapeHistory;
import org.aliasrpc.spring.scrape.ScrapeOutcome;
import tools.jackson.databind.json.JsonMapper;

/** What the page shows, as JSON. Texts from the network have their control characters escaped. */
public final class StatusPageState {
    /** Rows of one answer: a table of ten thousand is no good to anybody, and is asked for every two seconds. */
    static final int MAX_ROWS = 500;

    private static final int MAX_EVENTS = 50;

    /** What is expired or refused. */
    private static final Set<String> SHOWN_EVENTS =
            Set.of("alias-expired", "alias-removed", "alias-conflict", "alias-unauthorised", "alias-error");

    private final AliasRegistry registry;
    private final ScrapeHistory scrapes;
    private final AliasRpcEventRing events;
    private final PublicKey publicKey;
    private final Clock clock;
    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * @param registry the table
     * @param scrapes how the targets answered
     * @param events what happened
     * @param publicKey the alias server's
     * @param clock the time
     */
    public StatusPageState(
            AliasRegistry registry, ScrapeHistory scrapes, AliasRpcEventRing events, PublicKey publicKey, Clock clock) {
        this.registry = registry;
        this.scrapes = scrapes;
        this.events = events;
        this.publicKey = publicKey;
        this.clock = clock;
    }

    /**
     * The state at this moment.
     *
     * @param filter part of an alias, hostname or service, in any case; empty for everything
     * @return JSON, UTF-8
     * @throws org.aliasrpc.spring.registry.RegistryUnavailableException while the table is not available
     */
    public byte[] json(String filter) {
        Instant now = clock.instant();
        List<AliasEntry> all = registry.entries();
        String part = filter.strip().toLowerCase(Locale.ROOT);
        List<AliasEntry> matching = part.isEmpty()
                ? all
                : all.stream().filter(entry -> matches(entry, part)).toList();
        List<Map<String, Object>> rows = matching.stream()
                .sorted(Comparator.comparing(AliasEntry::alias))
                .limit(MAX_ROWS)
                .map(entry -> row(entry, now))
                .toList();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("now", now.toString());
        body.put("publicKey", publicKey.toString());
        body.put("counts", counts(all, now));
        body.put("matching", matching.size());
        body.put("shown", rows.size());
        body.put("aliases", rows);
        body.put("events", events());
        return json.writeValueAsBytes(body);
    }

    private static boolean matches(AliasEntry entry, String part) {
        return entry.alias().toLowerCase(Locale.ROOT).contains(part)
                || entry.hostname().toLowerCase(Locale.ROOT).contains(part)
                || entry.service().toLowerCase(Locale.ROOT).contains(part);
    }

    private Map<String, Object> counts(List<AliasEntry> all, Instant now) {
        int up = 0;
        int failing = 0;
        int expired = 0;
        for (AliasEntry entry : all) {
            Optional<LastScrape> last = scrapes.last(entry.alias());
            boolean good = last.isPresent() && last.get().outcome() == ScrapeOutcome.SUCCESS;
            up += good ? 1 : 0;
            failing += last.isPresent() && !good ? 1 : 0;
            expired += entry.isExpired(now) ? 1 : 0;
        }
        return Map.of(
                "total",
                all.size(),
                "up",
                up,
                "failing",
                failing,
                "unscraped",
                all.size() - up - failing,
                "expired",
                expired);
    }

    private Map<String, Object> row(AliasEntry entry, Instant now) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("alias", Printable.of(entry.alias()));
        row.put("publicKey", entry.targetPublicKey().toString());
        row.put("hostname", Printable.of(entry.hostname()));
        row.put("service", Printable.of(entry.service()));
        row.put("firstSeen", entry.firstSeen().toString());
        row.put("lastSeen", entry.lastSeen().toString());
        row.put("expiresAt", entry.expiresAt().toString());
        row.put("expired", entry.isExpired(now));
        scrapes.last(entry.alias()).ifPresent(last -> row.put("scrape", scrape(last)));
        return row;
    }

    private static Map<String, Object> scrape(LastScrape last) {
        return Map.of(
                "at", last.at().toString(),
                "outcome", last.outcome().tag(),
                "reason", Printable.of(last.reason()),
                "durationMillis", last.duration().toMillis(),
                "bytes", last.bytes());
    }

    private List<Map<String, Object>> events() {
        List<AliasRpcEvent> shown = events.events(0, null).stream()
                .map(AliasRpcEventRing.Numbered::event)
                .filter(event -> SHOWN_EVENTS.contains(event.type()))
                .toList();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = shown.size() - 1; i >= 0 && rows.size() < MAX_EVENTS; i--) {
            AliasRpcEvent event = shown.get(i);
            Map<String, Object> details = new LinkedHashMap<>(event.fields());
            Object alias = details.remove("alias");
            rows.add(Map.of(
                    "at", event.occurredAt().toString(),
                    "type", event.type(),
                    "alias", alias == null ? "" : Printable.of(alias.toString()),
                    "details", Printable.of(details.toString())));
        }
        return rows;
    }
}
