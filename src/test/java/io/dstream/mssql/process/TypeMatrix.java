package io.dstream.mssql.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Every type of SQL Server that a captured column can have, with values: how T-SQL writes each, and how it must stand
/// in JSON. The first two are the least and the greatest.
public final class TypeMatrix {

    /// One value; `json` is literal.
    public record Value(String sql, String json) {}

    /// One column of the table; `decimal` is true for what `decimals_as_strings` quotes.
    public record Column(String name, String type, boolean decimal, boolean goneInDeletes, List<Value> values) {

        /// The value in row `row`; NULL where there are no more.
        Value value(int row) {
            return row < values.size() ? values.get(row) : new Value("NULL", "null");
        }
    }

    private static final String NINES = "9999999";
    private static final int SCALES = 8;
    private static final String SMILE = "\uD83D\uDE00";

    private final List<Column> columns = new ArrayList<>();

    private TypeMatrix() {}

    /// All columns, in the order of the table.
    public static List<Column> columns() {
        TypeMatrix matrix = new TypeMatrix();
        matrix.numbers();
        matrix.texts();
        matrix.bytes();
        matrix.times();
        return List.copyOf(matrix.columns);
    }

    private void numbers() {
        same("bit", "0=false", "1=true");
        same("tinyint", "0", "255", "1");
        same("smallint", "-32768", "32767", "0");
        same("int", "-2147483648", "2147483647", "0");
        decimal("bigint", "-9223372036854775808", "9223372036854775807", "0", "9007199254740993");
        same("real", "-3.4E+38=-3.4E38", "3.4E+38=3.4E38", "0=0.0", "1.18E-38=1.18E-38", "0.1", "16777216=1.6777216E7");
        same(
                "float",
                "-1.79E+308=-1.79E308",
                "1.79E+308=1.79E308",
                "0=0.0",
                "2.23E-308=2.23E-308",
                "0.1",
                "1.2345678901234567E+0=1.2345678901234567",
                "1.7976931348623157E+308=1.7976931348623157E308");
        decimal("decimal(38,0)", "-" + "9".repeat(38), "9".repeat(38), "0");
        decimal("decimal(38,38)", "-0." + "9".repeat(38), "0." + "9".repeat(38), "0.0=0." + "0".repeat(38), digits());
        decimal("numeric(10,4)", "-999999.9999", "999999.9999", "0=0.0000", "1.5=1.5000");
        decimal("money", "-922337203685477.5808", "922337203685477.5807", "0=0.0000", "0.0001");
        decimal("smallmoney", "-214748.3648", "214748.3647", "0=0.0000");
    }

    private static String digits() {
        return "0.00000000000000000000000000000000000001";
    }

    private void texts() {
        text("char(5)", "", "     ", "abcde", "abcde", "ab", "ab   ");
        text("varchar(20)", "", "", "\u00e9t\u00e9 \"q\" \\", "\u00e9t\u00e9 \\\"q\\\" \\\\");
        text("varchar(max)", "", "", "x".repeat(9000), "x".repeat(9000));
        text("nchar(4)", "", "    ", "\u65e5\u672c", "\u65e5\u672c  ");
        text("nvarchar(20)", "", "", SMILE + "\t'" + "\n\u65e5", SMILE + "\\t'\\n\u65e5", "\u0001", "\\u0001");
        text("nvarchar(max)", "", "", SMILE.repeat(5000), SMILE.repeat(5000));
        text("text", "", "", "plain", "plain");
        text("ntext", "", "", "\u65e5" + SMILE, "\u65e5" + SMILE);
        text("xml", "", "", "<a b=\"1\">\u00e9</a>", "<a b=\\\"1\\\">\u00e9</a>");
        text("dbo.Phone", "", "", "+49 89", "+49 89");
        add(
                "sql_variant",
                false,
                List.of(new Value("CAST(N'' AS nvarchar(10))", "\"\""), new Value("N'abc'", "\"abc\"")));
        same(
                "uniqueidentifier",
                "'00000000-0000-0000-0000-000000000000'=\"00000000-0000-0000-0000-000000000000\"",
                "'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'=\"FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF\"",
                "'00112233-4455-6677-8899-AABBCCDDEEFF'=\"00112233-4455-6677-8899-AABBCCDDEEFF\"");
    }

    private void bytes() {
        same("binary(3)", "0x000000=\"AAAA\"", "0xFFFFFF=\"////\"", "0x01=\"AQAA\"");
        same("varbinary(20)", "0x=\"\"", "0xFF=\"/w==\"", "0x0001FF=\"AAH/\"");
        add(
                "varbinary(max)",
                false,
                List.of(
                        new Value("0x", "\"\""),
                        new Value("0x" + "00".repeat(9000), "\"" + "A".repeat(12_000) + "\"")));
        same("image", "0x=\"\"", "0xFFFF=\"//8=\"");
        same("hierarchyid", "CAST(0x AS hierarchyid)=\"\"", "CAST(0x58 AS hierarchyid)=\"WA==\"");
        same(
                "geometry",
                "CAST(0x00000000010C000000000000F03F0000000000000040 AS geometry)"
                        + "=\"AAAAAAEMAAAAAAAA8D8AAAAAAAAAQA==\"");
        same(
                "geography",
                "CAST(0xE6100000010C000000000000F03F0000000000000040 AS geography)"
                        + "=\"5hAAAAEMAAAAAAAA8D8AAAAAAAAAQA==\"");
    }

    private void times() {
        quoted("date", "0001-01-01", "9999-12-31", "1582-10-04", "1582-10-10", "1582-10-15", "1969-12-31");
        quoted("smalldatetime", "1900-01-01T00:00:00", "2079-06-06T23:59:00", "2025-03-09T02:30:00");
        quoted(
                "datetime",
                "1753-01-01T00:00:00.000",
                "9999-12-31T23:59:59.997",
                "2025-03-09T02:30:00.003",
                "2025-10-05T02:15:00.007",
                "1969-12-31T23:59:59.997");
        for (int scale = 0; scale < SCALES; scale++) {
            String nines = fraction(NINES, scale);
            String digits = fraction("1234567", scale);
            quoted("time(" + scale + ")", "00:00:00" + zeros(scale), "23:59:59" + nines, "02:30:00" + digits);
            quoted(
                    "datetime2(" + scale + ")",
                    "0001-01-01T00:00:00" + zeros(scale),
                    "9999-12-31T23:59:59" + nines,
                    // Inside the gaps of America/New_York and Australia/Lord_Howe, and of the calendars.
                    "2025-03-09T02:30:00" + digits,
                    "2025-10-05T02:15:00" + digits,
                    "1582-10-10T12:00:00" + digits,
                    "1969-12-31T23:59:59" + nines);
            quoted(
                    "datetimeoffset(" + scale + ")",
                    "0001-01-01T00:00:00" + zeros(scale) + "+00:00",
                    "9999-12-31T23:59:59" + nines + "+00:00",
                    "0001-01-01T14:00:00" + digits + "+14:00",
                    "9999-12-31T09:59:59" + nines + "-14:00",
                    "1500-02-28T23:00:00" + digits + "+14:00",
                    // The driver cannot tell 5 to 14 October 1582 (UTC) from the ten days after.
                    "1582-10-04T12:00:00" + digits + "+05:30",
                    "1582-10-15T12:00:00" + digits + "+05:30",
                    "1969-07-20T20:17:40" + digits + "-05:00",
                    "2025-03-09T02:30:00" + digits + "-05:00");
        }
    }

    private static String fraction(String digits, int scale) {
        return scale == 0 ? "" : "." + digits.substring(0, scale);
    }

    private static String zeros(int scale) {
        return fraction("0000000", scale);
    }

    /// `sql=json`, or one text that is both.
    private void same(String type, String... values) {
        add(type, false, List.of(values).stream().map(TypeMatrix::value).toList());
    }

    private void decimal(String type, String... values) {
        add(type, true, List.of(values).stream().map(TypeMatrix::value).toList());
    }

    private static Value value(String text) {
        int split = text.indexOf('=');
        return split < 0 ? new Value(text, text) : new Value(text.substring(0, split), text.substring(split + 1));
    }

    private void quoted(String type, String... values) {
        add(
                type,
                false,
                List.of(values).stream()
                        .map(text -> new Value("'" + text + "'", "\"" + text + "\""))
                        .toList());
    }

    /// Pairs: the text, and what stands between the quotes of JSON.
    private void text(String type, String... pairs) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.add(new Value("N'" + pairs[i].replace("'", "''") + "'", "\"" + pairs[i + 1] + "\""));
        }
        add(type, false, values);
    }

    private void add(String type, boolean decimal, List<Value> values) {
        boolean goneInDeletes = List.of("text", "ntext", "image").contains(type);
        String name = "c_" + type.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        columns.add(new Column(name, type, decimal, goneInDeletes, List.copyOf(values)));
    }
}
