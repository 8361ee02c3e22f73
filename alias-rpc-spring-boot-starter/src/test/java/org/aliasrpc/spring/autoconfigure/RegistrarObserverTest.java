package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.aliasrpc.AliasRegistrar;
import org.aliasrpc.spring.limits.RefusalCounts;
import org.junit.jupiter.api.Test;

class RegistrarObserverTest {
    private final List<RegistrarObserver> observers =
            List.of(new RegistrarRefusals(new RefusalCounts(List.of())), new ServerMeters(new SimpleMeterRegistry()));

    @Test
    void aRegistrarThatIsWatchedBlocksAsMuchAsBefore() {
        AliasRegistrar own = (registration, origin) -> CompletableFuture.completedStage(true);
        assertThat(RegistrarObserver.observed(own, observers).isNonBlocking()).isFalse();
        assertThat(RegistrarObserver.observed(AliasRegistrar.nonBlocking(own), observers)
                        .isNonBlocking())
                .isTrue();
    }
}
