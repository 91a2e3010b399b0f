package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.checkpoint.TableCheckpoint;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.lock.Lease;
import java.time.Duration;
import java.util.Optional;

/// Saves a table's position, never without its lease, and not more often than it is worth. Used by one thread.
final class PacedCheckpoint {

    private final TableName table;
    private final TableCheckpoint checkpoint;
    private final Lease lease;
    private final long intervalNanos;
    private long savedAtNanos = System.nanoTime();

    PacedCheckpoint(TableName table, TableCheckpoint checkpoint, Lease lease, Duration interval) {
        this.table = table;
        this.checkpoint = checkpoint;
        this.lease = lease;
        this.intervalNanos = interval.toNanos();
    }

    /// True once the interval has passed since the last save.
    boolean isDue() {
        return System.nanoTime() - savedAtNanos >= intervalNanos;
    }

    /// False for a position that is saved already. Also for one that splits the saved position's transaction in the
    /// order of the other read mode: that transaction is read again, and what is saved must not go back in it.
    boolean isNew(Position position) {
        Optional<Position> saved = checkpoint.position();
        return saved.isEmpty() || (!saved.get().equals(position) && saved.get().isComparableTo(position));
    }

    /// Saves `position`, whose lines are all written, where it [#isNew]. Throws `LeaseLost` where the table is not
    /// ours any more.
    void save(Position position) throws Failure, InterruptedException {
        if (!isNew(position)) {
            return;
        }
        requireLease();
        checkpoint.save(position);
        savedAtNanos = System.nanoTime();
    }

    /// Throws `LeaseLost` where the table is not ours any more.
    void requireLease() throws LeaseLost {
        if (!lease.isHeld()) {
            throw new LeaseLost("the lease of " + table + " is not held any more");
        }
    }
}
