package org.aliasrpc.spring.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What scraping a service brought.
 *
 * @param seconds in all
 * @param perSecond scrapes
 * @param p50 ms of one scrape
 * @param p99 ms of one scrape
 * @param worst ms of the longest scrape
 * @param cpu ms of CPU of the service's process for one scrape
 * @param compilers ms of it that were those of the JIT compilers; 0 for the bridge, whose compiler has no name
 * @param body bytes of one answer, as they came
 * @param failures scrapes without the whole text
 */
record ScrapeRun(
        double seconds,
        double perSecond,
        double p50,
        double p99,
        double worst,
        double cpu,
        double compilers,
        long body,
        int failures) {
    /**
     * Several scrapers, each with a connection of its own that it keeps, take turns at the aliases.
     *
     * @param service to scrape from
     * @param aliases as {@link #alias} names them, from 0 on
     * @param scrapes in all
     * @param scrapers at a time
     * @param length of the text, if known; else -1
     * @param gzip whether the answers are compressed
     */
    static ScrapeRun of(Service service, int aliases, int scrapes, int scrapers, int length, boolean gzip)
            throws IOException, InterruptedException {
        List<HttpConnection> connections = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(scrapers);
        try {
            for (int i = 0; i < scrapers; i++) {
                connections.add(new HttpConnection(service.port()));
            }
            var work = new Work(new long[scrapes], aliases, length, gzip);
            long cpu = service.usage().cpuMicros();
            long compilers = service.usage().compilerMicros();
            long begin = System.nanoTime();
            List<Future<?>> running = new ArrayList<>();
            for (HttpConnection connection : connections) {
                running.add(threads.submit(() -> work.run(connection)));
            }
            for (Future<?> one : running) {
                one.get();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            return work.result(
                    seconds, service.usage().cpuMicros() - cpu, service.usage().compilerMicros() - compilers);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
            for (HttpConnection connection : connections) {
                connection.close();
            }
        }
    }

    static String alias(int number) {
        return "app-" + number;
    }

    /** What the scrapers share. */
    private static final class Work {
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicReference<@Nullable IOException> firstFailure = new AtomicReference<>();
        private final long[] nanos;
        private final String[] paths;
        private final int length;
        private final boolean gzip;
        private volatile long body;

        Work(long[] nanos, int aliases, int length, boolean gzip) {
            this.nanos = nanos;
            this.paths = IntStream.range(0, aliases)
                    .mapToObj(number -> "/scrape/" + alias(number) + "/metrics")
                    .toArray(String[]::new);
            this.length = length;
            this.gzip = gzip;
        }

        void run(HttpConnection connection) {
            for (int i = next.getAndIncrement(); i < nanos.length; i = next.getAndIncrement()) {
                long begin = System.nanoTime();
                try {
                    body = connection.get(paths[i % paths.length], gzip);
                    if (!gzip && length >= 0 && body != length) {
                        throw new IOException(body + " bytes instead of " + length);
                    }
                } catch (IOException e) {
                    failures.incrementAndGet();
                    firstFailure.compareAndSet(null, e);
                }
                nanos[i] = System.nanoTime() - begin;
            }
        }

        @SuppressWarnings("SystemOut")
        ScrapeRun result(double seconds, long cpuMicros, long compilerMicros) {
            IOException failure = firstFailure.get();
            if (failure != null) {
                System.err.println("first of " + failures.get() + " failures: " + failure);
            }
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return new ScrapeRun(
                    seconds,
                    nanos.length / seconds,
                    sorted[sorted.length / 2] / 1e6,
                    sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)] / 1e6,
                    sorted[sorted.length - 1] / 1e6,
                    cpuMicros / 1e3 / nanos.length,
                    compilerMicros / 1e3 / nanos.length,
                    body,
                    failures.get());
        }
    }
}
