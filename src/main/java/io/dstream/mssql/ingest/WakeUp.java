package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.Sighting;
import io.dstream.mssql.cdc.Sighting.Verdict;
import io.dstream.mssql.cdc.Sighting.Verdict.News;
import io.dstream.mssql.cdc.Sighting.Verdict.Quiet;
import io.dstream.mssql.cdc.Sighting.Verdict.Unknown;
import io.dstream.mssql.cdc.SourceTable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;

/// Lets one table wait until there is something new of it. While it waits, its position moves on with every look of the
/// probe that found nothing, so that CDC's cleanup does not overtake it. One thread waits; the probe's speaks.
final class WakeUp implements AutoCloseable {

    private final WakeUps all;
    private final SourceTable table;
    private final Condition changed;

    private boolean waiting;
    private boolean woken;
    private Position position = Position.before(Lsn.ZERO);
    private Lsn lowWatermark = Lsn.ZERO;
    private Optional<Sighting> heard = Optional.empty();
    private Optional<Quiet> quiet = Optional.empty();

    WakeUp(WakeUps all, SourceTable table) {
        this.all = all;
        this.table = table;
        this.changed = all.lock().newCondition();
    }

    /// How a wait ended: nothing is missing up to `position`, and `quiet` says, if it is known, that nothing came
    /// behind it.
    record Rest(Position position, Optional<Quiet> quiet) {}

    SourceTable table() {
        return table;
    }

    /// Waits until something may have come behind `from`, where everything is proven; until the low watermark is
    /// another than `known`, everybody stops, or `time` is over.
    Rest await(Position from, Lsn known, Duration time) throws InterruptedException {
        all.lock().lockInterruptibly();
        try {
            waiting = true;
            woken = false;
            position = from;
            lowWatermark = known;
            hear(all.sighting());
            long left = time.toNanos();
            while (!woken && left > 0 && !all.isStopping()) {
                left = changed.awaitNanos(left);
            }
            return new Rest(position, quiet);
        } finally {
            waiting = false;
            all.lock().unlock();
        }
    }

    /// The probe has seen this; or nothing, because it failed. The caller holds the lock.
    void hear(Optional<Sighting> seen) {
        if (!waiting) {
            return;
        }
        Verdict verdict = seen.map(sighting -> sighting.of(table, position)).orElseGet(Unknown::new);
        quiet = Optional.empty();
        switch (verdict) {
            case Quiet nothing -> {
                Position end = Position.after(nothing.highest());
                position = end.compareTo(position) > 0 ? end : position;
                quiet = Optional.of(nothing);
                woken |= !nothing.lowWatermark().equals(lowWatermark);
            }
            // Once: who was woken for it has done what can be done.
            case News _ -> woken |= !seen.equals(heard);
            case Unknown _ -> {}
        }
        heard = seen;
        if (woken) {
            wake();
        }
    }

    /// True while the table waits. The caller holds the lock.
    boolean isWaiting() {
        return waiting;
    }

    /// Ends a wait, if there is a reason. The caller holds the lock.
    void wake() {
        changed.signal();
    }

    @Override
    public void close() {
        all.leave(this);
    }
}
