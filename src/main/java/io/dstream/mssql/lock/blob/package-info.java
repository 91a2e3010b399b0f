/// Leases on blobs of Azure Storage.
///
/// [BlobLeaseLocker] hands them out; a [LeaseKeeper] asks for one, keeps it and gives it back, on a thread of its own;
/// a [LockBlob] is one blob and the requests on it. Only the classes named `Azure..` know the client library.
@NullMarked
package io.dstream.mssql.lock.blob;

import org.jspecify.annotations.NullMarked;
