package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.OutputLost;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.ingest.StopSignal.Reason;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.lock.LeaseAttempt.Held;
import io.dstream.mssql.lock.LeaseAttempt.HeldElsewhere;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows one configured table from start to end: finds it, gets its lease, and while the lease lasts lets a
/// [TableFollower] read it. Comes back after every failure that time can mend. One thread.
final class TableMonitor implements Callable<TableEnding> {

    private static final Logger log = LoggerFactory.getLogger(TableMonitor.class);

    private final Monitoring shared;
    private final TableEntry entry;
    private final RetryDelay retryDelay = new RetryDelay(ThreadLocalRandom.current());
    private Optional<SourceTable> found = Optional.empty();
    private boolean saidWhoHoldsIt;
    private boolean hasFollowed;

    TableMonitor(Monitoring shared, TableEntry entry) {
        this.shared = shared;
        this.entry = entry;
    }

    @Override
    public TableEnding call() {
        try {
            while (!shared.stop().isRequested()) {
                Optional<TableEnding> ending = attempt();
                if (ending.isPresent()) {
                    return ending.get();
                }
            }
        } catch (InterruptedException e) {
            // Interruption is shutdown, and this is where the table's thread ends.
            Thread.currentThread().interrupt();
        } catch (RuntimeException defect) {
            log.error("Table stopped by a defect of this program, please report it table={}", entry, defect);
            return TableEnding.FAILED;
        } catch (Error broken) {
            log.error(
                    "Everything stops; where memory has run out, give more with DSTREAM_JAVA_OPTS=-Xmx1g table={}",
                    entry,
                    broken);
            shared.stop().request(Reason.BROKEN);
            return TableEnding.FAILED;
        }
        return TableEnding.STOPPED;
    }

    /// Empty where it is worth trying again.
    private Optional<TableEnding> attempt() throws InterruptedException {
        try {
            SourceTable table = table();
            return switch (shared.locker().tryAcquire(table.name())) {
                case Held(Lease lease) -> Optional.of(follow(table, lease));
                case HeldElsewhere(Optional<String> owner) -> standBy(table, owner);
            };
        } catch (Failure failure) {
            // It may have been made anew meanwhile.
            found = Optional.empty();
            return after(failure);
        }
    }

    private SourceTable table() throws Failure, InterruptedException {
        if (found.isEmpty()) {
            found = Optional.of(SourceTable.find(shared.database(), entry.schema(), entry.table()));
        }
        return found.get();
    }

    private TableEnding follow(SourceTable table, Lease lease) throws Failure, InterruptedException {
        try {
            saidWhoHoldsIt = false;
            TableFollower follower = TableFollower.open(shared, table, lease, !hasFollowed);
            hasFollowed = true;
            retryDelay.reset();
            return follower.follow();
        } finally {
            lease.release();
        }
    }

    private Optional<TableEnding> standBy(SourceTable table, Optional<String> owner) throws InterruptedException {
        if (!saidWhoHoldsIt) {
            log.info(
                    "Table is followed by another instance, standing by table={} owner={}",
                    table.name(),
                    owner.orElse("unknown"));
            saidWhoHoldsIt = true;
        }
        shared.stop().await(jittered(shared.config().polling().interval()));
        return Optional.empty();
    }

    /// Between nine tenths of `time` and the whole of it.
    private static Duration jittered(Duration time) {
        long nanos = time.toNanos();
        return Duration.ofNanos(nanos - ThreadLocalRandom.current().nextLong(nanos / 10 + 1));
    }

    private Optional<TableEnding> after(Failure failure) throws InterruptedException {
        return switch (failure) {
            case TransientFailure passing -> comeBack(passing, retryDelay.afterFailure());
            case LeaseLost lost ->
                comeBack(lost, jittered(shared.config().polling().interval()));
            case PermanentFailure permanent -> {
                log.error("Table stopped table={} error={}", entry, permanent.getMessage());
                yield Optional.of(TableEnding.FAILED);
            }
            case OutputLost lost -> {
                shared.stop().request(Reason.OUTPUT_LOST);
                yield Optional.of(TableEnding.FAILED);
            }
        };
    }

    private Optional<TableEnding> comeBack(Failure failure, Duration wait) throws InterruptedException {
        shared.failures().retrying(entry.toString(), failure, wait);
        shared.stop().await(wait);
        return Optional.empty();
    }
}
