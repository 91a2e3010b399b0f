package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Keeps transactions that change rows apart from DDL that makes or drops triggers: H2 takes no lock for those, and a
/// transaction that is under way would be captured by halves. SQL Server's schema locks do it for one table, this does
/// it for the database. Thread-safe.
final class CaptureGate {

    private static final int ALL = Integer.MAX_VALUE;

    private final Semaphore permits = new Semaphore(ALL, true);
    private final Duration limit;

    CaptureGate(Duration limit) {
        this.limit = limit;
    }

    /// A transaction begins to change rows: waits for DDL to end.
    void enter() {
        permits.acquireUninterruptibly();
    }

    /// It ended.
    void leave() {
        permits.release();
    }

    /// DDL begins: waits for all transactions. Throws error 1222 where they take too long.
    void close() throws SqlServerError {
        try {
            if (permits.tryAcquire(ALL, limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        throw new SqlServerError(
                1222, "Lock request time out period exceeded: a transaction that changed rows is open.");
    }

    /// DDL ended.
    void open() {
        permits.release(ALL);
    }
}
