package org.aliasrpc.spring.scrape;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.MetricsScraper;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.registry.AliasRegistry;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scrapes the target that an alias points to. Connections are pooled below, so that concurrent scrapes of one alias share
 * one. Safe for use by many threads; never fails: failures are results.
 */
public final class AliasScraper {
    /** Longest reason taken over from a target, which may send megabytes of them. */
    private static final int MAX_REASON_LENGTH = 500;

    private static final Logger LOG = LoggerFactory.getLogger(AliasScraper.class);

    private final AliasRegistry registry;
    private final MetricsScraper scraper;
    private final ScrapeHistory history;
    private final List<ScrapeObserver> observers;
    private final Clock clock;

    /**
     * @param registry where the targets are
     * @param scraper with the alias server's key, the only one that targets admit
     * @param history told of each scrape of a known alias
     * @param observers told of each scrape; what they throw changes nothing
     * @param clock for the history
     */
    public AliasScraper(
            AliasRegistry registry,
            MetricsScraper scraper,
            ScrapeHistory history,
            List<ScrapeObserver> observers,
            Clock clock) {
        this.registry = registry;
        this.scraper = scraper;
        this.history = history;
        this.observers = List.copyOf(observers);
        this.clock = clock;
    }

    /**
     * Scrapes.
     *
     * @param alias the name
     * @param timeout over everything
     * @return never fails
     */
    public CompletionStage<ScrapeResult> scrape(String alias, Duration timeout) {
        long begin = System.nanoTime();
        Optional<AliasEntry> found;
        try {
            found = registry.find(alias);
        } catch (RegistryUnavailableException e) {
            return ended(begin, alias, null, ScrapeOutcome.UNAVAILABLE, "The table of aliases is not available");
        }
        if (found.isEmpty()) {
            return ended(begin, alias, null, ScrapeOutcome.UNKNOWN_ALIAS, "Unknown alias");
        }
        AliasEntry entry = found.get();
        Duration left = timeout.minus(since(begin)); // a database may take some of it
        if (left.isNegative() || left.isZero()) {
            return ended(begin, alias, entry, ScrapeOutcome.TIMEOUT, "The table of aliases took all the time");
        }
        List<ScrapeObserver.Scrape> watching = watch(alias, entry);
        return scraper.scrapeAsync(entry.targetPublicKey(), left).handle((text, failure) -> {
            ScrapeResult result = result(text, failure, since(begin));
            history.add(alias, result, clock.instant());
            tell(watching, result);
            return result;
        });
    }

    private List<ScrapeObserver.Scrape> watch(String alias, @Nullable AliasEntry entry) {
        List<ScrapeObserver.Scrape> watching = new ArrayList<>(observers.size());
        for (ScrapeObserver observer : observers) {
            try {
                watching.add(observer.onScrape(alias, entry));
            } catch (RuntimeException e) {
                LOG.warn("An observer failed at the begin of a scrape", e);
            }
        }
        return watching;
    }

    private static void tell(List<ScrapeObserver.Scrape> watching, ScrapeResult result) {
        for (ScrapeObserver.Scrape scrape : watching) {
            try {
                scrape.onEnd(result);
            } catch (RuntimeException e) {
                LOG.warn("An observer failed at the end of a scrape", e);
            }
        }
    }

    private CompletionStage<ScrapeResult> ended(
            long begin, String alias, @Nullable AliasEntry entry, ScrapeOutcome outcome, String reason) {
        ScrapeResult result = ScrapeResult.failure(outcome, reason, since(begin));
        tell(watch(alias, entry), result);
        return CompletableFuture.completedStage(result);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static ScrapeResult result(@Nullable ByteBuffer text, @Nullable Throwable failure, Duration duration) {
        if (text != null) {
            return ScrapeResult.success(text, duration);
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof AliasRpcException.Refused refused) {
            return ScrapeResult.failure(
                    ScrapeOutcome.UPSTREAM_ERROR, "Upstream error: " + shortened(refused.getMessage()), duration);
        }
        if (cause instanceof AliasRpcException.TimedOut) {
            return ScrapeResult.failure(ScrapeOutcome.TIMEOUT, "Upstream timed out", duration);
        }
        if (cause instanceof AliasRpcException.TooLarge) {
            return ScrapeResult.failure(ScrapeOutcome.TOO_LARGE, "Upstream metrics are too large", duration);
        }
        if (cause instanceof AliasRpcException.IncompatibleVersion
                || cause instanceof AliasRpcException.ProtocolViolation
                || cause instanceof AliasRpcException.ChannelRejected) {
            return ScrapeResult.failure(
                    ScrapeOutcome.UPSTREAM_ERROR, "Upstream error: " + shortened(cause.getMessage()), duration);
        }
        if (!(cause instanceof AliasRpcException)) {
            LOG.warn("A scrape failed unexpectedly", cause);
        }
        return ScrapeResult.failure(ScrapeOutcome.UNREACHABLE, "Upstream unavailable", duration);
    }

    private static String shortened(@Nullable String reason) {
        String text = String.valueOf(reason);
        return text.length() <= MAX_REASON_LENGTH ? text : text.substring(0, MAX_REASON_LENGTH) + "...";
    }
}
