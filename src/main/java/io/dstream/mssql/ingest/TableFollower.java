package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.BatchSizer;
import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.ChangeReader;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.NextWindow.Gap;
import io.dstream.mssql.cdc.NextWindow.Ready;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.Sighting.Verdict.Quiet;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.cdc.Window;
import io.dstream.mssql.checkpoint.TableCheckpoint;
import io.dstream.mssql.config.ReadingConfig.StartFrom;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.ingest.WakeUp.Rest;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.output.EncodableColumns;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The loop of one table while its lease lasts: read what came since the position, write it, flush, check the lease,
/// save, wait until there is more. Used by one thread.
final class TableFollower {

    private static final Logger log = LoggerFactory.getLogger(TableFollower.class);

    private final Monitoring shared;
    private final SourceTable source;
    private final TableName table;
    private final TableLog tableLog;
    private final ChangeReader reader;
    private final WindowEmitter emitter;
    private final PacedCheckpoint checkpoint;
    private final GapGuard gaps;
    private final BackoffPolicy backoff;
    private final RetryDelay retryDelay = new RetryDelay(ThreadLocalRandom.current());
    private final BatchSizer batchSizer = new BatchSizer();

    private Position position;

    /// What the probe had just said when the last wait ended, if it knew: nothing came behind our position.
    private Optional<Quiet> quiet = Optional.empty();

    /// Changes were written that no saved position covers.
    private boolean owesSave;

    /// As it was known at the last save.
    private Lsn lowWatermarkAtSave = Lsn.ZERO;

    private TableFollower(
            Monitoring shared,
            SourceTable source,
            TableLog tableLog,
            ChangeReader reader,
            PacedCheckpoint checkpoint,
            Lease lease,
            Position position) {
        this.shared = shared;
        this.source = source;
        this.table = source.name();
        this.tableLog = tableLog;
        this.reader = reader;
        this.checkpoint = checkpoint;
        this.gaps = new GapGuard(table, shared.config().reading().onGap(), reader);
        this.emitter = new WindowEmitter(shared, table, reader, lease, checkpoint, gaps);
        this.backoff = new BackoffPolicy(shared.config().polling());
        this.position = position;
    }

    /// Reads where the table stands, or decides where it begins.
    static TableFollower open(Monitoring shared, SourceTable source, Lease lease, TableLog tableLog)
            throws Failure, InterruptedException {
        TableName table = source.name();
        ChangeReader reader = new ChangeReader(
                shared.database(), source, shared.config().reading(), shared.repeatedHours(), shared.fetchAhead());
        TableCheckpoint saved = shared.checkpoints().open(table);
        PacedCheckpoint checkpoint = new PacedCheckpoint(
                table, saved, lease, shared.config().polling().checkpointInterval());
        Optional<Position> stood = saved.position();
        Position position = stood.isPresent() ? stood.get() : StartPosition.choose(shared, reader);
        if (stood.isEmpty() && shared.config().reading().startFrom() == StartFrom.LATEST) {
            // A later start would begin later, and what came in between would be lost.
            checkpoint.save(position);
        }
        if (!tableLog.hasFollowed()) {
            // What cannot be read or written is said now, and not when the first change comes, perhaps at night.
            for (CaptureInstance instance : reader.instancesAfter(position)) {
                EncodableColumns.require(instance);
            }
        }
        tableLog.following(table, position, stood.isPresent() ? "checkpoint" : "start");
        return new TableFollower(shared, source, tableLog, reader, checkpoint, lease, position);
    }

    /// Until everybody stops or the table has caught up. Throws what time alone cannot mend, `LeaseLost` among it.
    TableEnding follow() throws Failure, InterruptedException {
        try (WakeUp wakeUp = shared.wakeUps().of(source)) {
            while (!shared.stop().isRequested()) {
                if (shared.config().polling().stopWhenCaughtUp() && hasCaughtUp()) {
                    refuseRestoredDatabase(shared.highestAtStart());
                    return TableEnding.CAUGHT_UP;
                }
                pollAndWait(wakeUp);
            }
            return TableEnding.STOPPED;
        } finally {
            saveWhatWasWritten();
        }
    }

    private boolean hasCaughtUp() {
        return gaps.isProven() && shared.highestAtStart().map(position::covers).orElse(true);
    }

    private void pollAndWait(WakeUp wakeUp) throws Failure, InterruptedException {
        try {
            boolean again = poll();
            retryDelay.reset();
            if (again) {
                backoff.afterChanges();
            } else {
                rest(wakeUp, backoff.afterNothing());
            }
        } catch (TransientFailure failure) {
            Duration wait = retryDelay.afterFailure();
            shared.failures().retrying(table.toString(), failure, wait);
            shared.stop().await(wait);
        }
    }

    private void rest(WakeUp wakeUp, Duration wait) throws InterruptedException {
        Rest rest = wakeUp.await(position, gaps.lowWatermark(), wait);
        position = rest.position();
        quiet = rest.quiet();
    }

    /// True where it is worth looking again at once.
    private boolean poll() throws Failure, InterruptedException {
        checkpoint.requireLease();
        position = gaps.goBack().orElse(position);
        Optional<Lsn> highest = highest();
        if (highest.isEmpty() || position.covers(highest.get())) {
            refuseRestoredDatabase(highest);
            gaps.prove();
            if (isWorthSaving()) {
                save();
            }
            return false;
        }
        return switch (reader.next(position, highest.get(), batchSizer.transactions())) {
            case Ready ready -> {
                tableLog.reading(ready);
                yield emit(ready.window()) || !position.covers(highest.get());
            }
            case Gap(Lsn lowWatermark) -> skipGap(lowWatermark);
        };
    }

    /// Whoever just heard from the probe that nothing came need not ask.
    private Optional<Lsn> highest() throws Failure, InterruptedException {
        Optional<Quiet> said = quiet;
        quiet = Optional.empty();
        said.map(Quiet::lowWatermark).ifPresent(gaps::saw);
        return said.isPresent() ? said.map(Quiet::highest) : shared.highestLsn().current();
    }

    /// True where there were changes.
    private boolean emit(Window window) throws Failure, InterruptedException {
        try {
            emitter.emit(window, backoff.interval());
        } finally {
            owesSave |= emitter.rows() > 0;
            position = emitter.writtenUpTo().orElse(position);
        }
        gaps.prove();
        log.debug("Window done table={} position={} changes={}", table, position, emitter.rows());
        batchSizer.observed(
                window.transactions(),
                emitter.rows(),
                emitter.bytes(),
                emitter.timeToFirstRow(),
                shared.database().isReadingAwaited());
        if (emitter.rows() > 0 ? checkpoint.isDue() : isWorthSaving()) {
            save();
        }
        return emitter.rows() > 0;
    }

    /// Where nothing came. A position that only moved on is not worth a write each time, there may be a thousand
    /// such tables. But the cleanup must not overtake what is saved, or a restart would take that for a gap; so
    /// each run of it is a reason, and what is saved is no older than that, however short the retention.
    private boolean isWorthSaving() {
        return owesSave
                || checkpoint.isDueWithoutChanges()
                || !gaps.lowWatermark().equals(lowWatermarkAtSave);
    }

    private boolean skipGap(Lsn lowWatermark) throws PermanentFailure {
        gaps.found(position, lowWatermark);
        position = Position.before(lowWatermark);
        return true;
    }

    private void refuseRestoredDatabase(Optional<Lsn> highest) throws Failure, InterruptedException {
        if (highest.isEmpty() || !position.isBeyond(highest.get())) {
            return;
        }
        // Another instance may have read further than our last look at the highest LSN.
        Optional<Lsn> now = shared.highestLsn().refreshed();
        if (now.isPresent() && position.isBeyond(now.get())) {
            throw new PermanentFailure(
                    "the checkpoint of " + table + " is at " + position + " but the highest LSN of the "
                            + "database is " + now.get()
                            + ": it was restored from an older copy; load the table anew and delete "
                            + "its row from cdc_offsets");
        }
    }

    /// Nothing is saved behind a gap before an envelope said so: a restart finds it again.
    private void save() throws Failure, InterruptedException {
        gaps.prove();
        if (gaps.owed().isEmpty()) {
            checkpoint.save(position);
            tableLog.saved();
            owesSave = false;
            lowWatermarkAtSave = gaps.lowWatermark();
        }
    }

    /// No poll comes after it that would save: what fails as a deadlock's victim works the second time.
    private void saveOrTryAgain() throws Failure, InterruptedException {
        try {
            save();
        } catch (TransientFailure first) {
            log.debug("Last position is saved again table={} error={}", table, first.getMessage());
            save();
        }
    }

    /// The last save, also after an interrupt or a failure: what was written need not be repeated.
    private void saveWhatWasWritten() throws InterruptedException {
        try {
            saveOrTryAgain();
        } catch (LeaseLost e) {
            log.debug("Lease is gone, position left to its new holder table={}", table);
        } catch (Failure e) {
            log.warn(
                    "Last position was not saved, changes after the last checkpoint will be repeated table={} error={}",
                    table,
                    e.getMessage());
        }
    }
}
