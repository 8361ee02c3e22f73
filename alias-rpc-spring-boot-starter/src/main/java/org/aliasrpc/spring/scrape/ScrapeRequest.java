package org.aliasrpc.spring.scrape;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the headers of a scrape over HTTP ask for. */
final class ScrapeRequest {
    static final String TIMEOUT_HEADER = "X-Prometheus-Scrape-Timeout-Seconds";

    /** Prometheus' text format, in which targets answer. */
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Time left for the answer's way back: whoever asked should hear of our timeout before its own. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    /** Nobody makes us hold a request for longer. */
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    private ScrapeRequest() {}

    /**
     * @param header seconds, with fractions; null, or anything that is no such number, means that none was given
     * @param configured used then
     * @return what the scrape may take: the header's time less half a second, or less a tenth of it if that is shorter
     */
    static Duration timeout(@Nullable String header, Duration configured) {
        if (header == null) {
            return configured;
        }
        double seconds;
        try {
            seconds = Double.parseDouble(header.strip());
        } catch (NumberFormatException e) {
            return configured;
        }
        if (!(seconds > 0)) {
            return configured;
        }
        Duration asked =
                Duration.ofMillis(Math.max(1, Math.round(Math.min(seconds, (double) MAX_TIMEOUT.toSeconds()) * 1000)));
        Duration margin = asked.dividedBy(10).compareTo(MARGIN) < 0 ? asked.dividedBy(10) : MARGIN;
        return asked.minus(margin);
    }

    /**
     * @param header Accept-Encoding
     * @return whether gzip is accepted: named, or meant by an asterisk, and not with a quality of 0
     */
    static boolean acceptsGzip(@Nullable String header) {
        if (header == null) {
            return false;
        }
        boolean any = false;
        for (String part : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] halves = part.split(";", 2);
            String coding = halves[0].strip();
            boolean accepted = halves.length == 1 || !halves[1].strip().matches("q\\s*=\\s*0(\\.0*)?");
            if (coding.equals("gzip") || coding.equals("x-gzip")) {
                return accepted;
            }
            any |= coding.equals("*") && accepted;
        }
        return any;
    }
}
