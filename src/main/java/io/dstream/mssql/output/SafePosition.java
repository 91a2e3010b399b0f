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

    private Optional<Position> lastWhole = Optional.empty();

    /// The last change.
    private Lsn commitLsn = Lsn.ZERO;

    private OptionalInt commandId = OptionalInt.empty();
    private Lsn seqval = Lsn.ZERO;
    private boolean any;

    /// The next change is this.
    void advance(Lsn nextCommitLsn, OptionalInt nextCommandId, Lsn nextSeqval) {
        boolean sameGroup = any && nextSeqval.equals(seqval) && nextCommitLsn.equals(commitLsn);
        if (any && !sameGroup) {
            lastWhole = Optional.of(new Position(commitLsn, commandId, seqval));
        }
        any = true;
        commitLsn = nextCommitLsn;
        commandId = nextCommandId;
        seqval = nextSeqval;
    }

    /// After every change of this group and before any other; empty where no group of the window is known to be
    /// whole.
    Optional<Position> lastWhole() {
        return lastWhole;
    }
}
