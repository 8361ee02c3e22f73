package org.aliasrpc.spring.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.aliasrpc.spring.event.AliasRpcStoreEvent;
import org.aliasrpc.spring.event.AliasRpcStoreEvent.AliasesUpdated;
import org.aliasrpc.spring.event.AliasRpcStoreEvent.LoadAliasesError;
import org.aliasrpc.spring.event.AliasRpcStoreEvent.WriteAliasesError;
import org.aliasrpc.spring.registry.FileWork.Task;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a table in memory and in the file of the Node bridge, {@code targets.json}, in its format.
 *
 * <p>A thread of its own makes all changes: it takes everything that waits, decides, writes the file once, and only then
 * are the changes visible and the callers answered. So an answer means that the disk has it; at most one write runs and one
 * waits; and what could not be written has never been. Changes that the file does not show, renewals above all, do not wait
 * for it: they are in the state file some seconds later.
 */
public final class FileAliasStore implements AliasStore {
    /** How often the state file is written at most. A crash takes back what renewals brought in this time. */
    static final Duration STATE_INTERVAL = Duration.ofSeconds(5);

    /** How many changes may wait for the disk. */
    static final int MAX_WAITING = 10_000;

    private static final long WAIT_SECONDS = 10;
    private static final String UNWRITABLE = "the table cannot be written";

    private final Path location;
    private final RegistryLimits limits;
    private final Clock clock;
    private final StoreListener listener;
    private volatile FileWork work = newWork();

    /** Guards the table and the fields below: written by the one thread, read by many. */
    private final Object lock = new Object();

    private AliasTable table;
    private List<String> loadProblems = List.of();
    private @Nullable Instant lastWrite;
    private @Nullable String writeProblem;
    private @Nullable String stateProblem;
    private volatile boolean loaded;

    // Of the one thread.
    private StoredFiles files;
    private @Nullable StoreLock held;
    private boolean stateChanged;
    private long stateWrittenNanos;

    /**
     * @param location of the file; it may be absent
     * @param limits of the table
     * @param clock the store's
     * @param listener told of what happens
     */
    public FileAliasStore(Path location, RegistryLimits limits, Clock clock, StoreListener listener) {
        this.location = location.toAbsolutePath();
        this.limits = limits;
        this.clock = clock;
        this.listener = listener;
        this.table = new AliasTable(limits.grace());
        this.files = new StoredFiles(this.location, limits);
    }

    private FileWork newWork() {
        return new FileWork(MAX_WAITING, this::commit, this::tick);
    }

    @Override
    public String name() {
        return "file";
    }

    /**
     * @throws StoreLockedException if another process uses the file
     * @throws StoreUnusableException if its directory cannot be made or written, or it cannot be read
     */
    @Override
    public void start() {
        long begin = System.nanoTime();
        try {
            // A link stays a link: what it points to is replaced.
            Path file = Files.exists(location) ? location.toRealPath() : location;
            Path directory = file.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            held = StoreLock.acquire(file);
            files = new StoredFiles(file, limits);
            StoredFiles.Loaded content = files.load(clock.instant());
            AliasTable fresh = new AliasTable(limits.grace());
            content.aliases().forEach(fresh::put);
            synchronized (lock) {
                table = fresh;
                loadProblems = content.problems();
                writeProblem = null;
                stateProblem = null;
            }
            content.problems()
                    .forEach(problem -> tell(new LoadAliasesError(clock.instant(), location.toString(), problem)));
        } catch (IOException e) {
            release();
            listener.onOperation("load", "error", since(begin));
            throw new StoreUnusableException(location, e);
        }
        listener.onOperation("load", "success", since(begin));
        stateWrittenNanos = System.nanoTime();
        FileWork fresh = newWork();
        fresh.start();
        work = fresh;
        loaded = true;
    }

    @Override
    public boolean isLoaded() {
        return loaded;
    }

    @Override
    public <T> CompletionStage<T> change(String alias, Change<T> change) {
        return work.submit((draft, now, writable) -> draft.apply(alias, now, writable ? change : unseen(change)));
    }

    /** Only what the file does not show. */
    private static <T> Change<T> unseen(Change<T> change) {
        return (before, now, live) -> {
            Step<T> step = change.decide(before, now, live);
            if (!TargetsFile.same(before, step.after())) {
                throw new RegistryUnavailableException(UNWRITABLE);
            }
            return step;
        };
    }

    @Override
    public List<AliasEntry> expire() {
        synchronized (lock) {
            if (writeProblem == null && table.due(clock.instant()).isEmpty()) {
                return List.of();
            }
        }
        // Also a try whether the file can be written again.
        CompletionStage<List<AliasEntry>> told =
                work.submit((draft, now, writable) -> draft.expire(now, limits.grace(), writable));
        try {
            return told.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new RegistryUnavailableException("the table did not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted", e);
        }
    }

    /** Everything that waits, as one write. */
    private void commit(List<Task<?>> tasks) {
        Instant now = clock.instant();
        TableDraft draft = new TableDraft(table);
        tasks.forEach(task -> task.run(draft, now, true));
        TableDraft made = draft;
        if ((shows(draft) || writeProblem() != null) && !write(draft.all(), now)) {
            TableDraft unseen = new TableDraft(table);
            tasks.forEach(task -> task.run(unseen, now, false));
            made = unseen;
        }
        synchronized (lock) {
            made.commit();
        }
        stateChanged |= !made.isEmpty();
        tasks.forEach(Task::finish);
    }

    private static boolean shows(TableDraft draft) {
        boolean[] shows = new boolean[1];
        draft.forEachChange((before, after) -> shows[0] |= !TargetsFile.same(before, after));
        return shows[0];
    }

    private boolean write(List<StoredAlias> aliases, Instant now) {
        long begin = System.nanoTime();
        String before = writeProblem();
        String problem = null;
        try {
            files.writeTargets(aliases);
            listener.onOperation("write", "success", since(begin));
            tell(new AliasesUpdated(now, location.toString()));
        } catch (IOException | RuntimeException e) {
            problem = UNWRITABLE + ": " + e;
            listener.onOperation("write", "error", since(begin));
            if (before == null) {
                tell(new WriteAliasesError(now, location.toString(), e.toString()));
            }
        }
        synchronized (lock) {
            writeProblem = problem;
            lastWrite = problem == null ? now : lastWrite;
        }
        return problem == null;
    }

    /** After each commit, and at least every second; at the end with {@code last}. */
    private void tick(boolean last) {
        long nowNanos = System.nanoTime();
        boolean due = nowNanos - stateWrittenNanos >= STATE_INTERVAL.toNanos();
        if (!stateChanged || !(due || last)) {
            return;
        }
        stateWrittenNanos = nowNanos;
        String problem = null;
        try {
            files.writeState(new ArrayList<>(table.all()));
            stateChanged = false;
            listener.onOperation("write_state", "success", since(nowNanos));
        } catch (IOException | RuntimeException e) {
            problem = "times of renewals cannot be written: " + e;
            listener.onOperation("write_state", "error", since(nowNanos));
        }
        synchronized (lock) {
            stateProblem = problem;
        }
    }

    @Override
    public Snapshot find(String alias) {
        requireLoaded();
        synchronized (lock) {
            StoredAlias stored = table.get(alias);
            return new Snapshot(clock.instant(), stored == null ? List.of() : List.of(stored));
        }
    }

    @Override
    public Snapshot all() {
        requireLoaded();
        synchronized (lock) {
            return new Snapshot(clock.instant(), new ArrayList<>(table.all()));
        }
    }

    private void requireLoaded() {
        if (!loaded) {
            throw new RegistryUnavailableException("the table is not loaded");
        }
    }

    @Override
    public int size() {
        synchronized (lock) {
            return table.live();
        }
    }

    @Override
    public StoreStatus status() {
        synchronized (lock) {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("location", location.toString());
            details.put("aliases", table.live());
            if (lastWrite != null) {
                details.put("lastWrite", lastWrite.toString());
            }
            if (!loadProblems.isEmpty()) {
                details.put("loadProblems", loadProblems.size());
                details.put("loadProblem", loadProblems.get(0));
            }
            return new StoreStatus(
                    loaded && writeProblem == null, writeProblem != null ? writeProblem : stateProblem, details);
        }
    }

    private @Nullable String writeProblem() {
        synchronized (lock) {
            return writeProblem;
        }
    }

    private void tell(AliasRpcStoreEvent event) {
        listener.onEvent(event);
    }

    private static Duration since(long beginNanos) {
        return Duration.ofNanos(System.nanoTime() - beginNanos);
    }

    /** What waits is still done. */
    @Override
    public void close() {
        work.close(Duration.ofSeconds(WAIT_SECONDS));
        loaded = false;
        release();
    }

    private void release() {
        StoreLock lockFile = held;
        held = null;
        if (lockFile != null) {
            try {
                lockFile.close();
            } catch (IOException e) {
                // The process ends, or starts anew and finds out.
            }
        }
    }
}
