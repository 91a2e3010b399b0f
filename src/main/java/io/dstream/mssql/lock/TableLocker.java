package io.dstream.mssql.lock;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;

/// Hands out one lease a table. Thread-safe.
public interface TableLocker extends AutoCloseable {

    /// Checks that the store answers and lets us in, and makes what all leases need. Throws `PermanentFailure` where it
    /// refuses us, `TransientFailure` where it did not answer.
    void prepare() throws Failure, InterruptedException;

    /// Asks once, without waiting for another holder. Throws `TransientFailure` where the store did not answer.
    LeaseAttempt tryAcquire(TableName table) throws Failure, InterruptedException;

    /// Gives back every lease that is still held. Never throws for a store that does not answer.
    @Override
    void close();
}
