package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;

/// Where positions are saved. Thread-safe.
public interface CheckpointStore {

    /// Creates what the store needs, if missing. Several instances may do so at once.
    void prepare() throws Failure, InterruptedException;

    /// Reads what is saved for `table` and remembers it as what the next save expects.
    TableCheckpoint open(TableName table) throws Failure, InterruptedException;
}
