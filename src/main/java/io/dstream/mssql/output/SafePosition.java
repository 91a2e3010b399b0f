package io.dstream.mssql.output;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import java.util.Optional;

/// Follows the changes of a window and answers the last position that a checkpoint may take.
///
/// Changes that share commit LSN and seqval are one group, a delete and its insert for one: a checkpoint stands
/// after a group, never inside. That a group is whole shows when the next one begins.
final class SafePosition {

    private Optional<Position> group = Optional.empty();
    private Optional<Position> lastWhole = Optional.empty();

    /// The next change is of this group.
    void advance(Lsn commitLsn, Lsn seqval) {
        if (group.isPresent() && isSame(group.get(), commitLsn, seqval)) {
            return;
        }
        lastWhole = group;
        group = Optional.of(new Position(commitLsn, seqval));
    }

    private static boolean isSame(Position position, Lsn commitLsn, Lsn seqval) {
        return position.seqval().equals(seqval) && position.commitLsn().equals(commitLsn);
    }

    /// After every change of this group and before any other; empty where no group of the window is known to be
    /// whole.
    Optional<Position> lastWhole() {
        return lastWhole;
    }
}
