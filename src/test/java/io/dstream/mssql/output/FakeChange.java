package io.dstream.mssql.output;

import io.dstream.mssql.cdc.ChangeRow;
import io.dstream.mssql.cdc.ColumnGetter;
import io.dstream.mssql.cdc.ColumnValues;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Operation;
import io.dstream.mssql.failure.Failure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A row of changes made of [FakeRow#of]: `mask` is its update mask in hex.
record FakeChange(
        Operation operation, Lsn commitLsn, Lsn seqval, Optional<Instant> committedAt, String mask, ResultSet values) {

    static FakeChange of(
            ResultSet values, Operation operation, Lsn commitLsn, Lsn seqval, Optional<Instant> committedAt) {
        return new FakeChange(operation, commitLsn, seqval, committedAt, "", values);
    }

    /// The image before an update, of which `mask` says in hex what it changed.
    static FakeChange before(Lsn commitLsn, Lsn seqval, String mask, @Nullable Object... values) {
        return new FakeChange(Operation.UPDATE_BEFORE, commitLsn, seqval, Optional.empty(), mask, FakeRow.of(values));
    }

    /// Adds it to `writer`, whose getters read it.
    void addTo(LineWriter writer) throws SQLException, Failure, InterruptedException {
        List<ColumnValues> columns = new ArrayList<>();
        for (ColumnGetter getter : writer.getters()) {
            ColumnValues column = new ColumnValues(1);
            getter.get(values, columns.size() + 1, column);
            columns.add(column);
        }
        writer.add(new Row(operation, commitLsn, seqval, committedAt, mask, columns));
    }

    private record Row(
            Operation operation,
            Lsn commitLsn,
            Lsn seqval,
            Optional<Instant> committedAt,
            String mask,
            List<ColumnValues> columns)
            implements ChangeRow {

        @Override
        public OptionalInt commandId() {
            return OptionalInt.empty();
        }

        @Override
        public boolean beginsGroup() {
            throw new UnsupportedOperationException("nobody who writes asks this");
        }

        @Override
        public byte[] updateMask() {
            return HexFormat.of().parseHex(mask);
        }

        @Override
        public ColumnValues column(int index) {
            return columns.get(index);
        }

        @Override
        public int place() {
            return 0;
        }
    }
}
