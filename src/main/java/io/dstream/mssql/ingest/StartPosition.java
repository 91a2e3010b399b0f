package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.ChangeReader;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.failure.Failure;
import java.util.Optional;

/// Where a table without a checkpoint begins.
final class StartPosition {

    private StartPosition() {}

    /// All that CDC still holds, or nothing of what there was when this program started: whoever was told that it runs
    /// has all that came then.
    static Position choose(Monitoring shared, ChangeReader reader) throws Failure, InterruptedException {
        Position earliest = reader.earliest();
        return switch (shared.config().reading().startFrom()) {
            case EARLIEST -> earliest;
            case LATEST -> {
                Optional<Position> latest = shared.highestAtStart().map(Position::after);
                // A capture instance may begin after that, or be cleaned up since.
                yield latest.filter(now -> now.compareTo(earliest) > 0).orElse(earliest);
            }
        };
    }

    /// True where the database says that it never reached `position`: it was restored from an older copy.
    static boolean isBeyond(Position position, Lsn highest) {
        // A start before a transaction that has not been captured yet is beyond nothing.
        return !position.seqval().equals(Lsn.ZERO) && position.commitLsn().compareTo(highest) > 0;
    }
}
