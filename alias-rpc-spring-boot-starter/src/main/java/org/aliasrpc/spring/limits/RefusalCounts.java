package org.aliasrpc.spring.limits;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** How often an alias server refused, by reason. Safe for use by many threads. */
public final class RefusalCounts {
    private final Map<RefusalReason, LongAdder> counts = new EnumMap<>(RefusalReason.class);
    private final List<Consumer<RefusalReason>> watchers;

    /**
     * @param watchers told of each refusal, also on the event loop: must neither block nor throw
     */
    public RefusalCounts(List<Consumer<RefusalReason>> watchers) {
        for (RefusalReason reason : RefusalReason.values()) {
            counts.put(reason, new LongAdder());
        }
        this.watchers = List.copyOf(watchers);
    }

    /** One more. */
    public void count(RefusalReason reason) {
        adder(reason).increment();
        watchers.forEach(watcher -> watcher.accept(reason));
    }

    /** How many so far. */
    public long total(RefusalReason reason) {
        return adder(reason).sum();
    }

    /** Those that occurred, by tag. */
    public Map<String, Long> totals(boolean ofConnections) {
        Map<String, Long> totals = new LinkedHashMap<>();
        for (RefusalReason reason : RefusalReason.values()) {
            long total = total(reason);
            if (reason.isOfConnections() == ofConnections && total > 0) {
                totals.put(reason.tag(), total);
            }
        }
        return totals;
    }

    private LongAdder adder(RefusalReason reason) {
        return Objects.requireNonNull(counts.get(reason));
    }
}
