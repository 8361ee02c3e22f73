package org.aliasrpc.spring.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The load benchmark of the service: ours, a Boot application with the scrape proxy, and the reference's bridge under the
 * same load, in turn, in one run. Each service lives in a process of its own, as do the targets; this process asks over
 * HTTP. CPU is that of the service's process alone. Three loads:
 *
 * <ol>
 *   <li>{@code scrape}: few targets with 10 KB, 100 KB and 1 MB of metrics, scraped again and again, one and 16 at a time.
 *   <li>{@code many}: many targets with 1000 series, 100 KB, scraped once each in a round; the connections to them were
 *       opened in a round before.
 *   <li>{@code expiry}: {@link ExpiryLoad}.
 * </ol>
 *
 * <p>Run with {@code mvn -P load-benchmark -pl alias-rpc-spring-boot-starter -am verify}; options are those of {@link
 * LoadOptions}, as {@code -Dbenchmark.args="-Drounds=5 -Dscale=0.1"}. Prints Markdown. Linux only: CPU time is read from
 * {@code /proc}.
 */
final class ScrapeLoad {
    private static final int SERIES_LENGTH = 100_000;

    /** Of texts of 100 KB and more; shorter ones come first and need the most: C2 is at work for 20 000 requests. */
    private static final int WARM_UPS = 2000;

    private final LoadOptions options;
    private final Surroundings surroundings;

    private ScrapeLoad(LoadOptions options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    /** One way to scrape one service. */
    private record Way(Service service, boolean gzip) {
        String name() {
            return gzip ? service.name() + ", gzip" : service.name();
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        LoadOptions options = LoadOptions.fromSystem();
        say("%s", options.describe());
        try (Surroundings surroundings = new Surroundings(options)) {
            ScrapeLoad load = new ScrapeLoad(options, surroundings);
            if (options.wants("scrape")) {
                load.scrape();
            }
            if (options.wants("many")) {
                load.many();
            }
            if (options.wants("expiry")) {
                new ExpiryLoad(options, surroundings).run();
            }
        }
    }

    @SuppressWarnings("SystemOut")
    static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** The bridge first: its CPU is what others are compared with. */
    private List<Service> services() throws IOException, InterruptedException {
        List<Service> services = new ArrayList<>();
        surroundings.bridge(Map.of()).ifPresent(services::add);
        services.add(surroundings.ours("memory", Map.of()));
        return services;
    }

    private List<Way> ways(List<Service> services) {
        List<Way> ways = new ArrayList<>();
        services.forEach(service -> ways.add(new Way(service, false)));
        if (options.gzip()) {
            ways.add(new Way(services.get(services.size() - 1), true));
        }
        return ways;
    }

    private static void close(List<Service> services) {
        services.forEach(Service::close);
    }

    private void scrape() throws IOException, InterruptedException {
        List<Service> services = services();
        try (var targets = surroundings.targets(options.targets(), services)) {
            List<Way> ways = ways(services);
            for (int length : options.lengths()) {
                targets.length(length);
                for (Way way : ways) {
                    for (int scrapers : options.atOnce()) { // not the same code is hot
                        run(
                                way,
                                options.scaled(warmUps(length))
                                        / options.atOnce().size(),
                                scrapers,
                                length);
                    }
                }
            }
            say("%n%d targets%n", options.targets());
            say(
                    "| Text, scrapes at once | Service | scrapes/s | p50 ms | p99 ms | longest ms | CPU ms a scrape | CPU ratio | of it compilers | body KB | failed |");
            say("|---|---|---|---|---|---|---|---|---|---|---|");
            for (int length : options.lengths()) {
                targets.length(length);
                for (int scrapers : options.atOnce()) {
                    compare(ways, length, scrapers);
                }
            }
            memory(services);
        } finally {
            close(services);
        }
    }

    private static int warmUps(int length) {
        return length == SERIES_LENGTH ? WARM_UPS : length < SERIES_LENGTH ? 10 * WARM_UPS : WARM_UPS / 10;
    }

    private static int scrapes(int length) {
        return Math.min(4000, 200_000_000 / length);
    }

    private ScrapeRun run(Way way, int scrapes, int scrapers, int length) throws IOException, InterruptedException {
        return ScrapeRun.of(way.service(), options.targets(), scrapes, scrapers, length, way.gzip());
    }

    private void compare(List<Way> ways, int length, int scrapers) throws IOException, InterruptedException {
        Map<Way, List<ScrapeRun>> runs = new LinkedHashMap<>();
        for (int round = 0; round < options.rounds(); round++) {
            for (Way way : ways) {
                runs.computeIfAbsent(way, key -> new ArrayList<>())
                        .add(run(way, options.scaled(scrapes(length)), scrapers, length));
            }
        }
        double reference = options.bridge() ? median(runs.values().iterator().next(), ScrapeRun::cpu) : Double.NaN;
        runs.forEach((way, all) -> say(
                "| %d KB, %d | %s | %s | %.2f | %.2f | %.0f | %s | %.2f | %.2f | %.1f | %d |",
                length / 1000,
                scrapers,
                way.name(),
                range(all, ScrapeRun::perSecond),
                median(all, ScrapeRun::p50),
                median(all, ScrapeRun::p99),
                all.stream().mapToDouble(ScrapeRun::worst).max().orElse(0),
                range(all, ScrapeRun::cpu),
                reference / median(all, ScrapeRun::cpu),
                median(all, ScrapeRun::compilers),
                all.get(0).body() / 1e3,
                all.stream().mapToInt(ScrapeRun::failures).sum()));
    }

    private void many() throws IOException, InterruptedException {
        List<Service> services = services();
        try (var targets = surroundings.targets(options.manyTargets(), services)) {
            targets.length(SERIES_LENGTH);
            say(
                    "%n%d targets with 1000 series each, every one scraped once in a round, %d at a time%n",
                    options.manyTargets(), options.scrapers());
            say("| Round | Service | s | p50 ms | p99 ms | longest ms | CPU ms a scrape | failed |");
            say("|---|---|---|---|---|---|---|---|");
            List<Way> ways = ways(services);
            for (int round = 0; round <= options.rounds(); round++) {
                for (Way way : ways) {
                    ScrapeRun all = ScrapeRun.of(
                            way.service(),
                            options.manyTargets(),
                            options.manyTargets(),
                            options.scrapers(),
                            SERIES_LENGTH,
                            way.gzip());
                    say(
                            "| %s | %s | %.2f | %.1f | %.1f | %.0f | %.2f | %d |",
                            round > 0 ? Integer.toString(round) : way.gzip() ? "warms up" : "opens the connections",
                            way.name(),
                            all.seconds(),
                            all.p50(),
                            all.p99(),
                            all.worst(),
                            all.cpu(),
                            all.failures());
                }
            }
            memory(services);
        } finally {
            close(services);
        }
    }

    private static void memory(List<Service> services) throws InterruptedException {
        say("%n| Service | live heap MB | heap taken MB | resident MB |%n|---|---|---|---|");
        for (Service service : services) {
            Service.Memory memory = service.memory();
            say(
                    "| %s | %.0f | %.0f | %.0f |",
                    service.name(), memory.live() / 1e6, memory.taken() / 1e6, memory.resident() / 1e6);
        }
    }

    static double median(List<ScrapeRun> runs, ToDoubleFunction<ScrapeRun> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static String range(List<ScrapeRun> runs, ToDoubleFunction<ScrapeRun> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        String form = Arrays.stream(sorted).max().orElse(0) < 100 ? "%.2f (%.2f–%.2f)" : "%.0f (%.0f–%.0f)";
        return String.format(Locale.ROOT, form, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }
}
