package io.dstream.mssql.standin.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the columns of a result and its rows. For one thread.
final class RowCodec {

    private static final int COLUMNS = 0x81;
    private static final int ROW = 0xD1;
    private static final int USER_TYPE_TIMESTAMP = 0x50;

    private final List<SqlColumn> columns;
    private final TypeCodec[] codecs;

    RowCodec(List<SqlColumn> columns) {
        this.columns = List.copyOf(columns);
        this.codecs =
                columns.stream().map(column -> TypeCodec.of(column.type())).toArray(TypeCodec[]::new);
    }

    void writeColumns(WireBuffer out) {
        out.putByte(COLUMNS).putShort(columns.size());
        for (SqlColumn column : columns) {
            SqlType.Base base = column.type().base();
            out.putInt(base == SqlType.Base.ROWVERSION ? USER_TYPE_TIMESTAMP : 0);
            out.putShort(column.nullable() ? 0x09 : 0x08);
            TypeInfo.write(out, column.type());
            if (base == SqlType.Base.TEXT || base == SqlType.Base.NTEXT || base == SqlType.Base.IMAGE) {
                // These name the table they are from, in one part here.
                out.putByte(1).putLongText("table");
            }
            out.putShortText(column.name());
        }
    }

    /// Leaves `out` as it was if a value does not fit its column.
    void writeRow(WireBuffer out, @Nullable Object[] values) {
        if (values.length != codecs.length) {
            throw new IllegalArgumentException(values.length + " values for " + columns);
        }
        int start = out.position();
        int column = 0;
        try {
            out.putByte(ROW);
            for (; column < codecs.length; column++) {
                codecs[column].write(out, values[column]);
            }
        } catch (ClassCastException | ArithmeticException | IllegalArgumentException e) {
            out.truncate(start);
            throw new IllegalArgumentException(
                    values[column] + " (" + values[column].getClass().getName() + ") for " + columns.get(column), e);
        }
    }
}
