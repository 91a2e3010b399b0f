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
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// SQL Server's types, how each is read and how it is written. To add a type: one `case` here, one row in the tests.
///
/// Getters are chosen so that no value passes through the JVM's time zone: `LocalDateTime` and its kin are
/// computed by the driver from days and ticks, while `getTimestamp` and, for most temporal types, `getString` go
/// through a calendar of the default zone and move times inside a daylight-saving gap.
final class ColumnEncoders {

    private static final int DATETIME_SCALE = 3;
    private static final int SMALLDATETIME_SCALE = 0;
    private static final int MONEY_SCALE = 4;

    /// The first three fields are little-endian on the wire, the rest is bytes in order.
    private static final byte[] GUID_ORDER = {3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15};

    private static final ColumnEncoder NUMBER = (values, place, out) -> out.writeLong(values.number(place));

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
            case "decimal", "numeric" -> decimal(type.scale(), decimalsAsStrings);
            case "money", "smallmoney" -> decimal(MONEY_SCALE, decimalsAsStrings);
            // Java's text of both is the shortest that reads back the same, and JSON: SQL Server has no NaN or
            // infinity.
            case "real" ->
                new ColumnForm(
                        ColumnEncoders::getReal, (values, place, out) -> out.writeReal((float) values.real(place)));
            case "float" ->
                new ColumnForm(ColumnEncoders::getFloat, (values, place, out) -> out.writeReal(values.real(place)));
            case "char", "varchar", "text", "ntext", "xml" ->
                new ColumnForm(
                        (row, index, values) -> values.addText(row.getString(index)),
                        (values, place, out) -> out.writeString((String) values.object(place)));
            // The bytes are UTF-16, as the server sent them. The driver's text of them would cost several times as
            // much, and would lose the character after a surrogate without its partner.
            case "nchar", "nvarchar" -> new ColumnForm(ColumnEncoders::getBytes, ColumnEncoders::utf16);
            case "binary", "varbinary", "image", "rowversion", "timestamp", "hierarchyid", "geometry", "geography" ->
                new ColumnForm(ColumnEncoders::getBytes, ColumnEncoders::base64);
            case "uniqueidentifier" ->
                new ColumnForm(
                        ColumnEncoders::getBytes,
                        (values, place, out) -> out.writeHex(values.bytes(place), values.bytesFrom(place), GUID_ORDER));
            case "date" -> new ColumnForm(packed(LocalDate.class, PackedTime::of), ColumnEncoders::date);
            case "time" -> new ColumnForm(packed(LocalTime.class, PackedTime::of), time(type.scale()));
            case "smalldatetime" -> dateTime(SMALLDATETIME_SCALE);
            case "datetime" -> dateTime(DATETIME_SCALE);
            case "datetime2" -> dateTime(type.scale());
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

    /// Without an object where the digits fit into a `long`.
    private static ColumnForm decimal(int scale, boolean asString) {
        ColumnEncoder encoder = (values, place, out) -> {
            if (values.isObject(place)) {
                out.writeDecimal((BigDecimal) values.object(place));
            } else {
                out.writeDecimal(values.number(place), scale);
            }
        };
        return new ColumnForm(
                (row, index, values) -> addDecimal(row.getBigDecimal(index), scale, values),
                asString ? quoted(encoder) : encoder);
    }

    private static void addDecimal(@Nullable BigDecimal value, int scale, ColumnValues values) {
        if (value != null && value.scale() == scale && value.unscaledValue().bitLength() < Long.SIZE) {
            values.addNumber(value.unscaledValue().longValue());
        } else {
            values.addObject(value);
        }
    }

    private static void utf16(ColumnValues values, int place, JsonBuffer out) {
        int from = values.bytesFrom(place);
        out.writeUtf16(values.bytes(place), from, from + values.bytesLength(place));
    }

    static void base64(ColumnValues values, int place, JsonBuffer out) {
        int from = values.bytesFrom(place);
        out.writeBase64(values.bytes(place), from, from + values.bytesLength(place));
    }

    private static <T> ColumnGetter packed(Class<T> type, ToLongFunction<T> pack) {
        return (row, index, values) -> {
            T value = row.getObject(index, type);
            if (value == null) {
                values.addNull();
            } else {
                values.addNumber(pack.applyAsLong(value));
            }
        };
    }

    private static void date(ColumnValues values, int place, JsonBuffer out) {
        out.writeByte('"');
        PackedTime.writeDate(values.number(place), out);
        out.writeByte('"');
    }

    private static ColumnEncoder time(int scale) {
        return (values, place, out) -> {
            out.writeByte('"');
            PackedTime.writeTime(values.number(place), scale, out);
            out.writeByte('"');
        };
    }

    private static ColumnForm dateTime(int scale) {
        return new ColumnForm(packed(LocalDateTime.class, PackedTime::of), (values, place, out) -> {
            out.writeByte('"');
            PackedTime.writeDate(values.number(place), out);
            out.writeByte('T');
            PackedTime.writeTime(values.number(place), scale, out);
            out.writeByte('"');
        });
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
