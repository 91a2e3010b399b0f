package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.failure.Failure;
import java.util.Optional;

/// The saved position of one table, as this monitor last saw it. Used by one thread.
public interface TableCheckpoint {

    /// What was last read or saved; empty for a table that was never saved.
    Optional<Position> position();

    /// Saves `position` if the store still holds what [#position] says, else throws `LeaseLost`: somebody else
    /// saved. Saving the same position again does nothing. Throws `IllegalArgumentException` for a position before
    /// the saved one, or one that cannot be compared to it. After a `TransientFailure` it is unknown whether it
    /// was saved; saving again settles it.
    void save(Position position) throws Failure, InterruptedException;
}
