package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.ChangeReader;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.failure.Failure;

/// Where a table without a checkpoint begins.
final class StartPosition {

    private StartPosition() {}

    /// All that CDC still holds, or nothing of what there was when this program started: whoever was told that
    /// it runs has all that came then. What the cleanup took while the table waited for its lease is a gap
    /// behind that place, to be found by the first window.
    static Position choose(Monitoring shared, ChangeReader reader) throws Failure, InterruptedException {
        return switch (shared.config().reading().startFrom()) {
            case EARLIEST -> reader.earliest();
            case LATEST ->
                reader.beginningAfter(
                        shared.highestAtStart().map(Position::after).orElse(Position.before(Lsn.ZERO)));
        };
    }
}
