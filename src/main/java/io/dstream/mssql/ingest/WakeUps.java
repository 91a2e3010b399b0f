package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.Sighting;
import io.dstream.mssql.cdc.SourceTable;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// The tables that want to be woken when there is something new of them. Thread-safe.
final class WakeUps {

    /// A look is recent for two poll intervals, and for this long where they are short: a busy machine is late.
    private static final Duration RECENT_AT_LEAST = Duration.ofSeconds(1);

    private final StopSignal stop;
    private final long recentNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<WakeUp> tables = new LinkedHashSet<>();

    /// What the probe saw last; empty where it failed, or nobody probes.
    private Optional<Sighting> sighting = Optional.empty();

    private long toldAtNanos;

    /// Whoever waits is woken by `stop`, too. The probe looks at least once an `interval`.
    WakeUps(StopSignal stop, Duration interval) {
        this(stop, interval, System::nanoTime);
    }

    /// As above, with a monotonic clock of the caller's.
    WakeUps(StopSignal stop, Duration interval, LongSupplier nanoTime) {
        this.stop = stop;
        this.recentNanos = Math.max(2 * interval.toNanos(), RECENT_AT_LEAST.toNanos());
        this.nanoTime = nanoTime;
        stop.whenRequested(this::wakeAll);
    }

    /// Wakes `table` from now on, until that is closed.
    WakeUp of(SourceTable table) {
        lock.lock();
        try {
            WakeUp wakeUp = new WakeUp(this, table);
            tables.add(wakeUp);
            return wakeUp;
        } finally {
            lock.unlock();
        }
    }

    void leave(WakeUp wakeUp) {
        lock.lock();
        try {
            tables.remove(wakeUp);
        } finally {
            lock.unlock();
        }
    }

    /// Those to be looked at.
    List<SourceTable> tables() {
        lock.lock();
        try {
            return tables.stream().map(WakeUp::table).toList();
        } finally {
            lock.unlock();
        }
    }

    /// The probe has seen this; or nothing, because it failed.
    void tellAll(Optional<Sighting> seen) {
        lock.lock();
        try {
            toldAtNanos = nanoTime.getAsLong();
            if (!seen.equals(sighting)) {
                sighting = seen;
                tables.forEach(table -> table.hear(seen));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Each that waits polls now.
    void wakeAll() {
        lock.lock();
        try {
            tables.forEach(WakeUp::wake);
        } finally {
            lock.unlock();
        }
    }

    /// Held by whoever touches what a [WakeUp] knows.
    ReentrantLock lock() {
        return lock;
    }

    /// As of the last look.
    Optional<Sighting> sighting() {
        return sighting;
    }

    /// False while the probe hangs: what it saw before says nothing of now. The caller holds the lock.
    boolean isLookRecent() {
        return nanoTime.getAsLong() - toldAtNanos <= recentNanos;
    }

    boolean isStopping() {
        return stop.isRequested();
    }
}
