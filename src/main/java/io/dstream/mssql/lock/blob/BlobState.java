package io.dstream.mssql.lock.blob;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// What the store says of a lock blob. `now` is the store's clock, so that ours need not agree with it; `etag` changes
/// with the metadata, but not with the lease.
record BlobState(LeaseKind lease, Instant lastModified, Instant now, String etag, Map<String, String> metadata) {

    /// The original program's own rule for a lock whose holder is gone.
    private static final Duration ABANDONED_AFTER = Duration.ofMinutes(2);

    /// Who may have the blob.
    enum LeaseKind {
        /// Nobody: there was no lease, or it ended.
        NONE,
        /// Somebody, until they stop renewing it.
        FINITE,
        /// Somebody, for ever: only the original program takes such a lease.
        INFINITE
    }

    /// True where somebody has the blob who may still be there.
    boolean isLeased() {
        return lease != LeaseKind.NONE && !isAbandoned();
    }

    /// True where the lease would never end by itself, and whoever took it has not touched the blob for two
    /// minutes.
    boolean isAbandoned() {
        return lease == LeaseKind.INFINITE
                && Duration.between(lastModified, now).compareTo(ABANDONED_AFTER) > 0;
    }
}
