package io.dstream.mssql.config;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations in Go's notation, read and written exactly as Go does: `300ms`, `1.5h`, `1m30s`.
///
/// Source: Go's package documentation, `time.ParseDuration` and `time.Duration.String`.
public final class DurationText {

    private static final Pattern SIGN = Pattern.compile("^([-+]?)(.*)$", Pattern.DOTALL);
    private static final Pattern TERM = Pattern.compile("\\G([0-9]*)(?:\\.([0-9]*))?([^0-9.]+)");

    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    // Both letters that look like a micro sign: U+00B5 and U+03BC.
    private static final Map<String, Long> NANOS_PER_UNIT = Map.of(
            "ns", 1L,
            "us", NANOS_PER_MICRO,
            "\u00B5s", NANOS_PER_MICRO,
            "\u03BCs", NANOS_PER_MICRO,
            "ms", NANOS_PER_MILLI,
            "s", NANOS_PER_SECOND,
            "m", 60 * NANOS_PER_SECOND,
            "h", 3_600 * NANOS_PER_SECOND);

    private DurationText() {}

    /// Empty when Go would refuse the text too: no unit, an unknown one, or more than 64 bits of nanoseconds.
    public static Optional<Duration> parse(String text) {
        Matcher signed = SIGN.matcher(text);
        if (!signed.matches()) {
            return Optional.empty();
        }
        String magnitude = signed.group(2);
        if (magnitude.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        return nanos(magnitude)
                .map(nanos -> signed.group(1).equals("-") ? nanos.negate() : nanos)
                .filter(nanos -> nanos.bitLength() < Long.SIZE)
                .map(nanos -> Duration.ofNanos(nanos.longValueExact()));
    }

    private static Optional<BigInteger> nanos(String magnitude) {
        Matcher term = TERM.matcher(magnitude);
        BigInteger sum = BigInteger.ZERO;
        int end = 0;
        while (term.find()) {
            String whole = term.group(1);
            String fraction = Optional.ofNullable(term.group(2)).orElse("");
            long nanosPerUnit = NANOS_PER_UNIT.getOrDefault(term.group(3), 0L);
            if (nanosPerUnit == 0 || (whole.isEmpty() && fraction.isEmpty())) {
                return Optional.empty();
            }
            sum = sum.add(new BigInteger("0" + whole).multiply(BigInteger.valueOf(nanosPerUnit)))
                    .add(BigInteger.valueOf(fractionNanos(fraction, nanosPerUnit)));
            end = term.end();
        }
        return end > 0 && end == magnitude.length() ? Optional.of(sum) : Optional.empty();
    }

    // Go keeps as many digits as fit in 63 bits and multiplies in floating point; so the same sums come out here.
    private static long fractionNanos(String digits, long nanosPerUnit) {
        long value = 0;
        double scale = 1;
        for (int i = 0; i < digits.length() && value <= Long.MAX_VALUE / 10; i++) {
            long next = value * 10 + (digits.charAt(i) - '0');
            if (next < 0) {
                break;
            }
            value = next;
            scale *= 10;
        }
        return (long) (value * (nanosPerUnit / scale));
    }

    /// As Go prints it: `5s`, `1m30s`, `300ms`, `1.5s`, `1h0m0s`, `0s`.
    public static String format(Duration duration) {
        if (duration.isNegative()) {
            return "-" + format(duration.negated());
        }
        if (duration.toSeconds() == 0) {
            return belowOneSecond(duration.toNanosPart());
        }
        long hours = duration.toHours();
        long minutes = duration.toMinutesPart();
        String text =
                decimal(duration.toSecondsPart() * NANOS_PER_SECOND + duration.toNanosPart(), NANOS_PER_SECOND) + "s";
        if (hours > 0) {
            return hours + "h" + minutes + "m" + text;
        }
        return minutes > 0 ? minutes + "m" + text : text;
    }

    private static String belowOneSecond(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < NANOS_PER_MICRO) {
            return nanos + "ns";
        }
        return nanos < NANOS_PER_MILLI
                ? decimal(nanos, NANOS_PER_MICRO) + "\u00B5s"
                : decimal(nanos, NANOS_PER_MILLI) + "ms";
    }

    private static String decimal(long nanos, long nanosPerUnit) {
        long rest = nanos % nanosPerUnit;
        if (rest == 0) {
            return Long.toString(nanos / nanosPerUnit);
        }
        String digits = Long.toString(nanosPerUnit + rest).substring(1);
        return nanos / nanosPerUnit + "." + digits.replaceAll("0+$", "");
    }
}
