package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.checkpoint.TableCheckpoint;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.lock.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/// Saves a table's position, never without its lease, and not more often than it is worth. Used by one thread.
final class PacedCheckpoint {

    /// How old the saved position of a table without changes may grow, from once to twice that: young against
    /// any sensible retention, and a thousand such tables save about one a second. It is asked when the table
    /// polls.
    static final Duration IDLE_INTERVAL = Duration.ofMinutes(10);

    private final TableName table;
    private final TableCheckpoint checkpoint;
    private final Lease lease;
    private final long intervalNanos;

    /// Another one for each table, so that they do not save in step.
    private final long idleNanos =
            ThreadLocalRandom.current().nextLong(IDLE_INTERVAL.toNanos(), 2 * IDLE_INTERVAL.toNanos());

    private final LongSupplier nanoTime;
    private final long openedAtNanos;
    private Optional<Long> savedAtNanos = Optional.empty();

    /// `interval` is that of a table with changes.
    PacedCheckpoint(TableName table, TableCheckpoint checkpoint, Lease lease, Duration interval) {
        this(table, checkpoint, lease, interval, System::nanoTime);
    }

    /// As above, with a monotonic clock of the caller's.
    PacedCheckpoint(
            TableName table, TableCheckpoint checkpoint, Lease lease, Duration interval, LongSupplier nanoTime) {
        this.table = table;
        this.checkpoint = checkpoint;
        this.lease = lease;
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.openedAtNanos = nanoTime.getAsLong();
    }

    /// True once the interval has passed since the last save.
    boolean isDue() {
        return nanoTime.getAsLong() - savedAtNanos.orElse(openedAtNanos) >= intervalNanos;
    }

    /// True where a position is worth saving that no change has led to: the first, and then one after each
    /// [#IDLE_INTERVAL] or two.
    boolean isDueWithoutChanges() {
        return savedAtNanos
                .map(then -> nanoTime.getAsLong() - then >= idleNanos)
                .orElse(true);
    }

    /// What a restart would begin from; empty before the first save.
    Optional<Position> saved() {
        return checkpoint.position();
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
        savedAtNanos = Optional.of(nanoTime.getAsLong());
    }

    /// Throws `LeaseLost` where the table is not ours any more.
    void requireLease() throws LeaseLost {
        if (!lease.isHeld()) {
            throw new LeaseLost("the lease of " + table + " is not held any more");
        }
    }
}
