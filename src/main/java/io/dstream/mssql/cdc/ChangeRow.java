package io.dstream.mssql.cdc;

import java.sql.ResultSet;
import java.sql.SQLException;
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

    /// The row itself: its key, then the captured columns in ordinal order from [#firstColumn].
    ResultSet columns();

    /// The first captured column's place in [#columns], from 1.
    int firstColumn();

    /// `__$update_mask`, empty for NULL. To be asked in before images alone, and before the captured columns.
    byte[] updateMask() throws SQLException;

    /// Every change up to and including this row's group, once its last row is done.
    default Position position() {
        return new Position(commitLsn(), commandId(), seqval());
    }
}
