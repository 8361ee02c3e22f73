package org.aliasrpc.udx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTableTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAHashMap(long seed) {
        Random random = new Random(seed);
        UdxEndpoint endpoint = new UdxEndpoint(UdxConfig.DEFAULT, random);
        StreamTable table = new StreamTable();
        Map<Integer, StreamCore> model = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            int id = random.nextBoolean() ? random.nextInt(200) : random.nextInt(200) << 24;
            if (model.containsKey(id)) {
                table.remove(id);
                model.remove(id);
            } else {
                StreamCore stream = new StreamCore(endpoint, id, Firewall.REFUSE_ALL, 0, 0);
                table.add(stream);
                model.put(id, stream);
            }
            table.remove(-1); // never there
            assertThat(table.size()).isEqualTo(model.size());
            int asked = random.nextInt(200);
            assertThat(table.get(asked)).as("seed " + seed).isSameAs(model.get(asked));
            assertThat(table.get(asked << 24)).as("seed " + seed).isSameAs(model.get(asked << 24));
        }
    }
}
