package io.dstream.mssql.output;

import io.dstream.mssql.cdc.ChangeRow;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Operation;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A row of changes made of [FakeRow#change]: `mask` is its update mask in hex.
record FakeChange(
        Operation operation, Lsn commitLsn, Lsn seqval, Optional<Instant> committedAt, String mask, ResultSet columns)
        implements ChangeRow {

    static FakeChange of(
            ResultSet columns, Operation operation, Lsn commitLsn, Lsn seqval, Optional<Instant> committedAt) {
        return new FakeChange(operation, commitLsn, seqval, committedAt, "", columns);
    }

    /// The image before an update, of which `mask` says in hex what it changed.
    static FakeChange before(Lsn commitLsn, Lsn seqval, String mask, @Nullable Object... values) {
        return new FakeChange(
                Operation.UPDATE_BEFORE, commitLsn, seqval, Optional.empty(), mask, FakeRow.change(values));
    }

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
    public int firstColumn() {
        return 5;
    }
}
