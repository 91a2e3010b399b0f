package io.dstream.mssql.output;

import io.dstream.mssql.cdc.CapturedColumn;
import io.dstream.mssql.cdc.CapturedColumn.SqlType;
import io.dstream.mssql.cdc.ColumnGetter;
import io.dstream.mssql.cdc.ColumnValues;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.PermanentFailure;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/// SQL Server's types, how each is read and how it is written. To add a type: one `case` here, one row in the tests.
///
/// Getters are chosen so that no value passes through the JVM's time zone: `LocalDateTime` and its kin are
/// computed by the driver from days and ticks, while `getTimestamp` and, for most temporal types, `getString` go
/// through a calendar of the default zone and move times inside a daylight-saving gap.
final class ColumnEncoders {

    private static final int DATETIME_SCALE = 3;
    private static final int SMALLDATETIME_SCALE = 0;

    /// The first three fields are little-endian on the wire, the rest is bytes in order.
    private static final byte[] GUID_ORDER = {3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15};

    private static final ColumnEncoder NUMBER = (values, place, out) -> out.writeLong(values.number(place));
    private static final ColumnEncoder DECIMAL =
            (values, place, out) -> out.writeDecimal((BigDecimal) values.object(place));

    private ColumnEncoders() {}

    /// The form of `column`. With `decimalsAsStrings`, decimals, money and bigints are JSON strings.
    static ColumnForm forColumn(TableName table, CapturedColumn column, boolean decimalsAsStrings)
            throws PermanentFailure {
        SqlType type = column.type();
        return switch (type.name()) {
            case "bit" ->
                new ColumnForm(
                        ColumnEncoders::getBit, (values, place, out) -> out.writeBoolean(values.number(place) != 0));
            case "tinyint", "smallint", "int" -> new ColumnForm(ColumnEncoders::getInt, NUMBER);
            case "bigint" -> new ColumnForm(ColumnEncoders::getLong, decimalsAsStrings ? quoted(NUMBER) : NUMBER);
            case "decimal", "numeric", "money", "smallmoney" ->
                new ColumnForm(
                        (row, index, values) -> values.addObject(row.getBigDecimal(index)),
                        decimalsAsStrings ? quoted(DECIMAL) : DECIMAL);
            // Java's text of both is the shortest that reads back the same, and JSON: SQL Server has no NaN or
            // infinity.
            case "real" ->
                new ColumnForm(
                        ColumnEncoders::getReal,
                        (values, place, out) -> out.writeAscii(Float.toString((float) values.real(place))));
            case "float" ->
                new ColumnForm(
                        ColumnEncoders::getFloat,
                        (values, place, out) -> out.writeAscii(Double.toString(values.real(place))));
            case "char", "varchar", "text", "ntext", "xml" ->
                new ColumnForm(
                        (row, index, values) -> values.addText(row.getString(index)),
                        (values, place, out) -> out.writeString((String) values.object(place)));
            // The bytes are UTF-16, as the server sent them. The driver's text of them would cost several times as
            // much, and would lose the character after a surrogate without its partner.
            case "nchar", "nvarchar" ->
                new ColumnForm(
                        ColumnEncoders::getBytes,
                        (values, place, out) -> out.writeUtf16((byte[]) values.object(place)));
            case "binary", "varbinary", "image", "rowversion", "timestamp", "hierarchyid", "geometry", "geography" ->
                new ColumnForm(
                        ColumnEncoders::getBytes,
                        (values, place, out) -> out.writeBase64((byte[]) values.object(place)));
            case "uniqueidentifier" ->
                new ColumnForm(
                        ColumnEncoders::getBytes,
                        (values, place, out) -> out.writeHex((byte[]) values.object(place), GUID_ORDER));
            case "date" -> new ColumnForm(get(LocalDate.class), ColumnEncoders::date);
            case "time" -> new ColumnForm(get(LocalTime.class), time(type.scale()));
            case "smalldatetime" -> new ColumnForm(get(LocalDateTime.class), dateTime(SMALLDATETIME_SCALE));
            case "datetime" -> new ColumnForm(get(LocalDateTime.class), dateTime(DATETIME_SCALE));
            case "datetime2" -> new ColumnForm(get(LocalDateTime.class), dateTime(type.scale()));
            case "datetimeoffset" -> OffsetEncoder.ofScale(type.scale());
            case "sql_variant" -> VariantEncoder.form(decimalsAsStrings);
            default ->
                throw new PermanentFailure("table " + table + ", column " + column.name()
                        + ": there is no JSON form for the type " + type.name()
                        + "; leave the column out, with exclude_columns or of the capture instance");
        };
    }

    private static void getBit(ResultSet row, int index, ColumnValues values) throws SQLException {
        boolean value = row.getBoolean(index);
        addNumber(value ? 1 : 0, row, values);
    }

    private static void getInt(ResultSet row, int index, ColumnValues values) throws SQLException {
        addNumber(row.getInt(index), row, values);
    }

    private static void getLong(ResultSet row, int index, ColumnValues values) throws SQLException {
        addNumber(row.getLong(index), row, values);
    }

    private static void addNumber(long value, ResultSet row, ColumnValues values) throws SQLException {
        if (value == 0 && row.wasNull()) {
            values.addNull();
        } else {
            values.addNumber(value);
        }
    }

    private static void getReal(ResultSet row, int index, ColumnValues values) throws SQLException {
        addReal(row.getFloat(index), row, values);
    }

    private static void getFloat(ResultSet row, int index, ColumnValues values) throws SQLException {
        addReal(row.getDouble(index), row, values);
    }

    private static void addReal(double value, ResultSet row, ColumnValues values) throws SQLException {
        if (value == 0 && row.wasNull()) {
            values.addNull();
        } else {
            values.addReal(value);
        }
    }

    private static void getBytes(ResultSet row, int index, ColumnValues values) throws SQLException {
        values.addBytes(row.getBytes(index));
    }

    private static ColumnGetter get(Class<?> type) {
        return (row, index, values) -> values.addObject(row.getObject(index, type));
    }

    private static void date(ColumnValues values, int place, JsonBuffer out) {
        out.writeByte('"');
        TemporalText.writeDate((LocalDate) values.object(place), out);
        out.writeByte('"');
    }

    private static ColumnEncoder time(int scale) {
        return (values, place, out) -> {
            out.writeByte('"');
            TemporalText.writeTime((LocalTime) values.object(place), scale, out);
            out.writeByte('"');
        };
    }

    private static ColumnEncoder dateTime(int scale) {
        return (values, place, out) -> {
            out.writeByte('"');
            TemporalText.writeDateTime((LocalDateTime) values.object(place), scale, out);
            out.writeByte('"');
        };
    }

    /// The same number between quotes, for readers whose numbers have 53 bits.
    private static ColumnEncoder quoted(ColumnEncoder number) {
        return (values, place, out) -> {
            out.writeByte('"');
            number.encode(values, place, out);
            out.writeByte('"');
        };
    }
}
