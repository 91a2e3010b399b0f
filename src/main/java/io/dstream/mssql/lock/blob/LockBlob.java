package io.dstream.mssql.lock.blob;

import io.dstream.mssql.failure.Failure;
import java.util.Map;
import java.util.Optional;

/// The blob whose lease is one table's lock, and the requests on it. Each method but [#create] sends one request, once,
/// and is over within [#REQUEST_SECONDS]. An answer that somebody else is the holder is a value; everything else that
/// goes wrong is `TransientFailure` or, where the store refuses us, `PermanentFailure`. Thread-safe.
interface LockBlob {

    /// The longest a request may take.
    int REQUEST_SECONDS = 5;

    /// How long a lease lasts without renewal; the longest that ends by itself.
    int LEASE_SECONDS = 60;

    /// Its name in the container.
    String name();

    /// What the store says of it; empty where it is missing.
    Optional<BlobState> look() throws Failure, InterruptedException;

    /// Makes it, and its container where that is missing too. Nothing happens where it is there.
    void create() throws Failure, InterruptedException;

    /// Takes a lease of [#LEASE_SECONDS] as `leaseId`, provided the blob is still as `etag` says. False where somebody
    /// else has it, or changed the blob.
    boolean acquire(String leaseId, String etag) throws Failure, InterruptedException;

    /// Begins the lease's time anew. False where it is not ours any more.
    boolean renew(String leaseId) throws Failure, InterruptedException;

    /// Replaces the metadata, which changes the etag and the time of the last change. False where the lease is not ours
    /// any more.
    boolean write(String leaseId, Map<String, String> metadata) throws Failure, InterruptedException;

    /// Gives the lease back. Nothing happens where it is not ours any more.
    void release(String leaseId) throws Failure, InterruptedException;

    /// Ends whoever's lease at once, provided the blob is still as `etag` says. False where it is not, or nobody has
    /// one.
    boolean breakLease(String etag) throws Failure, InterruptedException;
}
