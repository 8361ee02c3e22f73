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
 * @param targets {@code -Dtargets} of the first load
 * @param manyTargets {@code -Dmany.targets} of the second load
 * @param scrapers {@code -Dscrapers}: scrapes at a time of the second load
 * @param aliases {@code -Daliases} of the third load
 * @param expirySeconds {@code -Dexpiry} of the third load: longer than its registrations take
 * @param bridge {@code -Dbridge}: whether the reference's bridge runs beside ours
 * @param jvm {@code -Dservice.jvm}: options of our service's JVM
 */
record LoadOptions(
        String loads,
        double scale,
        int rounds,
        List<Integer> lengths,
        int targets,
        int manyTargets,
        int scrapers,
        int aliases,
        int expirySeconds,
        boolean bridge,
        List<String> jvm) {
    static LoadOptions fromSystem() {
        return new LoadOptions(
                System.getProperty("loads", ".*"),
                Double.parseDouble(System.getProperty("scale", "1")),
                Integer.getInteger("rounds", 3),
                words("lengths", "10000,100000,1000000").map(Integer::valueOf).toList(),
                Integer.getInteger("targets", 16),
                Integer.getInteger("many.targets", 1000),
                Integer.getInteger("scrapers", 32),
                Integer.getInteger("aliases", 10_000),
                Integer.getInteger("expiry", 60),
                Boolean.parseBoolean(System.getProperty("bridge", "true")),
                words("service.jvm", "-Xmx512m").toList());
    }

    private static Stream<String> words(String property, String usual) {
        return Stream.of(System.getProperty(property, usual).split(property.equals("lengths") ? "," : " ", -1))
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
                "%d processors, Java %s, service's JVM %s, scale %s, %d rounds: medians (with ranges)",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                jvm,
                scale,
                rounds);
    }
}
