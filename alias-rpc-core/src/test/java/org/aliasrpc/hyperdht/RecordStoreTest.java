package org.aliasrpc.hyperdht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.encoding.Bytes;
import org.aliasrpc.net.PeerAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordStoreTest {
    private static final long AGE = 30; // rotates every 20
    private static final Bytes TOPIC = Bytes.utf8("topic");
    private static final List<PeerAddress> RELAYS = List.of(PeerAddress.of("1.2.3.4", 5));

    private final Random random = new Random(1);
    private final RecordStore store = new RecordStore(1000, AGE, 0);

    private static PublicKey key(int number) {
        byte[] key = new byte[32];
        key[0] = (byte) number;
        key[1] = (byte) (number >> 8);
        return PublicKey.of(key);
    }

    private static PeerRecord record(int number) {
        return PeerRecord.of(key(number));
    }

    private List<PeerRecord> all(long now) {
        return store.sample(TOPIC, 1000, random, now);
    }

    @Test
    void aYoungRecordIsNotReplaced() {
        store.add(TOPIC, record(1), 0);
        store.add(TOPIC, new PeerRecord(key(1), RELAYS), 10);
        assertThat(all(10)).containsExactly(record(1));
    }

    @Test
    void anOldRecordIsReplaced() {
        store.add(TOPIC, record(1), 0);
        store.add(TOPIC, new PeerRecord(key(1), RELAYS), 20);
        assertThat(all(20)).containsExactly(new PeerRecord(key(1), RELAYS));
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void recordsAreNotKeptAliveByReading() {
        store.add(TOPIC, record(1), 0);
        assertThat(all(20)).hasSize(1);
        assertThat(all(39)).hasSize(1);
        assertThat(all(40)).isEmpty();
        assertThat(store.size()).isZero();
    }

    @Test
    void samplesAreWithoutRepetitionAndReachEverybody() {
        for (int i = 0; i < 15; i++) {
            store.add(TOPIC, record(i), 0);
        }
        for (int i = 15; i < 50; i++) {
            store.add(TOPIC, record(i), 20); // the first ones are in the old generation now
        }
        Set<PeerRecord> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            List<PeerRecord> sample = store.sample(TOPIC, 20, random, 20);
            assertThat(sample).hasSize(20).doesNotHaveDuplicates();
            seen.addAll(sample);
        }
        assertThat(seen).hasSize(50);
        assertThat(all(20)).hasSize(50).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyOperationsKeepTheBoundAndTheCount(long seed) {
        Random chance = new Random(seed);
        RecordStore small = new RecordStore(40, AGE, 0);
        long now = 0;
        for (int i = 0; i < 5000; i++) {
            Bytes topic = Bytes.copyOf((byte) chance.nextInt(4));
            switch (chance.nextInt(4)) {
                case 0, 1 -> small.add(topic, record(chance.nextInt(100)), now);
                case 2 -> small.remove(topic, key(chance.nextInt(100)));
                default -> now += chance.nextInt(5);
            }
            int counted = 0;
            for (int t = 0; t < 4; t++) {
                List<PeerRecord> records = small.sample(Bytes.copyOf((byte) t), 1000, chance, now);
                assertThat(records).doesNotHaveDuplicates();
                counted += records.size();
            }
            assertThat(small.size()).isEqualTo(counted).isLessThanOrEqualTo(40);
        }
    }

    @Test
    void removedRecordsAreGone() {
        for (int i = 0; i < 3; i++) {
            store.add(TOPIC, record(i), 0);
        }
        store.remove(TOPIC, key(0));
        store.remove(TOPIC, key(0));
        assertThat(all(0)).containsExactlyInAnyOrder(record(1), record(2));
    }
}
