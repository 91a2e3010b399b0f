package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.cdc.TableName;
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

/// Follows one configured table from start to end: finds it, takes a slot of this instance, gets the table's lease, and
/// while the lease lasts lets a [TableFollower] read it. Comes back after every failure that time can mend. One thread.
final class TableMonitor implements Callable<TableEnding> {

    private static final Logger log = LoggerFactory.getLogger(TableMonitor.class);

    /// As good as for ever: whoever waits for a slot is woken when everybody stops.
    private static final Duration UNTIL_STOPPED = Duration.ofDays(1);

    private final Monitoring shared;
    private final TableEntry entry;
    private final StandByDelay standByDelay;
    private final RetryDelay retryDelay = new RetryDelay(ThreadLocalRandom.current());
    private final TableLog tableLog = new TableLog();
    private Optional<SourceTable> found = Optional.empty();
    private boolean saidThatItWaits;
    private boolean saidWhoHoldsIt;
    private boolean hasFailed;

    TableMonitor(Monitoring shared, TableEntry entry) {
        this.shared = shared;
        this.entry = entry;
        this.standByDelay = new StandByDelay(shared.config().polling().interval(), ThreadLocalRandom.current());
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
            // Before the lock store is asked, so that a full instance costs it nothing.
            if (shared.slots().tryTake(patience())) {
                return withSlot(table);
            }
            sayThatItWaits(table);
            return Optional.empty();
        } catch (Failure failure) {
            boolean wasMadeAnew = failure instanceof PermanentFailure && wasMadeAnew();
            found = Optional.empty();
            return wasMadeAnew ? comeBack(failure, retryDelay.afterFailure()) : after(failure);
        }
    }

    /// True where another table has the name now, or where that is not known: what failed for the one that was found is
    /// over then.
    private boolean wasMadeAnew() throws InterruptedException {
        if (found.isEmpty()) {
            return false;
        }
        try {
            return find().objectId() != found.get().objectId();
        } catch (TransientFailure unknown) {
            log.debug("Could not look whether the table was made anew table={}", entry, unknown);
            return true;
        } catch (Failure gone) {
            log.debug("The table is gone table={}", entry, gone);
            return false;
        }
    }

    private SourceTable find() throws Failure, InterruptedException {
        TableName written = new TableName(entry.schema(), entry.table());
        return SourceTable.find(
                shared.database(), entry.schema(), entry.table(), all -> tableLog.namesakes(written, all));
    }

    /// At first not for long: a slot is also taken for asking, and then there is nothing to say.
    private Duration patience() {
        return saidThatItWaits ? UNTIL_STOPPED : shared.config().polling().interval();
    }

    private SourceTable table() throws Failure, InterruptedException {
        if (found.isEmpty()) {
            found = Optional.of(find().reading(entry.columns()));
        }
        return found.get();
    }

    /// The slot is for asking and for holding: it is free again before any wait.
    private Optional<TableEnding> withSlot(SourceTable table) throws Failure, InterruptedException {
        try {
            switch (shared.locker().tryAcquire(table.name())) {
                case Held(Lease lease) -> {
                    return Optional.of(follow(table, lease));
                }
                case HeldElsewhere(Optional<String> owner) -> sayWhoHoldsIt(table, owner);
            }
        } finally {
            shared.slots().giveBack();
        }
        shared.stop().await(standByDelay.next());
        return Optional.empty();
    }

    private TableEnding follow(SourceTable table, Lease lease) throws Failure, InterruptedException {
        try {
            saidThatItWaits = false;
            saidWhoHoldsIt = false;
            boolean again = hasFailed && tableLog.hasFollowed();
            TableFollower follower = TableFollower.open(shared, table, lease, tableLog);
            if (again) {
                shared.failures().recovered(table.name().toString());
            }
            hasFailed = false;
            retryDelay.reset();
            return follower.follow();
        } finally {
            lease.release();
        }
    }

    private void sayThatItWaits(SourceTable table) {
        if (!saidThatItWaits && !shared.stop().isRequested()) {
            log.info(
                    "Table waits: this instance has as many as max_tables allows, another one must follow it table={}",
                    table.name());
            saidThatItWaits = true;
        }
    }

    private void sayWhoHoldsIt(SourceTable table, Optional<String> owner) {
        if (!saidWhoHoldsIt) {
            log.info(
                    "Table is followed by another instance, standing by table={} owner=\"{}\"",
                    table.name(),
                    owner.orElse("unknown"));
            saidWhoHoldsIt = true;
        }
    }

    private Optional<TableEnding> after(Failure failure) throws InterruptedException {
        return switch (failure) {
            case TransientFailure passing -> comeBack(passing, retryDelay.afterFailure());
            case LeaseLost lost -> comeBack(lost, standByDelay.next());
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
        hasFailed = true;
        shared.failures().retrying(entry.toString(), failure, wait);
        shared.stop().await(wait);
        return Optional.empty();
    }
}
