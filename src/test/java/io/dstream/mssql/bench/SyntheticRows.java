package io.dstream.mssql.bench;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.wire.TdsRowEncoder;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Inserts into a table of one shape, always the same ones: a row's values come from its id. Thread-safe.
final class SyntheticRows {

    private static final int INSERT = 2;
    private static final int FIRST_COMMAND = 1;
    static final OffsetDateTime COMMIT_TIME = OffsetDateTime.of(2025, 1, 1, 0, 0, 0, 627_000_000, ZoneOffset.UTC);
    private static final long SEED = 20_250_928;

    private final RowShape shape;
    private final List<BenchColumn> columns;

    SyntheticRows(RowShape shape) {
        this.shape = shape;
        this.columns = shape.columns();
    }

    /// The `count` rows of transaction `commitLsn`, ids from `firstId` on.
    byte[] encode(RowLayout layout, Lsn commitLsn, int firstId, int count) {
        TdsRowEncoder encoder = TdsRowEncoder.forColumns(layout.columns(shape));
        Random random = new Random(SEED + firstId);
        for (int i = 0; i < count; i++) {
            encoder.add(row(layout, commitLsn, i, firstId + i, random));
        }
        return encoder.toByteArray();
    }

    private @Nullable Object[] row(RowLayout layout, Lsn commitLsn, int index, int id, Random random) {
        @Nullable
        Object[] row = new Object
                [layout.before().size() + 1 + columns.size() + layout.after().size()];
        int at = 0;
        for (RowLayout.Key key : layout.before()) {
            row[at++] = value(key, commitLsn, index);
        }
        row[at++] = id;
        for (BenchColumn column : columns) {
            row[at++] = column.value().apply(random);
        }
        for (RowLayout.Key key : layout.after()) {
            row[at++] = value(key, commitLsn, index);
        }
        return row;
    }

    /// All rows of a transaction are of one statement.
    private Object value(RowLayout.Key key, Lsn commitLsn, int index) {
        return switch (key) {
            case START_LSN -> commitLsn.toBytes();
            case SEQVAL -> new Lsn(commitLsn.high(), index + 1).toBytes();
            case OPERATION -> INSERT;
            case UPDATE_MASK -> allColumns();
            case COMMAND_ID -> FIRST_COMMAND;
            case COMMIT_TIME -> COMMIT_TIME;
        };
    }

    /// One bit a column, the first column's the lowest of the last byte.
    private byte[] allColumns() {
        int all = columns.size() + 1;
        byte[] mask = new byte[(all + 7) / 8];
        for (int bit = 0; bit < all; bit++) {
            mask[mask.length - 1 - bit / 8] |= (byte) (1 << bit % 8);
        }
        return mask;
    }
}
