package io.dstream.mssql.output;

import io.dstream.mssql.cdc.CapturedColumn;
import io.dstream.mssql.cdc.CapturedColumn.SqlType;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.PermanentFailure;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/// SQL Server's types and how each is written. To add a type: one `case` here, one row in the tests.
///
/// Getters are chosen so that no value passes through the JVM's time zone: `LocalDateTime` and its kin are
/// computed by the driver from days and ticks, while `getTimestamp` and, for most temporal types, `getString` go
/// through a calendar of the default zone and move times inside a daylight-saving gap.
final class ColumnEncoders {

    private static final int DATETIME_SCALE = 3;
    private static final int SMALLDATETIME_SCALE = 0;

    /// The first three fields are little-endian on the wire, the rest is bytes in order.
    private static final byte[] GUID_ORDER = {3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15};

    private ColumnEncoders() {}

    /// The encoder for `column`. With `decimalsAsStrings`, decimals, money and bigints are JSON strings.
    static ColumnEncoder forColumn(TableName table, CapturedColumn column, boolean decimalsAsStrings)
            throws PermanentFailure {
        SqlType type = column.type();
        return switch (type.name()) {
            case "bit" -> ColumnEncoders::bit;
            case "tinyint", "smallint", "int" -> ColumnEncoders::integer;
            case "bigint" -> decimalsAsStrings ? quoted(ColumnEncoders::bigint) : ColumnEncoders::bigint;
            case "decimal", "numeric", "money", "smallmoney" ->
                decimalsAsStrings ? quoted(ColumnEncoders::decimal) : ColumnEncoders::decimal;
            case "real" -> ColumnEncoders::real;
            case "float" -> ColumnEncoders::floating;
            case "nchar", "nvarchar" -> ColumnEncoders::unicode;
            case "char", "varchar", "text", "ntext", "xml" -> ColumnEncoders::text;
            case "binary", "varbinary", "image", "rowversion", "timestamp", "hierarchyid", "geometry", "geography" ->
                ColumnEncoders::binary;
            case "uniqueidentifier" -> ColumnEncoders::uniqueidentifier;
            case "date" -> ColumnEncoders::date;
            case "time" -> time(type.scale());
            case "smalldatetime" -> dateTime(SMALLDATETIME_SCALE);
            case "datetime" -> dateTime(DATETIME_SCALE);
            case "datetime2" -> dateTime(type.scale());
            case "datetimeoffset" -> (row, index, out) -> OffsetEncoder.encode(row, index, type.scale(), out);
            case "sql_variant" -> new VariantEncoder(decimalsAsStrings);
            default ->
                throw new PermanentFailure("table " + table + ", column " + column.name()
                        + ": there is no JSON form for the type " + type.name()
                        + "; leave the column out, with exclude_columns or of the capture instance");
        };
    }

    private static void bit(ResultSet row, int index, JsonBuffer out) throws SQLException {
        boolean value = row.getBoolean(index);
        if (!value && row.wasNull()) {
            out.writeNull();
        } else {
            out.writeBoolean(value);
        }
    }

    private static void integer(ResultSet row, int index, JsonBuffer out) throws SQLException {
        int value = row.getInt(index);
        if (value == 0 && row.wasNull()) {
            out.writeNull();
        } else {
            out.writeLong(value);
        }
    }

    private static void bigint(ResultSet row, int index, JsonBuffer out) throws SQLException {
        long value = row.getLong(index);
        if (value == 0 && row.wasNull()) {
            out.writeNull();
        } else {
            out.writeLong(value);
        }
    }

    private static void decimal(ResultSet row, int index, JsonBuffer out) throws SQLException {
        BigDecimal value = row.getBigDecimal(index);
        if (value == null) {
            out.writeNull();
        } else {
            out.writeDecimal(value);
        }
    }

    /// `Float.toString` is the shortest text that reads back the same, and JSON: SQL Server has no NaN or
    /// infinity.
    private static void real(ResultSet row, int index, JsonBuffer out) throws SQLException {
        float value = row.getFloat(index);
        if (value == 0 && row.wasNull()) {
            out.writeNull();
        } else {
            out.writeAscii(Float.toString(value));
        }
    }

    private static void floating(ResultSet row, int index, JsonBuffer out) throws SQLException {
        double value = row.getDouble(index);
        if (value == 0 && row.wasNull()) {
            out.writeNull();
        } else {
            out.writeAscii(Double.toString(value));
        }
    }

    private static void text(ResultSet row, int index, JsonBuffer out) throws SQLException {
        String value = row.getString(index);
        if (value == null) {
            out.writeNull();
        } else {
            out.writeString(value);
        }
    }

    /// The bytes are UTF-16, as the server sent them. The driver's text of them would cost several times as much, and
    /// would lose the character after a surrogate without its partner.
    private static void unicode(ResultSet row, int index, JsonBuffer out) throws SQLException {
        byte[] value = row.getBytes(index);
        if (value == null) {
            out.writeNull();
        } else {
            out.writeUtf16(value);
        }
    }

    private static void binary(ResultSet row, int index, JsonBuffer out) throws SQLException {
        byte[] value = row.getBytes(index);
        if (value == null) {
            out.writeNull();
        } else {
            out.writeBase64(value);
        }
    }

    private static void uniqueidentifier(ResultSet row, int index, JsonBuffer out) throws SQLException {
        byte[] value = row.getBytes(index);
        if (value == null) {
            out.writeNull();
        } else {
            out.writeHex(value, GUID_ORDER);
        }
    }

    private static void date(ResultSet row, int index, JsonBuffer out) throws SQLException {
        LocalDate value = row.getObject(index, LocalDate.class);
        if (value == null) {
            out.writeNull();
        } else {
            out.writeByte('"');
            TemporalText.writeDate(value, out);
            out.writeByte('"');
        }
    }

    private static ColumnEncoder time(int scale) {
        return (row, index, out) -> {
            LocalTime value = row.getObject(index, LocalTime.class);
            if (value == null) {
                out.writeNull();
            } else {
                out.writeByte('"');
                TemporalText.writeTime(value, scale, out);
                out.writeByte('"');
            }
        };
    }

    private static ColumnEncoder dateTime(int scale) {
        return (row, index, out) -> {
            LocalDateTime value = row.getObject(index, LocalDateTime.class);
            if (value == null) {
                out.writeNull();
            } else {
                out.writeByte('"');
                TemporalText.writeDateTime(value, scale, out);
                out.writeByte('"');
            }
        };
    }

    /// The same number between quotes, for readers whose numbers have 53 bits.
    private static ColumnEncoder quoted(ColumnEncoder number) {
        return (row, index, out) -> {
            int mark = out.size();
            out.writeByte('"');
            number.encode(row, index, out);
            if (out.isNullSince(mark + 1)) {
                out.truncate(mark);
                out.writeNull();
            } else {
                out.writeByte('"');
            }
        };
    }
}
