package io.dstream.mssql.output;

import io.dstream.mssql.cdc.ColumnValues;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalTime;
import java.time.temporal.ChronoField;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;
import microsoft.sql.DateTimeOffset;

/// Writes `sql_variant` values, each as its own type, which the driver tells by the class of the value alone.
///
/// So the scale of a time is unknown, and its fraction is as short as its digits allow. Dates and times are read
/// a second time through a UTC calendar, because the driver's first answer went through the JVM's zone.
@SuppressWarnings("deprecation") // DateTimeOffset: the driver returns it here, whatever it recommends
final class VariantEncoder implements ColumnEncoder {

    /// 1582-10-15T00:00Z: earlier milliseconds count by the Julian calendar.
    private static final long GREGORIAN_SINCE_MILLIS = -12_219_292_800_000L;

    private static final int MILLIS_A_SECOND = 1_000;

    private final boolean decimalsAsStrings;

    VariantEncoder(boolean decimalsAsStrings) {
        this.decimalsAsStrings = decimalsAsStrings;
    }

    static ColumnForm form(boolean decimalsAsStrings) {
        return new ColumnForm(VariantEncoder::get, new VariantEncoder(decimalsAsStrings));
    }

    private static void get(ResultSet row, int index, ColumnValues values) throws SQLException {
        switch (row.getObject(index)) {
            case String text -> values.addText(text);
            case byte[] bytes -> values.addBytes(bytes);
            case Date _ -> values.addObject(row.getDate(index, utc()));
            case Time _ -> values.addObject(row.getObject(index, LocalTime.class));
            case Timestamp _ -> values.addObject(row.getTimestamp(index, utc()));
            case null -> values.addNull();
            case Boolean value -> values.addObject(value);
            case Number value -> values.addObject(value);
            case DateTimeOffset value -> values.addObject(value);
            case Object value ->
                throw new SQLException(
                        "a sql_variant holds a " + value.getClass().getName() + ", for which there is no JSON form");
        }
    }

    @Override
    public void encode(ColumnValues values, int place, JsonBuffer out) {
        if (values.isObject(place)) {
            encode(values.object(place), out);
        } else {
            ColumnEncoders.base64(values, place, out);
        }
    }

    private void encode(Object variant, JsonBuffer out) {
        switch (variant) {
            case Boolean value -> out.writeBoolean(value);
            case Short value -> out.writeLong(value);
            case Integer value -> out.writeLong(value);
            case Long value -> number(BigDecimal.valueOf(value), out);
            case BigDecimal value -> number(value, out);
            case Float value -> out.writeReal(value);
            case Double value -> out.writeReal(value);
            case String value -> out.writeString(value);
            case byte[] value -> out.writeBase64(value);
            case Date value -> date(value.getTime(), out);
            case LocalTime value -> time(value, out);
            case Timestamp value -> timestamp(value, out);
            case DateTimeOffset value ->
                OffsetEncoder.write(
                        value, TemporalText.shortestScale(value.getTimestamp().getNanos()), out);
            case Object value -> throw new IllegalStateException("not what was read: " + value.getClass());
        }
    }

    private void number(BigDecimal value, JsonBuffer out) {
        if (decimalsAsStrings) {
            out.writeByte('"');
        }
        out.writeDecimal(value);
        if (decimalsAsStrings) {
            out.writeByte('"');
        }
    }

    private static void date(long utcMillis, JsonBuffer out) {
        int mark = out.size();
        out.writeByte('"');
        dateTime(utcMillis, out);
        out.truncate(mark + "\"0001-01-01".length());
        out.writeByte('"');
    }

    private static void time(LocalTime value, JsonBuffer out) {
        out.writeByte('"');
        TemporalText.writeTime(value, TemporalText.shortestScale(value.get(ChronoField.NANO_OF_SECOND)), out);
        out.writeByte('"');
    }

    private static void timestamp(Timestamp value, JsonBuffer out) {
        out.writeByte('"');
        dateTime(value.getTime(), out);
        TemporalText.writeFraction(value.getNanos(), TemporalText.shortestScale(value.getNanos()), out);
        out.writeByte('"');
    }

    private static void dateTime(long utcMillis, JsonBuffer out) {
        long seconds = Math.floorDiv(utcMillis, MILLIS_A_SECOND);
        if (utcMillis < GREGORIAN_SINCE_MILLIS) {
            Calendar julian = utc();
            julian.setTimeInMillis(utcMillis);
            TemporalText.writeDate(
                    julian.get(Calendar.YEAR), julian.get(Calendar.MONTH) + 1, julian.get(Calendar.DAY_OF_MONTH), out);
            out.writeByte('T');
            TemporalText.writeSecondOfDay(Math.floorMod(seconds, TemporalText.SECONDS_A_DAY), out);
        } else {
            TemporalText.writeEpochSecond(seconds, out);
        }
    }

    private static Calendar utc() {
        return new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
    }
}
