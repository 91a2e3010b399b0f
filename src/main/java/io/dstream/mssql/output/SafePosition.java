package io.dstream.mssql.output;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import java.util.Optional;
import java.util.OptionalInt;

/// Follows the changes of a window and answers the last position that a checkpoint may take.
///
/// Neighbours that share commit LSN and seqval are one group, a delete and its insert for one: a checkpoint stands
/// after a group, never inside. That a group is whole shows when the next one begins.
final class SafePosition {

    /// The last change of the last group that is whole. A position is made of it only when somebody asks: that is
    /// seldom, and there is a group for nearly every change.
    private Lsn wholeCommitLsn = Lsn.ZERO;

    private OptionalInt wholeCommandId = OptionalInt.empty();
    private Lsn wholeSeqval = Lsn.ZERO;
    private boolean anyWhole;

    /// The last change.
    private Lsn commitLsn = Lsn.ZERO;

    private OptionalInt commandId = OptionalInt.empty();
    private Lsn seqval = Lsn.ZERO;
    private boolean any;

    /// The next change is this.
    void advance(Lsn nextCommitLsn, OptionalInt nextCommandId, Lsn nextSeqval) {
        boolean sameGroup = any && nextSeqval.equals(seqval) && nextCommitLsn.equals(commitLsn);
        if (any && !sameGroup) {
            wholeCommitLsn = commitLsn;
            wholeCommandId = commandId;
            wholeSeqval = seqval;
            anyWhole = true;
        }
        any = true;
        commitLsn = nextCommitLsn;
        commandId = nextCommandId;
        seqval = nextSeqval;
    }

    /// After every change of this group and before any other; empty where no group of the window is known to be
    /// whole.
    Optional<Position> lastWhole() {
        return anyWhole ? Optional.of(new Position(wholeCommitLsn, wholeCommandId, wholeSeqval)) : Optional.empty();
    }
}
