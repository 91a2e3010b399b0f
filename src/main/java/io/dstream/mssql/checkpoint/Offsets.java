package io.dstream.mssql.checkpoint;

import io.dstream.mssql.failure.Failure;
import java.util.Optional;

/// Rows of `cdc_offsets` by key, one statement a method. Thread-safe.
interface Offsets {

    /// The row of `key`, if there is one. Throws `PermanentFailure` for a row that holds no LSN.
    Optional<Offset> find(String key) throws Failure, InterruptedException;

    /// False where there was a row already.
    boolean insert(String key, Offset wanted) throws Failure, InterruptedException;

    /// False where the row holds anything but `expected`, or is gone.
    boolean update(String key, Offset expected, Offset wanted) throws Failure, InterruptedException;
}
