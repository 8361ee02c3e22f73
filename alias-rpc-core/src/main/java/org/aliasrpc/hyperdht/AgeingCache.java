package org.aliasrpc.hyperdht;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map that forgets: entries live in two generations, which move on every two thirds of the age and whenever
 * the young one is full. An entry that nobody touches thus lives two thirds to four thirds of the age.
 *
 * <p>Source: docs/protocol/hyperdht.md §12.3.
 *
 * @param <K> keys
 * @param <V> values
 */
final class AgeingCache<K, V> {
    private final int maxYoung;
    private final long rotationNanos;

    private Map<K, V> young = new HashMap<>();
    private Map<K, V> old = new HashMap<>();
    private long rotatedNanos;

    /**
     * @param maxEntries in both generations together
     * @param maxAgeNanos the age
     * @param nowNanos the time
     */
    AgeingCache(int maxEntries, long maxAgeNanos, long nowNanos) {
        this.maxYoung = Math.max(1, maxEntries / 2);
        this.rotationNanos = maxAgeNanos / 3 * 2;
        this.rotatedNanos = nowNanos;
    }

    /** The value, which becomes young again; null when there is none. */
    @Nullable
    V get(K key, long nowNanos) {
        rotateWhenDue(nowNanos);
        V value = young.get(key);
        if (value != null) {
            return value;
        }
        value = old.remove(key);
        if (value != null) {
            insert(key, value);
        }
        return value;
    }

    /** Sets the value, young. */
    void put(K key, V value, long nowNanos) {
        rotateWhenDue(nowNanos);
        old.remove(key);
        insert(key, value);
    }

    /** Forgets the key now. */
    @Nullable
    V remove(K key) {
        V removed = young.remove(key);
        V older = old.remove(key);
        return removed != null ? removed : older;
    }

    /** Entries in both generations. */
    int size() {
        return young.size() + old.size();
    }

    private void insert(K key, V value) {
        if (young.size() >= maxYoung && !young.containsKey(key)) {
            rotate();
        }
        young.put(key, value);
    }

    private void rotateWhenDue(long nowNanos) {
        long elapsed = nowNanos - rotatedNanos;
        if (elapsed < rotationNanos) {
            return;
        }
        rotate();
        if (elapsed >= 2 * rotationNanos) {
            rotate(); // nobody looked for so long that the young ones are over age as well
        }
        rotatedNanos = nowNanos;
    }

    private void rotate() {
        Map<K, V> emptied = old;
        emptied.clear();
        old = young;
        young = emptied;
    }
}
