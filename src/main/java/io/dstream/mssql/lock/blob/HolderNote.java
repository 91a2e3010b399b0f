package io.dstream.mssql.lock.blob;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/// What a holder writes into its lock blob's metadata: who it is, the how many-th holder, and when it wrote that.
///
/// @param owner host, process id and start time, ASCII
/// @param epoch greater than that of every holder before
record HolderNote(String owner, long epoch, Instant heartbeat) {

    private static final String OWNER = "owner";
    private static final String EPOCH = "epoch";
    private static final String HEARTBEAT = "heartbeat";

    Map<String, String> toMetadata() {
        return Map.of(
                OWNER,
                owner,
                EPOCH,
                Long.toString(epoch),
                HEARTBEAT,
                heartbeat.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /// The epoch of the holder after the one that wrote `metadata`: the time of now in seconds, so that epochs go
    /// on growing where the blob was deleted, or is named after another server since a failover; but more than the
    /// last one, whatever the clocks say.
    static long nextEpoch(Map<String, String> metadata, Instant now) {
        return Math.max(epochIn(metadata) + 1, now.getEpochSecond());
    }

    /// Who wrote `metadata`, where they said so.
    static Optional<String> ownerIn(Map<String, String> metadata) {
        return Optional.ofNullable(metadata.get(OWNER));
    }

    /// The epoch in `metadata`; 0 where there is none that can be read.
    static long epochIn(Map<String, String> metadata) {
        try {
            return Math.max(0, Long.parseLong(metadata.getOrDefault(EPOCH, "0")));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
