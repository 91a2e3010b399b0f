package io.dstream.mssql.cdc;

import java.util.OptionalInt;

/// How far a table has been read: every change at or before it is done.
///
/// In the middle of transaction `commitLsn` it is the last change done, in the order of the read mode that came so
/// far: `function` goes by `seqval` and knows no command ids, `change_table` goes by (`commandId`, `seqval`).
/// Before and after a transaction, where `seqval` is [Lsn#ZERO] and [Lsn#MAX], there is no command id and both
/// modes mean the same.
public record Position(Lsn commitLsn, OptionalInt commandId, Lsn seqval) implements Comparable<Position> {

    /// Stands for a NULL `__$command_id`, which comes before all others: a row that was captured before its server
    /// knew command ids.
    public static final int NULL_COMMAND_ID = -1;

    public Position {
        if (commandId.isPresent() && commandId.getAsInt() < NULL_COMMAND_ID) {
            throw new IllegalArgumentException("a command id is not negative: " + commandId.getAsInt());
        }
        // Somebody may have put a checkpoint back by its LSN and sequence alone.
        if (seqval.equals(Lsn.ZERO) || seqval.equals(Lsn.MAX)) {
            commandId = OptionalInt.empty();
        }
    }

    /// Without command id, as `function` counts.
    public Position(Lsn commitLsn, Lsn seqval) {
        this(commitLsn, OptionalInt.empty(), seqval);
    }

    /// All of the transaction `commitLsn`, and everything before it.
    public static Position after(Lsn commitLsn) {
        return new Position(commitLsn, Lsn.MAX);
    }

    /// Nothing of the transaction `commitLsn`, everything before it.
    public static Position before(Lsn commitLsn) {
        return new Position(commitLsn, Lsn.ZERO);
    }

    /// True where changes of transaction `commitLsn` may still be missing.
    public boolean isInsideTransaction() {
        return !seqval.equals(Lsn.MAX);
    }

    /// True where a part of transaction `commitLsn` is done and the rest may not be.
    public boolean splitsTransaction() {
        return isInsideTransaction() && !seqval.equals(Lsn.ZERO);
    }

    /// The first commit LSN that may hold something new.
    public Lsn windowStart() {
        return isInsideTransaction() ? commitLsn : commitLsn.next();
    }

    /// True where nothing up to and including transaction `lsn` is missing.
    public boolean covers(Lsn lsn) {
        return compareTo(after(lsn)) >= 0;
    }

    /// True where a database whose highest LSN is `highest` never reached this: it was restored from an older
    /// copy, or `highest` is old.
    public boolean isBeyond(Lsn highest) {
        // A start before a transaction that has not been captured yet is beyond nothing.
        return !seqval.equals(Lsn.ZERO) && commitLsn.compareTo(highest) > 0;
    }

    /// False where both split the same transaction in different orders: neither tells what is done of the other.
    public boolean isComparableTo(Position other) {
        return commandId.isPresent() == other.commandId.isPresent()
                || !commitLsn.equals(other.commitLsn)
                || !splitsTransaction()
                || !other.splitsTransaction();
    }

    /// In the order of the log; arbitrary, though always the same, where they are not [#isComparableTo].
    @Override
    public int compareTo(Position other) {
        int byCommit = commitLsn.compareTo(other.commitLsn);
        if (byCommit != 0) {
            return byCommit;
        }
        boolean bothSplit = splitsTransaction() && other.splitsTransaction();
        int byCommand = bothSplit ? Integer.compare(commandOrder(), other.commandOrder()) : 0;
        return byCommand != 0 ? byCommand : seqval.compareTo(other.seqval);
    }

    private int commandOrder() {
        return commandId.orElse(NULL_COMMAND_ID - 1);
    }

    /// `commit LSN/seqval`, or `commit LSN/command id/seqval`.
    @Override
    public String toString() {
        return commitLsn + "/" + (commandId.isPresent() ? commandId.getAsInt() + "/" : "") + seqval;
    }
}
