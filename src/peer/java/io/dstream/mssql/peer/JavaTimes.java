package io.dstream.mssql.peer;

import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// What becomes of times on the way through `java.sql.Timestamp`, the way Debezium takes. In a virtual machine
/// whose zone is UTC; elsewhere also what clocks there skip is moved.
///
/// Source: Java SE, `java.util.GregorianCalendar`: the day after 4 October 1582 is the 15th, and days before
/// are Julian.
final class JavaTimes {

    private static final long MILLIS_A_SECOND = 1000;

    private JavaTimes() {}

    /// Of a `date`, as text of ISO 8601: days that the calendar does not have become later ones.
    static String date(String text) {
        return Timestamp.valueOf(text + " 00:00:00")
                .toLocalDateTime()
                .toLocalDate()
                .toString();
    }

    /// Of a time without a zone.
    static String local(String text) {
        return Timestamp.valueOf(LocalDateTime.parse(text)).toLocalDateTime().toString();
    }

    /// Of a `datetimeoffset`: its instant in that calendar read as if it were of ISO's, with the second of its
    /// milliseconds rounded towards 1970 and the fraction added again.
    static String withOffset(String text) {
        OffsetDateTime time = OffsetDateTime.parse(text);
        Timestamp utc =
                Timestamp.valueOf(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
        return LocalDateTime.ofEpochSecond(utc.getTime() / MILLIS_A_SECOND, utc.getNanos(), time.getOffset())
                .atOffset(time.getOffset())
                .toString();
    }
}
