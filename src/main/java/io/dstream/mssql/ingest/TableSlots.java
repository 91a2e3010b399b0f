package io.dstream.mssql.ingest;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How many more tables this instance may take (`max_tables`): who holds a lease, or asks for one, has a slot. They go
/// to whoever has waited longest, so that no table is forgotten. Thread-safe.
final class TableSlots {

    private static final int UNBOUNDED = Integer.MAX_VALUE / 2;

    private final Semaphore free;
    private final StopSignal stop;

    private TableSlots(int most, StopSignal stop) {
        this.free = new Semaphore(most, true);
        this.stop = stop;
    }

    /// As many as `most` says, or without a limit. Nobody waits any longer, nor is given one, once `stop` is requested.
    static TableSlots of(OptionalInt most, StopSignal stop) {
        TableSlots slots = new TableSlots(Math.min(most.orElse(UNBOUNDED), UNBOUNDED), stop);
        stop.whenRequested(slots::wakeEverybody);
        return slots;
    }

    /// Takes a slot, waiting for `patience` at most. Who is told true gives it back.
    boolean tryTake(Duration patience) throws InterruptedException {
        if (!free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        if (stop.isRequested()) {
            free.release();
            return false;
        }
        return true;
    }

    /// Gives back one slot that was taken.
    void giveBack() {
        free.release();
    }

    private void wakeEverybody() {
        free.release(UNBOUNDED);
    }
}
