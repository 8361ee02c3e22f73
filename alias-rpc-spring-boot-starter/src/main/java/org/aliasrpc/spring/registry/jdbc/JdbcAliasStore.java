package org.aliasrpc.spring.registry.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.aliasrpc.spring.registry.AliasEntry;
import org.aliasrpc.spring.registry.AliasStore;
import org.aliasrpc.spring.registry.RegistryLimits;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.aliasrpc.spring.registry.StoreListener;
import org.aliasrpc.spring.registry.StoreStatus;
import org.aliasrpc.spring.registry.StoredAlias;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps a table in a database, which several replicas of an alias server may share. Nothing is remembered here: each answer
 * comes from the database, and so does the time by which aliases are over.
 *
 * <p>A change reads the alias' row, decides, and writes it if its version is still the one that was read; if another replica
 * was faster, it begins anew. An alias' expiry is told by the replica whose statement marked the row. When the table is
 * nearly full the aliases are counted in the transaction that adds one: replicas that add several at the same moment may
 * exceed the limit by as many, which is at most their number times {@link Settings#threads}.
 */
public final class JdbcAliasStore implements AliasStore {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcAliasStore.class);

    /** This far from the limit, and a tenth of it, aliases are counted once a second only. */
    private static final int EXACT_BELOW = 100;

    private static final Pattern PASSWORD = Pattern.compile("(password|pwd)=[^&;\\s]+", Pattern.CASE_INSENSITIVE);

    private final AliasRows rows;
    private final RegistryLimits limits;
    private final TransactionTemplate transactions;
    private final DatabaseCalls calls;
    private final UnaryOperator<Instant> time;
    private final Duration timeout;

    private volatile boolean started;
    private final AtomicInteger live = new AtomicInteger();
    private volatile int nearExpiry;
    private volatile boolean counted; // since the database last failed
    private volatile @Nullable String problem;

    /**
     * How to use the database.
     *
     * @param tablePrefix what the table's name begins with, see {@link AliasTableName}
     * @param timeout after which an operation is given up
     * @param threads how many operations run at a time at most
     */
    public record Settings(AliasTableName tablePrefix, Duration timeout, int threads) {}

    /**
     * @param dataSource of the database
     * @param settings how to use it
     * @param limits of the table
     * @param threads run what blocks, {@link Settings#threads} at a time
     * @param listener told of what happens
     */
    public JdbcAliasStore(
            DataSource dataSource, Settings settings, RegistryLimits limits, Executor threads, StoreListener listener) {
        this(dataSource, settings, limits, new DatabaseCalls(threads, settings, listener), UnaryOperator.identity());
    }

    /** For tests, in which time is what they say. */
    JdbcAliasStore(
            DataSource dataSource,
            Settings settings,
            RegistryLimits limits,
            DatabaseCalls calls,
            UnaryOperator<Instant> time) {
        this.rows = new AliasRows(JdbcClient.create(dataSource), settings.tablePrefix());
        this.limits = limits;
        this.calls = calls;
        this.time = time;
        this.timeout = settings.timeout();
        // A manager of our own: the application's may be for another kind of transaction.
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.transactions.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        this.transactions.setTimeout((int) Math.max(1, settings.timeout().toSeconds()));
    }

    @Override
    public String name() {
        return "jdbc";
    }

    /** Works without the database too: it may come later. */
    @Override
    public void start() {
        calls.open();
        started = true;
        try {
            calls.await("count", () -> count(now()));
            problem = null;
        } catch (RegistryUnavailableException e) {
            onFailure(e);
        }
    }

    private Instant now() {
        return time.apply(rows.now());
    }

    private AliasRows.Counts count(Instant now) {
        AliasRows.Counts found = rows.count(now.plus(limits.expiry().dividedBy(3)));
        live.set(found.live());
        nearExpiry = found.overSoon();
        counted = true;
        return found;
    }

    /** There is nothing to load; whether the database answers is seen when it is asked. */
    @Override
    public boolean isLoaded() {
        return started;
    }

    @Override
    public <T> CompletionStage<T> change(String alias, Change<T> change) {
        return calls.submit("change", () -> changed(alias, change)).whenComplete(this::noticed);
    }

    private <T> T changed(String alias, Change<T> change) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < timeout.toNanos()) {
            try {
                Outcome<T> outcome = transactions.execute(status -> attempt(alias, change));
                if (outcome != null && outcome.made()) {
                    return outcome.result();
                }
            } catch (DuplicateKeyException | ConcurrencyFailureException e) {
                // Another replica was faster; what it did is seen in the next attempt.
            }
        }
        throw new RegistryUnavailableException("other servers change this alias all the time");
    }

    /**
     * @param made false if another replica changed the row in between
     */
    private record Outcome<T>(boolean made, T result) {}

    private <T> Outcome<T> attempt(String alias, Change<T> change) {
        AliasRows.Read read = rows.find(alias);
        AliasRows.Row row = read.rows().isEmpty() ? null : read.rows().get(0);
        StoredAlias before = row == null ? null : row.alias();
        Step<T> step = change.decide(before, time.apply(read.now()), this::liveForLimit);
        StoredAlias after = step.after();
        if (Objects.equals(after, before)) {
            return new Outcome<>(true, step.result());
        }
        // By chance, so that no row that was dropped and made anew is taken for the one that was read.
        long version = ThreadLocalRandom.current().nextLong();
        boolean made = true;
        if (row == null && after != null) {
            rows.insert(after, version);
            live.incrementAndGet(); // until the next tick counts; not exact, and need not be
        } else if (row != null) {
            made = after == null ? rows.delete(row) : rows.update(after, row.version(), version);
        }
        return new Outcome<>(made, step.result());
    }

    /** Counts where it matters: far below the limit the last tick's number is good enough, and saves a scan. */
    private int liveForLimit() {
        int known = live.get();
        int max = limits.maxAliases();
        return known < max - max / 10 - EXACT_BELOW ? known : rows.live();
    }

    @Override
    public Snapshot find(String alias) {
        return snapshot(watched("find", () -> rows.find(alias)));
    }

    @Override
    public Snapshot all() {
        return snapshot(watched("list", rows::all));
    }

    private Snapshot snapshot(AliasRows.Read read) {
        List<StoredAlias> aliases = new ArrayList<>();
        read.rows().forEach(row -> aliases.add(row.alias()));
        return new Snapshot(time.apply(read.now()), aliases);
    }

    @Override
    public boolean isCounted() {
        return started && counted;
    }

    /** As of the last second, or the last time that the database answered. */
    @Override
    public int size() {
        return live.get();
    }

    /** As {@link #size}: reading the table each time that somebody looks would cost what it holds. */
    @Override
    public int nearExpiry() {
        return nearExpiry;
    }

    @Override
    public List<AliasEntry> expire() {
        return watched("expire", () -> {
            List<AliasEntry> told = transactions.execute(status -> {
                Instant now = now();
                List<AliasEntry> marked = rows.tellExpired(
                        now, UUID.randomUUID(), ThreadLocalRandom.current().nextLong());
                rows.deleteTold(now.minus(limits.grace()));
                count(now);
                return marked;
            });
            return told == null ? List.<AliasEntry>of() : told;
        });
    }

    private <T> T watched(String operation, Supplier<T> call) {
        try {
            T result = calls.await(operation, call);
            noticed(result, null);
            return result;
        } catch (RegistryUnavailableException e) {
            noticed(null, e);
            throw e;
        }
    }

    private void noticed(@Nullable Object result, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof RegistryUnavailableException) {
                onFailure(cause);
            }
        } else if (problem != null) {
            problem = null;
            LOG.info("The database with the alias table answers again");
        }
    }

    private void onFailure(Throwable failure) {
        counted = false;
        Throwable cause = failure.getCause();
        String why = cause == null ? "" : ": " + NestedExceptionUtils.getMostSpecificCause(cause);
        // Some drivers quote the URL, and some URLs hold the password.
        String text = PASSWORD.matcher(failure.getMessage() + why).replaceAll("$1=...");
        if (problem == null) {
            LOG.warn("The alias table cannot be used, registrations are refused: {}", text);
        }
        problem = text;
    }

    @Override
    public StoreStatus status() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("table", rows.table());
        details.put("aliases", live.get());
        String current = problem;
        return new StoreStatus(started && current == null, current, details);
    }

    /** The DataSource is its owner's. */
    @Override
    public void close() {
        started = false;
        calls.close();
    }
}
