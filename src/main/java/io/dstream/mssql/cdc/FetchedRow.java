package io.dstream.mssql.cdc;

import io.dstream.mssql.failure.PermanentFailure;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// The current row of those that a [RowQuery] brought. Sees to it that the two images of an update come
/// together.
final class FetchedRow implements ChangeRow {

    private final TableName table;
    private final RowQuery query;
    private final CommitTimes commitTimes;

    private RowBatch batch = RowBatch.empty();
    private int place;
    private Lsn commitLsn = Lsn.ZERO;
    private OptionalInt commandId = OptionalInt.empty();
    private Lsn seqval = Lsn.ZERO;
    private Operation operation = Operation.DELETE;
    private Optional<Instant> committedAt = Optional.empty();
    private boolean beginsGroup;

    FetchedRow(TableName table, RowQuery query, CommitTimes commitTimes) {
        this.table = table;
        this.query = query;
        this.commitTimes = commitTimes;
    }

    /// Goes to row number `row` of `rows`. Throws `PermanentFailure` where it is one image of an update and the
    /// other is not beside it.
    void goTo(RowBatch rows, int row) throws PermanentFailure {
        batch = rows;
        place = row;
        Lsn previousCommit = commitLsn;
        commitLsn = rows.commitLsn(row);
        boolean sameTransaction = commitLsn.equals(previousCommit);
        if (!sameTransaction) {
            committedAt = commitTimes.of(commitLsn);
        }
        Lsn previousSeqval = seqval;
        seqval = rows.seqval(row);
        beginsGroup = !sameTransaction || !seqval.equals(previousSeqval);
        boolean afterBeforeImage = operation == Operation.UPDATE_BEFORE;
        operation = Operation.of(rows.operation(row));
        boolean sameCommand = readCommandId();
        boolean completes = operation == Operation.UPDATE_AFTER && !beginsGroup && sameCommand;
        if (afterBeforeImage && !completes) {
            throw orphan(Operation.UPDATE_BEFORE, previousCommit, previousSeqval);
        }
        if (query.beforeImages()) {
            requireBeforeImage(afterBeforeImage);
        } else if (operation == Operation.UPDATE_BEFORE) {
            throw new PermanentFailure("read changes of " + table + ": a before image (operation 3) at " + commitLsn
                    + "/" + seqval + " that was not asked for");
        }
    }

    /// True where it is that of the row before.
    private boolean readCommandId() {
        if (!query.byCommand()) {
            return true;
        }
        int previous = commandId.orElse(Position.NULL_COMMAND_ID);
        int current = batch.commandId(place);
        if (commandId.isEmpty() || current != previous) {
            commandId = OptionalInt.of(current);
        }
        return current == previous;
    }

    private void requireBeforeImage(boolean afterBeforeImage) throws PermanentFailure {
        if (operation == Operation.UPDATE_AFTER && !afterBeforeImage) {
            throw orphan(Operation.UPDATE_AFTER, commitLsn, seqval);
        }
    }

    /// After the last row of a window. Throws `PermanentFailure` where it was the first half of an update.
    void requireWhole() throws PermanentFailure {
        if (operation == Operation.UPDATE_BEFORE) {
            throw orphan(operation, commitLsn, seqval);
        }
    }

    private PermanentFailure orphan(Operation found, Lsn lsn, Lsn seq) {
        String other = found == Operation.UPDATE_BEFORE ? "after (operation 4)" : "before (operation 3)";
        return new PermanentFailure("read changes of " + table + ": the update at lsn=" + lsn + " seq=" + seq
                + " has no image " + other + " beside its other one; somebody deleted rows of the change table, or "
                + "CDC wrote them otherwise than documented; set before_images to false to go on without");
    }

    @Override
    public Lsn commitLsn() {
        return commitLsn;
    }

    @Override
    public OptionalInt commandId() {
        return commandId;
    }

    @Override
    public Lsn seqval() {
        return seqval;
    }

    @Override
    public Operation operation() {
        return operation;
    }

    @Override
    public Optional<Instant> committedAt() {
        return committedAt;
    }

    @Override
    public boolean beginsGroup() {
        return beginsGroup;
    }

    @Override
    public ColumnValues column(int index) {
        return batch.column(index);
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public byte[] updateMask() {
        return batch.updateMask(place);
    }
}
