package org.aliasrpc.spring.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.Keys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.PropertySource;
import org.springframework.mock.env.MockEnvironment;

class AliasTargetsTest {
    private static final String PATH = "/scrape/{alias}/metrics";

    private final FakeRegistry registry = new FakeRegistry().with("app", Keys.key(1), "a-host", "a-service");
    private final MockEnvironment environment = new MockEnvironment().withProperty("local.server.port", "9400");

    private List<TargetGroup> list(@Nullable String address, String askedHost) {
        return new AliasTargets(registry, new ScrapeLocation(environment, address, PATH), Map.of("site", "north"))
                .list(askedHost);
    }

    @Test
    void namesTheProxyAndTheLabels() {
        assertThat(list(null, "prometheus-side.example"))
                .containsExactly(new TargetGroup(
                        List.of("prometheus-side.example:9400"),
                        Map.of(
                                "site", "north",
                                "instance", "app",
                                "alias", "app",
                                "hostname", "a-host",
                                "service", "a-service",
                                "public_key", Keys.key(1).toString(),
                                "__metrics_path__", "/scrape/app/metrics")));
    }

    @Test
    void aConfiguredAddressWins() {
        assertThat(list("proxy:80", "other").get(0).targets()).containsExactly("proxy:80");
    }

    @Test
    void anUnknownHostIsTheOneBoundTo() {
        assertThat(list(null, "").get(0).targets()).containsExactly("localhost:9400");
        environment.setProperty("server.address", "127.0.0.1");
        assertThat(list(null, "").get(0).targets()).containsExactly("127.0.0.1:9400");
        assertThat(list(null, "::1").get(0).targets()).containsExactly("[::1]:9400");
    }

    @Test
    void contextPathAndTlsAreTold() {
        environment.setProperty("server.servlet.context-path", "/ctx");
        environment.setProperty("server.ssl.bundle", "web");
        assertThat(list(null, "").get(0).labels())
                .containsEntry("__metrics_path__", "/ctx/scrape/app/metrics")
                .containsEntry("__scheme__", "https");
    }

    @Test
    void whatAPathCannotHoldIsEncoded() {
        registry.clear();
        registry.with("a b/c%", Keys.key(1), "", "");
        assertThat(list(null, "").get(0).labels())
                .containsEntry("__metrics_path__", "/scrape/a%20b%2Fc%25/metrics")
                .containsEntry("alias", "a b/c%");
    }

    /** Each look takes microseconds, and more with each source of properties. */
    @Test
    void propertiesAreLookedUpOnceForAllAliases() {
        var looks = new AtomicInteger();
        environment.getPropertySources().addFirst(new PropertySource<>("counts", looks) {
            @Override
            public @Nullable Object getProperty(String name) {
                looks.incrementAndGet();
                return null;
            }
        });
        list(null, "");
        int forOne = looks.getAndSet(0);
        assertThat(forOne).isPositive();
        for (int i = 0; i < 20; i++) {
            registry.with("app-" + i, Keys.key(2), "", "");
        }
        assertThat(list(null, "")).hasSize(21);
        assertThat(looks).hasValue(forOne);
    }

    @Test
    void aTableThatIsAwayIsNotAnEmptyList() {
        registry.away = true;
        assertThatThrownBy(() -> list(null, "")).isInstanceOf(RegistryUnavailableException.class);
    }
}
