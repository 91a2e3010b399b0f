package io.dstream.mssql.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dstream.mssql.cdc.CapturedColumn;
import io.dstream.mssql.cdc.CapturedColumn.SqlType;
import io.dstream.mssql.cdc.ColumnValues;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.output.FakeRow.Variant;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Stream;
import microsoft.sql.DateTimeOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnEncodersTest {

    private static final TableName TABLE = new TableName("dbo", "orders");

    static Stream<Arguments> values() {
        return Stream.of(
                arguments("bit", 0, true, "true"),
                arguments("bit", 0, false, "false"),
                arguments("tinyint", 0, 255, "255"),
                arguments("tinyint", 0, 0, "0"),
                arguments("smallint", 0, -32768, "-32768"),
                arguments("int", 0, Integer.MIN_VALUE, "-2147483648"),
                arguments("bigint", 0, Long.MIN_VALUE, "-9223372036854775808"),
                arguments("bigint", 0, 0L, "0"),
                arguments("real", 0, 0.1f, "0.1"),
                arguments("real", 0, Float.MAX_VALUE, "3.4028235E38"),
                arguments("real", 0, 0f, "0.0"),
                arguments("float", 0, 0.1d, "0.1"),
                arguments("float", 0, -2.0E-308d, "-2.0E-308"),
                arguments("decimal", 2, new BigDecimal("1.50"), "1.50"),
                arguments("numeric", 0, new BigDecimal("99999999999999999999999999999999999999"), "9".repeat(38)),
                arguments("decimal", 2, new BigDecimal("92233720368547758.07"), "92233720368547758.07"),
                arguments("decimal", 2, new BigDecimal("-92233720368547758.09"), "-92233720368547758.09"),
                arguments("decimal", 3, new BigDecimal("-0.001"), "-0.001"),
                arguments("decimal", 3, new BigDecimal("1.5"), "1.5"),
                arguments("money", 4, new BigDecimal("-922337203685477.5808"), "-922337203685477.5808"),
                arguments("smallmoney", 4, new BigDecimal("0.0000"), "0.0000"),
                arguments("char", 0, "ab  ", "\"ab  \""),
                arguments("varchar", 0, "", "\"\""),
                arguments("varchar", 0, "null", "\"null\""),
                arguments("text", 0, "a\"b", "\"a\\\"b\""),
                arguments("nchar", 0, "ä", "\"ä\""),
                arguments("nvarchar", 0, "\uD83D\uDE00", "\"\uD83D\uDE00\""),
                arguments("ntext", 0, "x", "\"x\""),
                arguments("xml", 0, "<a b=\"1\"/>", "\"<a b=\\\"1\\\"/>\""),
                arguments("binary", 0, new byte[] {0, 1}, "\"AAE=\""),
                arguments("varbinary", 0, new byte[0], "\"\""),
                arguments("varbinary", 0, new byte[3_000], "\"" + "A".repeat(4_000) + "\""),
                arguments("nvarchar", 0, "ü".repeat(3_000), "\"" + "ü".repeat(3_000) + "\""),
                arguments("image", 0, new byte[] {-1}, "\"/w==\""),
                arguments("rowversion", 0, new byte[8], "\"AAAAAAAAAAA=\""),
                arguments("timestamp", 0, new byte[8], "\"AAAAAAAAAAA=\""),
                arguments("hierarchyid", 0, new byte[] {0x58}, "\"WA==\""),
                arguments("geometry", 0, new byte[] {1, 2, 3}, "\"AQID\""),
                arguments("geography", 0, new byte[] {1, 2, 3}, "\"AQID\""),
                arguments("uniqueidentifier", 0, wireGuid(), "\"00112233-4455-6677-8899-AABBCCDDEEFF\""),
                arguments("date", 0, LocalDate.of(1, 1, 1), "\"0001-01-01\""),
                arguments("date", 0, LocalDate.of(9999, 12, 31), "\"9999-12-31\""),
                arguments("date", 0, LocalDate.of(1582, 10, 10), "\"1582-10-10\""),
                arguments("time", 7, LocalTime.parse("23:59:59.9999999"), "\"23:59:59.9999999\""),
                arguments("time", 0, LocalTime.of(0, 0), "\"00:00:00\""),
                arguments("time", 3, LocalTime.of(1, 2, 3), "\"01:02:03.000\""),
                arguments("smalldatetime", 0, LocalDateTime.of(2079, 6, 6, 23, 59), "\"2079-06-06T23:59:00\""),
                arguments("datetime", 3, LocalDateTime.parse("1753-01-01T00:00:00.003"), "\"1753-01-01T00:00:00.003\""),
                arguments("datetime2", 7, LocalDateTime.parse("0001-01-01T00:00"), "\"0001-01-01T00:00:00.0000000\""),
                arguments("datetime2", 0, LocalDateTime.parse("2025-03-09T02:30"), "\"2025-03-09T02:30:00\""),
                arguments("datetimeoffset", 0, offset("2025-09-28T20:00:00+05:30"), "\"2025-09-28T20:00:00+05:30\""),
                arguments(
                        "datetimeoffset",
                        7,
                        offset("9999-12-31T23:59:59.9999999-14:00"),
                        "\"9999-12-31T23:59:59.9999999-14:00\""),
                arguments("datetimeoffset", 1, offset("1969-12-31T23:59:59.9Z"), "\"1969-12-31T23:59:59.9+00:00\""),
                arguments("datetimeoffset", 3, offset("2000-02-29T00:00+14:00"), "\"2000-02-29T00:00:00.000+14:00\""),
                arguments("datetimeoffset", 0, offset("1600-02-29T23:30-00:30"), "\"1600-02-29T23:30:00-00:30\""));
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("values")
    void writesEveryTypeExactly(String type, int scale, Object value, String expected) throws Exception {
        assertThat(encode(type, scale, false, value)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {2}")
    @MethodSource("values")
    void writesSqlNullAsNull(String type, int scale, Object ignored, String alsoIgnored) throws Exception {
        assertThat(encode(type, scale, false, null)).isEqualTo("null");
        assertThat(encode(type, scale, true, null)).isEqualTo("null");
    }

    @Test
    void quotesDecimalsAndBigintsWhenAskedTo() throws Exception {
        assertThat(encode("bigint", 0, true, Long.MAX_VALUE)).isEqualTo("\"9223372036854775807\"");
        assertThat(encode("decimal", 2, true, new BigDecimal("1.50"))).isEqualTo("\"1.50\"");
        assertThat(encode("money", 4, true, new BigDecimal("1.5000"))).isEqualTo("\"1.5000\"");
        assertThat(encode("int", 0, true, 7)).isEqualTo("7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01", "1582-10-04", "1582-10-15", "1582-10-17", "1600-02-29", "2000-02-29"})
    void keepsDatesOfBothCalendarsWithTheirOffset(String date) throws Exception {
        OffsetDateTime value = OffsetDateTime.parse(date + "T12:34:56.1234567+01:00");

        assertThat(encode("datetimeoffset", 7, false, julianOffset(value)))
                .isEqualTo("\"" + date + "T12:34:56.1234567+01:00\"");
    }

    @Test
    void writesAVariantAsTheTypeItHolds() throws Exception {
        assertThat(encode("sql_variant", 0, false, true)).isEqualTo("true");
        assertThat(encode("sql_variant", 0, false, (short) 255)).isEqualTo("255");
        assertThat(encode("sql_variant", 0, false, 1)).isEqualTo("1");
        assertThat(encode("sql_variant", 0, false, Long.MAX_VALUE)).isEqualTo("9223372036854775807");
        assertThat(encode("sql_variant", 0, true, Long.MAX_VALUE)).isEqualTo("\"9223372036854775807\"");
        assertThat(encode("sql_variant", 0, false, new BigDecimal("1.50"))).isEqualTo("1.50");
        assertThat(encode("sql_variant", 0, false, 0.1f)).isEqualTo("0.1");
        assertThat(encode("sql_variant", 0, false, 1.5d)).isEqualTo("1.5");
        assertThat(encode("sql_variant", 0, false, "x")).isEqualTo("\"x\"");
        assertThat(encode("sql_variant", 0, false, new byte[] {1, 2, 3})).isEqualTo("\"AQID\"");
        assertThat(encode("sql_variant", 0, false, new byte[3_000])).isEqualTo("\"" + "A".repeat(4_000) + "\"");
        assertThat(encode("sql_variant", 0, false, offset("2025-09-28T20:00:00.5+05:30")))
                .isEqualTo("\"2025-09-28T20:00:00.5+05:30\"");
        assertThat(encode("sql_variant", 0, false, null)).isEqualTo("null");
    }

    @Test
    void readsTemporalVariantsPastTheDefaultZone() throws Exception {
        Timestamp local = new Timestamp(0);
        Timestamp utc = Timestamp.from(Instant.parse("2025-03-09T02:30:00.1234567Z"));
        assertThat(encode("sql_variant", 0, false, new Variant(local, utc)))
                .isEqualTo("\"2025-03-09T02:30:00.1234567\"");
        assertThat(encode("sql_variant", 0, false, new Variant(new Date(0), new Date(86_400_000))))
                .isEqualTo("\"1970-01-02\"");
        assertThat(encode("sql_variant", 0, false, new Variant(new Time(0), LocalTime.parse("23:59:59.9999999"))))
                .isEqualTo("\"23:59:59.9999999\"");
        // The first day of year 1 in the Julian calendar, as the driver counts it.
        assertThat(encode("sql_variant", 0, false, new Variant(new Date(0), new Date(-62_135_769_600_000L))))
                .isEqualTo("\"0001-01-01\"");
    }

    @Test
    void namesTableColumnAndTypeItCannotWrite() {
        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> encode("vector", 0, false, "x"))
                .withMessageContainingAll("dbo.orders", "price", "vector");
    }

    private static String encode(String type, int scale, boolean asStrings, @Nullable Object value) throws Exception {
        CapturedColumn column = new CapturedColumn("price", 1, new SqlType(type, 0, 0, scale), false);
        ResultSet row = FakeRow.of("not this one", value);
        JsonBuffer out = new JsonBuffer(1);
        ColumnForm form = ColumnEncoders.forColumn(TABLE, column, asStrings);
        ColumnValues values = new ColumnValues(2);
        values.addNull();
        form.getter().get(row, 2, values);
        if (values.isNull(1)) {
            out.writeNull();
        } else {
            form.encoder().encode(values, 1, out);
        }
        return out.toString();
    }

    private static byte[] wireGuid() {
        return new byte[] {
            0x33,
            0x22,
            0x11,
            0x00,
            0x55,
            0x44,
            0x77,
            0x66,
            (byte) 0x88,
            (byte) 0x99,
            (byte) 0xAA,
            (byte) 0xBB,
            (byte) 0xCC,
            (byte) 0xDD,
            (byte) 0xEE,
            (byte) 0xFF
        };
    }

    @SuppressWarnings("deprecation") // the class the driver returns
    private static DateTimeOffset offset(String text) {
        return DateTimeOffset.valueOf(OffsetDateTime.parse(text));
    }

    /// As the driver makes it: the milliseconds of a calendar that is Julian before 1582-10-15.
    @SuppressWarnings("deprecation") // the class the driver returns
    private static DateTimeOffset julianOffset(OffsetDateTime value) {
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("GMT" + value.getOffset()), Locale.ROOT);
        calendar.clear();
        calendar.set(
                value.getYear(),
                value.getMonthValue() - 1,
                value.getDayOfMonth(),
                value.getHour(),
                value.getMinute(),
                value.getSecond());
        Timestamp timestamp = new Timestamp(calendar.getTimeInMillis());
        timestamp.setNanos(value.getNano());
        return DateTimeOffset.valueOf(timestamp, value.getOffset().getTotalSeconds() / 60);
    }
}
