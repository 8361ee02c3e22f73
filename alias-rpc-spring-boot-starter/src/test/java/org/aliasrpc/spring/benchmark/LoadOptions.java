package org.aliasrpc.spring.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the run is asked for, as system properties.
 *
 * @param loads {@code -Dloads}: a regular expression of {@code scrape}, {@code many} and {@code expiry}
 * @param scale {@code -Dscale}: length of the first load; 1 is enough for figures
 * @param rounds {@code -Drounds}: how often each row is measured
 * @param lengths {@code -Dlengths} of the texts of the first load, in bytes, with commas
 * @param atOnce {@code -Dat.once}: scrapes at a time of the first load, with commas
 * @param targets {@code -Dtargets} of the first load
 * @param manyTargets {@code -Dmany.targets} of the second load
 * @param scrapers {@code -Dscrapers}: scrapes at a time of the second load
 * @param aliases {@code -Daliases} of the third load
 * @param expirySeconds {@code -Dexpiry} of the third load: longer than its registrations take
 * @param gzip {@code -Dgzip}: whether ours is also asked for compressed answers
 * @param bridge {@code -Dbridge}: whether the reference's bridge runs beside ours
 * @param java {@code -Dservice.java}: home of the JDK that runs our service; else the one that runs the benchmark
 * @param jvm {@code -Dservice.jvm}: options of our service's JVM
 */
record LoadOptions(
        String loads,
        double scale,
        int rounds,
        List<Integer> lengths,
        List<Integer> atOnce,
        int targets,
        int manyTargets,
        int scrapers,
        int aliases,
        int expirySeconds,
        boolean gzip,
        boolean bridge,
        String java,
        List<String> jvm) {
    static LoadOptions fromSystem() {
        return new LoadOptions(
                System.getProperty("loads", ".*"),
                Double.parseDouble(System.getProperty("scale", "1")),
                Integer.getInteger("rounds", 3),
                numbers("lengths", "10000,100000,1000000"),
                numbers("at.once", "1,16"),
                Integer.getInteger("targets", 16),
                Integer.getInteger("many.targets", 1000),
                Integer.getInteger("scrapers", 32),
                Integer.getInteger("aliases", 10_000),
                Integer.getInteger("expiry", 60),
                Boolean.parseBoolean(System.getProperty("gzip", "true")),
                Boolean.parseBoolean(System.getProperty("bridge", "true")),
                System.getProperty("service.java", System.getProperty("java.home")),
                words("service.jvm", "-Xmx512m", " ").toList());
    }

    private static List<Integer> numbers(String property, String usual) {
        return words(property, usual, ",").map(Integer::valueOf).toList();
    }

    private static Stream<String> words(String property, String usual, String separator) {
        return Stream.of(System.getProperty(property, usual).split(separator, -1))
                .filter(word -> !word.isEmpty());
    }

    boolean wants(String load) {
        return load.matches(loads);
    }

    int scaled(int count) {
        return Math.max(1, (int) (count * scale));
    }

    String describe() {
        return String.format(
                Locale.ROOT,
                "%d processors, Java %s, service's JVM %s %s, scale %s, %d rounds: medians (with ranges)",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                java,
                jvm,
                scale,
                rounds);
    }
}
