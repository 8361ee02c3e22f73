package org.aliasrpc.spring.registry;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a table is kept. A store knows no rule: it hands the rules what it holds, and keeps what they make of it. Safe for
 * use by many threads.
 *
 * <p>Whatever cannot be done fails with {@link RegistryUnavailableException}, as a throw or as the stage's failure.
 */
public interface AliasStore extends AutoCloseable {
    /** For people: {@code memory}, {@code file} or {@code jdbc}. */
    String name();

    /**
     * Opens files and reads them. Called before anything else, and again after {@link #close}, if it is to go on.
     *
     * @throws RuntimeException if it can never work like this
     */
    void start();

    /** Whether it knows what it holds. */
    boolean isLoaded();

    /**
     * Changes one alias, in one step: no other change to it comes between what the rules see and what they decide, on this
     * or any other replica.
     *
     * @param alias the name
     * @param change decides; may be called again, if another replica was faster
     * @return what the last call of {@code change} gave as its result; ends when the change will outlive this process
     */
    <T> CompletionStage<T> change(String alias, Change<T> change);

    /**
     * @param alias the name
     * @return it alone, or nothing
     */
    Snapshot find(String alias);

    /** Everything, in the order of arrival. */
    Snapshot all();

    /** As {@link AliasRegistry#isCounted}. */
    default boolean isCounted() {
        return isLoaded();
    }

    /** How many aliases are there whose expiry is not told yet, as far as is known at the moment. */
    int size();

    /** How many aliases are {@linkplain AliasEntry#isNearExpiry near their expiry}, as far as is known at the moment. */
    default int nearExpiry() {
        Snapshot all = all();
        return (int) all.aliases().stream()
                .filter(alias -> alias.entry().isNearExpiry(all.now()))
                .count();
    }

    /**
     * Marks what is past its deadline as told, and drops what is past its grace period too.
     *
     * @return the newly marked; each alias' expiry appears once, on one replica only
     */
    List<AliasEntry> expire();

    /** How it goes, for health. */
    StoreStatus status();

    /** Makes everything outlive this process, and lets go of files. */
    @Override
    void close();

    /** The rules' side of a change. */
    @FunctionalInterface
    interface Change<T> {
        /**
         * @param before what is held now; null if nothing is
         * @param now by the store's clock, which all replicas share
         * @param live how many aliases there are whose expiry is not told yet
         */
        Step<T> decide(@Nullable StoredAlias before, Instant now, IntSupplier live);
    }

    /**
     * What a change comes to.
     *
     * @param after what to hold from now on: null to drop it; what was before to leave everything as it is
     * @param result for the caller
     */
    record Step<T>(@Nullable StoredAlias after, T result) {}

    /**
     * What was held at one moment.
     *
     * @param now that moment, by the store's clock
     * @param aliases also those past their grace period, if they are not dropped yet
     */
    record Snapshot(Instant now, List<StoredAlias> aliases) {}
}
