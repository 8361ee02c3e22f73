package org.aliasrpc.spring.limits;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.convert.DurationStyle;

/**
 * So many times in so much time; as text {@code 10/1m}.
 *
 * @param count how many, 1 to {@value #MAX_COUNT}
 * @param period in how much time, 1 s to 1 d
 */
public record Rate(int count, Duration period) {
    private static final int MAX_COUNT = 1_000_000;
    private static final Duration MIN_PERIOD = Duration.ofSeconds(1);
    private static final Duration MAX_PERIOD = Duration.ofDays(1);

    public Rate {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException(
                    "A rate allows something 1 to " + MAX_COUNT + " times, not " + count + " times.");
        }
        if (period.compareTo(MIN_PERIOD) < 0 || period.compareTo(MAX_PERIOD) > 0) {
            throw new IllegalArgumentException("The period of a rate lasts 1 s to 1 d, not " + period + ".");
        }
    }

    /**
     * Reads what the properties hold.
     *
     * @param text a number, a slash, and a duration as Boot writes them
     * @throws IllegalArgumentException if it has another form; the message says what is allowed
     */
    public static Rate valueOf(String text) {
        int slash = text.indexOf('/');
        try {
            if (slash > 0) {
                int count = Integer.parseInt(text.substring(0, slash).strip());
                return new Rate(
                        count,
                        DurationStyle.detectAndParse(text.substring(slash + 1).strip()));
            }
        } catch (NumberFormatException e) {
            // as without a number
        } catch (IllegalArgumentException e) {
            if (String.valueOf(e.getMessage()).contains("rate")) {
                throw e;
            }
        }
        throw new IllegalArgumentException(
                "A rate is written as a number, a slash and a duration, such as 10/1m or 100/1h.");
    }

    /** As the properties hold it. */
    @Override
    public String toString() {
        return count + "/" + DurationStyle.SIMPLE.print(period, unit(period));
    }

    private static ChronoUnit unit(Duration period) {
        if (period.toMillis() % 1000 != 0) {
            return ChronoUnit.MILLIS;
        } else if (period.toSeconds() % 3600 == 0) {
            return ChronoUnit.HOURS;
        }
        return period.toSeconds() % 60 == 0 ? ChronoUnit.MINUTES : ChronoUnit.SECONDS;
    }
}
