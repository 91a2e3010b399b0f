package io.dstream.mssql.lock.blob;

import io.dstream.mssql.failure.Failure;

/// The container of the lock blobs. Thread-safe.
interface LockBlobs {

    /// The blob of that name, which may be missing. Sends no request.
    LockBlob named(String name);

    /// Writes a blob of that name, and makes the container where it is missing: whoever may do that may do all the rest
    /// too. Throws `PermanentFailure` where the store refuses us, `TransientFailure` where it did not answer.
    void requireWritable(String name) throws Failure, InterruptedException;
}
