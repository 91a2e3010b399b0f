package io.dstream.mssql.output;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;

/// Dates and times as ISO-8601 at a given scale (digits of the second's fraction), digit by digit into the
/// buffer. None of it knows a time zone. Without quotes, but for [#writeQuoted].
final class TemporalText {

    private static final int NANO_DIGITS = 9;
    static final int SECONDS_A_DAY = 86_400;
    private static final int MINUTES_AN_HOUR = 60;
    private static final int[] POWERS_OF_TEN = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private TemporalText() {}

    static void writeTime(LocalTime time, int scale, JsonBuffer out) {
        writeTime(time.getHour(), time.getMinute(), time.getSecond(), out);
        writeFraction(time.getNano(), scale, out);
    }

    static void writeDateTime(LocalDateTime value, int scale, JsonBuffer out) {
        writeDate(value.getYear(), value.getMonthValue(), value.getDayOfMonth(), out);
        out.writeByte('T');
        writeTime(value.toLocalTime(), scale, out);
    }

    /// In UTC with `Z`; the fraction is left out when zero, and is otherwise as short as milliseconds allow or
    /// nine digits.
    static void writeInstant(Instant instant, JsonBuffer out) {
        writeEpochSecond(instant.getEpochSecond(), out);
        int nanos = instant.getNano();
        if (nanos != 0) {
            writeFraction(nanos, nanos % 1_000_000 == 0 ? 3 : NANO_DIGITS, out);
        }
        out.writeByte('Z');
    }

    /// As above, as a JSON string; `null` where there is none.
    static void writeQuoted(Optional<Instant> instant, JsonBuffer out) {
        if (instant.isEmpty()) {
            out.writeNull();
        } else {
            out.writeByte('"');
            writeInstant(instant.get(), out);
            out.writeByte('"');
        }
    }

    /// The date and the time of day, `T` between, of a count of seconds since 1970-01-01T00:00:00.
    static void writeEpochSecond(long epochSecond, JsonBuffer out) {
        writeEpochDay(Math.toIntExact(Math.floorDiv(epochSecond, SECONDS_A_DAY)), out);
        out.writeByte('T');
        writeSecondOfDay(Math.floorMod(epochSecond, SECONDS_A_DAY), out);
    }

    static void writeFraction(int nanos, int scale, JsonBuffer out) {
        if (scale > 0) {
            out.writeByte('.');
            out.writePadded(nanos / POWERS_OF_TEN[NANO_DIGITS - scale], scale);
        }
    }

    /// The digits up to the last that is not zero, for values that do not tell their scale.
    static int shortestScale(int nanos) {
        int scale = NANO_DIGITS;
        for (int rest = nanos; scale > 0 && rest % 10 == 0; rest /= 10) {
            scale--;
        }
        return scale;
    }

    /// `+05:30`; UTC is `+00:00`.
    static void writeOffset(int minutes, JsonBuffer out) {
        int unsigned = Math.abs(minutes);
        out.writeByte(minutes < 0 ? '-' : '+');
        out.writeTwoDigits(unsigned / MINUTES_AN_HOUR);
        out.writeByte(':');
        out.writeTwoDigits(unsigned % MINUTES_AN_HOUR);
    }

    /// The Gregorian calendar over years that begin in March, so that the leap day is a year's last; eras have
    /// 400 years, 146,097 days. `LocalDate` would do the same and allocate.
    private static void writeEpochDay(int epochDay, JsonBuffer out) {
        int day = epochDay + 719_468;
        int era = Math.floorDiv(day, 146_097);
        int dayOfEra = day - era * 146_097;
        int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        int year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        writeDate(year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, out);
    }

    /// A date of any calendar; years are 0 to 9999.
    static void writeDate(int year, int month, int day, JsonBuffer out) {
        out.writeTwoDigits(year / 100);
        out.writeTwoDigits(year % 100);
        out.writeByte('-');
        out.writeTwoDigits(month);
        out.writeByte('-');
        out.writeTwoDigits(day);
    }

    static void writeSecondOfDay(int secondOfDay, JsonBuffer out) {
        writeTime(secondOfDay / 3_600, secondOfDay / 60 % 60, secondOfDay % 60, out);
    }

    /// A time of day in whole seconds.
    static void writeTime(int hour, int minute, int second, JsonBuffer out) {
        out.writeTwoDigits(hour);
        out.writeByte(':');
        out.writeTwoDigits(minute);
        out.writeByte(':');
        out.writeTwoDigits(second);
    }
}
