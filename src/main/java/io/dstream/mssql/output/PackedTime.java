package io.dstream.mssql.output;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/// A date, a time of day, or both, in one `long`, so that a batch of rows keeps no object of them: from the highest
/// bits on year, month, day, hour, minute, second and hundreds of nanoseconds, which is as exact as SQL Server is.
final class PackedTime {

    private static final int NANOS_A_TICK = 100;
    private static final int TICK_BITS = 24;
    private static final int SIXTY_BITS = 6;
    private static final int HOUR_BITS = 5;
    private static final int DAY_BITS = 5;
    private static final int MONTH_BITS = 4;

    private static final int MINUTE_SHIFT = TICK_BITS + SIXTY_BITS;
    private static final int HOUR_SHIFT = MINUTE_SHIFT + SIXTY_BITS;
    private static final int DAY_SHIFT = HOUR_SHIFT + HOUR_BITS;
    private static final int MONTH_SHIFT = DAY_SHIFT + DAY_BITS;
    private static final int YEAR_SHIFT = MONTH_SHIFT + MONTH_BITS;

    private PackedTime() {}

    /// From the year 0 to 9999.
    static long of(LocalDate date) {
        return (long) date.getYear() << YEAR_SHIFT
                | (long) date.getMonthValue() << MONTH_SHIFT
                | (long) date.getDayOfMonth() << DAY_SHIFT;
    }

    /// Cut to hundreds of nanoseconds.
    static long of(LocalTime time) {
        return (long) time.getHour() << HOUR_SHIFT
                | (long) time.getMinute() << MINUTE_SHIFT
                | (long) time.getSecond() << TICK_BITS
                | time.getNano() / NANOS_A_TICK;
    }

    static long of(LocalDateTime moment) {
        return of(moment.toLocalDate()) | of(moment.toLocalTime());
    }

    static void writeDate(long packed, JsonBuffer out) {
        TemporalText.writeDate(
                (int) (packed >>> YEAR_SHIFT),
                part(packed, MONTH_SHIFT, MONTH_BITS),
                part(packed, DAY_SHIFT, DAY_BITS),
                out);
    }

    static void writeTime(long packed, int scale, JsonBuffer out) {
        TemporalText.writeTime(
                part(packed, HOUR_SHIFT, HOUR_BITS),
                part(packed, MINUTE_SHIFT, SIXTY_BITS),
                part(packed, TICK_BITS, SIXTY_BITS),
                out);
        TemporalText.writeFraction(part(packed, 0, TICK_BITS) * NANOS_A_TICK, scale, out);
    }

    private static int part(long packed, int shift, int bits) {
        return (int) (packed >>> shift) & ((1 << bits) - 1);
    }
}
