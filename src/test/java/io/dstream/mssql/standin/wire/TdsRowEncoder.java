package io.dstream.mssql.standin.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Encodes rows ahead of time, for [Answers#encodedRows]. For one thread.
public final class TdsRowEncoder implements RowEncoder {

    private final RowCodec codec;
    private final WireBuffer rows = new WireBuffer();
    private int count;

    private TdsRowEncoder(List<SqlColumn> columns) {
        this.codec = new RowCodec(columns);
    }

    /// For rows of a result that [Answers#columns] announces with equal columns.
    public static TdsRowEncoder forColumns(List<SqlColumn> columns) {
        return new TdsRowEncoder(columns);
    }

    @Override
    public void add(@Nullable Object[] values) {
        codec.writeRow(rows, values);
        count++;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public byte[] toByteArray() {
        return rows.toByteArray();
    }
}
