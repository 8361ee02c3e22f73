package org.aliasrpc.spring.benchmark;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.PublicKey;

/**
 * Many aliases that expire: how long it takes to register and to renew them through the protocol with one pooled client,
 * what the service works while nothing happens, how long discovery takes, and what the sweep works that ends them all.
 * Ours with either store, and the bridge, which keeps a file and is told to sweep as often as ours, every second.
 */
final class ExpiryLoad {
    private static final int SWEEP_MILLIS = 1000;
    private static final int IDLE_SECONDS = 10;
    private static final int DISCOVERIES = 20;

    /** After the last alias has expired: for the grace period, a second, and the sweep. */
    private static final int AFTER_SECONDS = 4;

    private final LoadOptions options;
    private final Surroundings surroundings;

    ExpiryLoad(LoadOptions options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    /**
     * Time and CPU of something.
     *
     * @param seconds that it took
     * @param cpuMicros of the service
     */
    private record Cost(double seconds, double cpuMicros) {}

    void run() throws IOException, InterruptedException {
        SecureRandom random = new SecureRandom();
        List<PublicKey> keys = Stream.generate(() -> KeyPair.generate(random).publicKey())
                .limit(options.aliases())
                .toList();
        ScrapeLoad.say("%n%d aliases, expiry %d s%n", options.aliases(), options.expirySeconds());
        ScrapeLoad.say("| Service | register: s, CPU µs each | renew: s, CPU µs each | CPU ms/s at rest"
                + " | discovery ms, KB | sweep of all: CPU ms | live heap MB full, empty |");
        ScrapeLoad.say("|---|---|---|---|---|---|---|");
        try (var registrations = new Registrations(surroundings.bootstrap())) {
            var bridge = surroundings.bridge(
                    Map.of("entryExpiryMs", options.expirySeconds() * 1000, "checkExpiredsIntervalMs", SWEEP_MILLIS));
            if (bridge.isPresent()) {
                measure(bridge.get(), registrations, keys, false);
            }
            Map<String, String> properties =
                    Map.of("alias-rpc.server.expiry", options.expirySeconds() + "s", "alias-rpc.server.grace", "1s");
            for (String store : List.of("memory", "file")) {
                measure(surroundings.ours(store, properties), registrations, keys, true);
            }
        }
    }

    private void measure(Service service, Registrations registrations, List<PublicKey> keys, boolean discovery)
            throws IOException, InterruptedException {
        try (service) {
            Cost first = register(service, registrations, keys);
            Cost again = register(service, registrations, keys);
            long renewed = System.nanoTime();
            Cost rest = watch(service, IDLE_SECONDS);
            String discovered = discovery ? discover(service) : "";
            long full = service.memory().live();
            long renewals = (long) (again.seconds() * 1e9);
            long sinceRenewal = System.nanoTime() - renewed;
            // From before the first of them expires until after the last.
            double left = options.expirySeconds() - (sinceRenewal + renewals) / 1e9 - 0.5;
            if (left < 0) {
                throw new IllegalStateException(
                        "aliases expire too early: try -Dexpiry=" + 2 * options.expirySeconds());
            }
            watch(service, left);
            Cost end = watch(service, again.seconds() + AFTER_SECONDS);
            double sweep = end.cpuMicros() - rest.cpuMicros() / rest.seconds() * end.seconds();
            ScrapeLoad.say(
                    "| %s | %.2f, %.0f | %.2f, %.0f | %.1f | %s | %.0f | %.1f, %.1f |",
                    service.name(),
                    first.seconds(),
                    first.cpuMicros() / keys.size(),
                    again.seconds(),
                    again.cpuMicros() / keys.size(),
                    rest.cpuMicros() / 1e3 / rest.seconds(),
                    discovered,
                    sweep / 1e3,
                    full / 1e6,
                    service.memory().live() / 1e6);
        }
    }

    private static Cost register(Service service, Registrations registrations, List<PublicKey> keys)
            throws InterruptedException {
        long cpu = service.usage().cpuMicros();
        double seconds = registrations.register(service, keys);
        return new Cost(seconds, service.usage().cpuMicros() - cpu);
    }

    private static Cost watch(Service service, double seconds) throws InterruptedException {
        long cpu = service.usage().cpuMicros();
        var unused = new CountDownLatch(1).await((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
        return new Cost(seconds, service.usage().cpuMicros() - cpu);
    }

    /** Median time and length of the answer that Prometheus gets. */
    private static String discover(Service service) throws IOException {
        double[] millis = new double[DISCOVERIES];
        long length = 0;
        try (var connection = new HttpConnection(service.port())) {
            for (int i = 0; i < DISCOVERIES; i++) {
                long begin = System.nanoTime();
                length = connection.get("/actuator/aliasrpctargets", false);
                millis[i] = (System.nanoTime() - begin) / 1e6;
            }
        }
        Arrays.sort(millis);
        return String.format(Locale.ROOT, "%.1f, %.0f", millis[DISCOVERIES / 2], length / 1e3);
    }
}
