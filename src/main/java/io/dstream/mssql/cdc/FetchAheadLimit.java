package io.dstream.mssql.cdc;

import java.util.concurrent.Semaphore;

/// How many tables may fetch rows ahead at the same time: with more of them than there are cores to share, a second
/// thread a table gains nothing, and the rows that wait cost memory and garbage collection. Thread-safe.
public final class FetchAheadLimit {

    private final Semaphore free;

    /// At most `tables`, 0 or more.
    public FetchAheadLimit(int tables) {
        this.free = new Semaphore(tables);
    }

    /// One for every two cores, and at least one.
    public static FetchAheadLimit ofThisMachine() {
        return new FetchAheadLimit(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /// Never waits. Who gets true gives back.
    boolean tryTake() {
        return free.tryAcquire();
    }

    void giveBack() {
        free.release();
    }
}
