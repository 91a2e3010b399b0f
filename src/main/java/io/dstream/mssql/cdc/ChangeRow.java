package io.dstream.mssql.cdc;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// The row a [ChangeReader] stands on. One object for all rows of a window: read what you need before the next.
public interface ChangeRow {

    /// The commit LSN, `__$start_lsn`.
    Lsn commitLsn();

    /// `__$command_id`, [Position#NULL_COMMAND_ID] for NULL; empty where the read mode does not know it.
    OptionalInt commandId();

    /// `__$seqval`.
    Lsn seqval();

    /// `__$operation`. A before image is followed by its update at once.
    Operation operation();

    /// When the transaction was committed; empty when the server no longer knows.
    Optional<Instant> committedAt();

    /// True where this row does not share commit LSN and seqval with the one before it: a checkpoint may stand there.
    boolean beginsGroup();

    /// The values of captured column number `index`, from 0, in this row and others: see [#place].
    ColumnValues column(int index);

    /// Which row of [#column] this one is, from 0.
    int place();

    /// `__$update_mask`, empty for NULL. To be asked in before images alone.
    byte[] updateMask();

    /// Every change up to and including this row's group, once its last row is done.
    default Position position() {
        return new Position(commitLsn(), commandId(), seqval());
    }
}
