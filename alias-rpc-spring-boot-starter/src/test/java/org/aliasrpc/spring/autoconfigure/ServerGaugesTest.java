package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.Stream;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeServer;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;

class ServerGaugesTest {
    private final FakeRegistry aliases = new FakeRegistry().with("app", Keys.key(1), "", "");
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private Stream<Double> values() {
        return Stream.of("alias.rpc.server.aliases", "alias.rpc.server.aliases.near.expiry")
                .map(name -> meters.get(name).gauge().value());
    }

    @Test
    void ofATableThatIsAwayNothingIsTold() {
        new ServerGauges(new FakeServer(), aliases).bindTo(meters);
        assertThat(values()).containsExactly(1.0, 0.0);
        aliases.away = true;
        assertThat(values()).containsExactly(Double.NaN, Double.NaN);
        aliases.away = false;
        assertThat(values()).containsExactly(1.0, 0.0);
    }
}
