package org.aliasrpc.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One run of one load on one server.
 *
 * @param perSecond operations, or megabytes for bulk
 * @param p50Micros of one operation; 0 for bulk
 * @param p99Micros of one operation; 0 for bulk
 * @param serverCpuMicros for one operation, or one megabyte
 * @param clientCpuMicros of the load generator, likewise: near a full core it is the limit
 * @param failures operations that failed
 */
record Measurement(
        double perSecond,
        double p50Micros,
        double p99Micros,
        double serverCpuMicros,
        double clientCpuMicros,
        int failures) {
    static String header() {
        return String.format(
                Locale.ROOT,
                "%-22s %-10s %20s %10s %10s %26s %10s %5s",
                "load",
                "server",
                "per second",
                "p50 us",
                "p99 us",
                "server CPU us",
                "client CPU",
                "fail");
    }

    /** Medians, with the range where it matters. */
    static String row(String load, String server, List<Measurement> runs) {
        return String.format(
                Locale.ROOT,
                "%-22s %-10s %20s %10.0f %10.0f %26s %10.0f %5d",
                load,
                server,
                range(runs, Measurement::perSecond),
                median(runs, Measurement::p50Micros),
                median(runs, Measurement::p99Micros),
                range(runs, Measurement::serverCpuMicros),
                median(runs, Measurement::clientCpuMicros),
                runs.stream().mapToInt(Measurement::failures).sum());
    }

    /** How many times as good ours is: above 1 is better, for each figure. */
    static String ratios(List<Measurement> reference, List<Measurement> ours) {
        return String.format(
                Locale.ROOT,
                "%-22s %-10s %20s %10s %10s %26s",
                "",
                "ratio",
                ratio(median(ours, Measurement::perSecond), median(reference, Measurement::perSecond)),
                ratio(median(reference, Measurement::p50Micros), median(ours, Measurement::p50Micros)),
                ratio(median(reference, Measurement::p99Micros), median(ours, Measurement::p99Micros)),
                ratio(median(reference, Measurement::serverCpuMicros), median(ours, Measurement::serverCpuMicros)));
    }

    private static String ratio(double better, double than) {
        return than == 0 ? "" : String.format(Locale.ROOT, "%.2fx", better / than);
    }

    static double median(List<Measurement> runs, ToDoubleFunction<Measurement> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static String range(List<Measurement> runs, ToDoubleFunction<Measurement> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        String form = Arrays.stream(sorted).max().orElse(0) < 100 ? "%.1f (%.1f-%.1f)" : "%.0f (%.0f-%.0f)";
        return String.format(Locale.ROOT, form, sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }
}
