package io.dstream.mssql.output;

import java.sql.Timestamp;
import java.time.OffsetDateTime;
import microsoft.sql.DateTimeOffset;

/// Writes `datetimeoffset` values with the offset they were stored with.
@SuppressWarnings("deprecation") // DateTimeOffset: its successor in the driver formats and parses an offset a value
final class OffsetEncoder {

    private static final int MILLIS_A_SECOND = 1_000;
    private static final int SECONDS_A_MINUTE = 60;

    /// 1582-10-17T00:00Z, two days into the Gregorian calendar so that no offset reaches back. Before, the
    /// driver's milliseconds count by the Julian calendar, and only its own calendar gives the stored date back.
    private static final long GREGORIAN_SINCE_MILLIS = -12_219_120_000_000L;

    private OffsetEncoder() {}

    static ColumnForm ofScale(int scale) {
        return new ColumnForm(
                (row, index, values) -> values.addObject(row.getObject(index, DateTimeOffset.class)),
                (values, place, out) -> write((DateTimeOffset) values.object(place), scale, out));
    }

    /// `scale` 7 shows all there is.
    static void write(DateTimeOffset value, int scale, JsonBuffer out) {
        Timestamp utc = value.getTimestamp();
        long utcMillis = utc.getTime();
        out.writeByte('"');
        if (utcMillis < GREGORIAN_SINCE_MILLIS) {
            OffsetDateTime old = value.getOffsetDateTime();
            TemporalText.writeDateTime(old.toLocalDateTime(), scale, out);
        } else {
            long localSeconds =
                    Math.floorDiv(utcMillis, MILLIS_A_SECOND) + (long) value.getMinutesOffset() * SECONDS_A_MINUTE;
            TemporalText.writeEpochSecond(localSeconds, out);
            TemporalText.writeFraction(utc.getNanos(), scale, out);
        }
        TemporalText.writeOffset(value.getMinutesOffset(), out);
        out.writeByte('"');
    }
}
