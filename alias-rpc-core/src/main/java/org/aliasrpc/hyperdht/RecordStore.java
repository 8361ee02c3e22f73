package org.aliasrpc.hyperdht;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;

/**
 * Records announced on topics, in two generations like {@link AgeingCache}, bounded over all topics.
 *
 * <p>While a record is in the young generation a repeated announce does not replace it (hyperdht.md §12.3).
 */
final class RecordStore {
    private final int maxYoung;
    private final long rotationNanos;

    private Map<Bytes, Topic> young = new HashMap<>();
    private Map<Bytes, Topic> old = new HashMap<>();
    private int youngRecords;
    private int oldRecords;
    private long rotatedNanos;

    /**
     * @param maxRecords over all topics and both generations
     * @param maxAgeNanos the age
     * @param nowNanos the time
     */
    RecordStore(int maxRecords, long maxAgeNanos, long nowNanos) {
        this.maxYoung = Math.max(1, maxRecords / 2);
        this.rotationNanos = maxAgeNanos / 3 * 2;
        this.rotatedNanos = nowNanos;
    }

    /** Stores a record unless the topic has a young one of the same key. */
    void add(Bytes target, PeerRecord record, long nowNanos) {
        rotateWhenDue(nowNanos);
        Topic present = young.get(target);
        if (present != null && present.contains(record.publicKey())) {
            return;
        }
        oldRecords -= removeFrom(old, target, record.publicKey());
        if (youngRecords >= maxYoung) {
            rotate();
        }
        young.computeIfAbsent(target, t -> new Topic()).add(record);
        youngRecords++;
    }

    /** Forgets a record now. */
    void remove(Bytes target, PublicKey publicKey) {
        youngRecords -= removeFrom(young, target, publicKey);
        oldRecords -= removeFrom(old, target, publicKey);
    }

    /**
     * Some records of a topic.
     *
     * @param target the topic
     * @param count at most so many, drawn at random when there are more
     * @param random draws
     * @param nowNanos the time
     */
    List<PeerRecord> sample(Bytes target, int count, RandomGenerator random, long nowNanos) {
        rotateWhenDue(nowNanos);
        List<PeerRecord> newer = records(young, target);
        List<PeerRecord> older = records(old, target);
        int total = newer.size() + older.size();
        List<PeerRecord> chosen = new ArrayList<>(Math.min(count, total));
        // Floyd's sampling: a hostile topic of thousands of records costs no more than a small one.
        Set<Integer> drawn = new HashSet<>();
        for (int upper = Math.max(0, total - count); upper < total; upper++) {
            int index = random.nextInt(upper + 1);
            if (!drawn.add(index)) {
                index = upper;
                drawn.add(index);
            }
            chosen.add(index < newer.size() ? newer.get(index) : older.get(index - newer.size()));
        }
        return chosen;
    }

    /** Records of all topics in both generations. */
    int size() {
        return youngRecords + oldRecords;
    }

    private static List<PeerRecord> records(Map<Bytes, Topic> generation, Bytes target) {
        Topic topic = generation.get(target);
        return topic == null ? List.of() : topic.records;
    }

    private static int removeFrom(Map<Bytes, Topic> generation, Bytes target, PublicKey publicKey) {
        Topic topic = generation.get(target);
        if (topic == null || !topic.remove(publicKey)) {
            return 0;
        }
        if (topic.records.isEmpty()) {
            generation.remove(target);
        }
        return 1;
    }

    private void rotateWhenDue(long nowNanos) {
        long elapsed = nowNanos - rotatedNanos;
        if (elapsed < rotationNanos) {
            return;
        }
        rotate();
        if (elapsed >= 2 * rotationNanos) {
            rotate();
        }
        rotatedNanos = nowNanos;
    }

    private void rotate() {
        Map<Bytes, Topic> emptied = old;
        emptied.clear();
        old = young;
        oldRecords = youngRecords;
        young = emptied;
        youngRecords = 0;
    }

    /** Records of one topic in one generation: indexed for drawing, and by key. */
    private static final class Topic {
        private final List<PeerRecord> records = new ArrayList<>(1);
        private final Map<PublicKey, Integer> indexes = new HashMap<>(2);

        boolean contains(PublicKey publicKey) {
            return indexes.containsKey(publicKey);
        }

        void add(PeerRecord record) {
            indexes.put(record.publicKey(), records.size());
            records.add(record);
        }

        boolean remove(PublicKey publicKey) {
            Integer index = indexes.remove(publicKey);
            if (index == null) {
                return false;
            }
            PeerRecord last = records.remove(records.size() - 1);
            if (index < records.size()) {
                records.set(index, last);
                indexes.put(last.publicKey(), index);
            }
            return true;
        }
    }
}
