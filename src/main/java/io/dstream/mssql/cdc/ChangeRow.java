package io.dstream.mssql.cdc;

import io.dstream.mssql.failure.PermanentFailure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// The row a [ChangeReader] stands on. One object for all rows of a window: read what you need before the next.
public final class ChangeRow {

    /// The first captured column's place in [#columns], from 1.
    public static final int FIRST_COLUMN = 5;

    private final ResultSet columns;
    private final CommitTimes commitTimes;

    private byte[] commitLsnBytes = new byte[0];
    private Lsn commitLsn = Lsn.ZERO;
    private Lsn seqval = Lsn.ZERO;
    private Operation operation = Operation.DELETE;
    private Optional<Instant> committedAt = Optional.empty();
    private boolean beginsGroup;

    ChangeRow(ResultSet columns, CommitTimes commitTimes) {
        this.columns = columns;
        this.commitTimes = commitTimes;
    }

    /// Takes the key of the row the result set stands on.
    void read(TableName table) throws SQLException, PermanentFailure {
        byte[] bytes = columns.getBytes(1);
        boolean sameTransaction = Arrays.equals(bytes, commitLsnBytes);
        if (!sameTransaction) {
            commitLsnBytes = bytes;
            commitLsn = Lsn.of(bytes);
            committedAt = commitTimes.of(commitLsn);
        }
        Lsn previous = seqval;
        seqval = Lsn.of(columns.getBytes(2));
        beginsGroup = !sameTransaction || !seqval.equals(previous);
        int number = columns.getInt(3);
        operation = Operation.of(number);
        if (operation == Operation.UPDATE_BEFORE) {
            throw new PermanentFailure("read changes of " + table + ": a before image (operation 3) at " + commitLsn
                    + "/" + seqval + " that was not asked for");
        }
    }

    /// The commit LSN, `__$start_lsn`.
    public Lsn commitLsn() {
        return commitLsn;
    }

    /// `__$seqval`.
    public Lsn seqval() {
        return seqval;
    }

    /// `__$operation`.
    public Operation operation() {
        return operation;
    }

    /// When the transaction was committed; empty when the server no longer knows.
    public Optional<Instant> committedAt() {
        return committedAt;
    }

    /// True where this row does not share commit LSN and seqval with the one before it: a checkpoint may stand there.
    public boolean beginsGroup() {
        return beginsGroup;
    }

    /// Every change up to and including this row's group.
    public Position position() {
        return new Position(commitLsn, seqval);
    }

    /// The row itself: commit LSN, seqval, operation, update mask, then the captured columns from [#FIRST_COLUMN].
    public ResultSet columns() {
        return columns;
    }
}
