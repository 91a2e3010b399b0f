package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.Sighting;
import io.dstream.mssql.cdc.SourceTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The tables that want to be woken when there is something new of them. Thread-safe.
final class WakeUps {

    private final StopSignal stop;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<WakeUp> tables = new LinkedHashSet<>();

    /// What the probe saw last; empty where it failed, or nobody probes.
    private Optional<Sighting> sighting = Optional.empty();

    /// Whoever waits is woken by `stop`, too.
    WakeUps(StopSignal stop) {
        this.stop = stop;
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
            if (!seen.equals(sighting)) {
                sighting = seen;
                tables.forEach(table -> table.hear(seen));
            }
        } finally {
            lock.unlock();
        }
    }

    private void wakeAll() {
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

    boolean isStopping() {
        return stop.isRequested();
    }
}
