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
    final Condition changed;

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

    /// How a wait ended: nothing is missing up to `position`, and `quiet` says, if a recent look found it, that
    /// nothing came behind it.
    record Rest(Position position, Optional<Quiet> quiet) {}

    SourceTable table() {
        return table;
    }

    /// Waits until something may have come behind `from`, where everything is proven; until the low watermark
    /// is higher than `known`, everybody stops, or `time` is over.
    Rest await(Position from, Lsn known, Duration time) throws InterruptedException {
        all.lock().lockInterruptibly();
        try {
            waiting = true;
            woken = false;
            position = from;
            lowWatermark = known;
            // A look from before we stood here is no sign that the database was restored.
            hear(all.sighting().filter(seen -> !seen.isBehind(from)));
            long left = time.toNanos();
            while (!woken && left > 0 && !all.isStopping()) {
                left = changed.awaitNanos(left);
            }
            return new Rest(position, quiet.filter(_ -> all.isLookRecent()));
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
                // A lower one is that of an older look, or of an older capture instance: no cleanup.
                woken |= nothing.lowWatermark().compareTo(lowWatermark) > 0;
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

    /// Ends a wait. The caller holds the lock.
    void wake() {
        woken = true;
        changed.signal();
    }

    @Override
    public void close() {
        all.leave(this);
    }
}
