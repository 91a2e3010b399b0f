package io.dstream.mssql.config;

import java.time.ZoneId;
import java.util.Optional;

/// What to read and from where. `serverTimeZone` is the zone of `cdc.lsn_time_mapping`, empty to ask the server.
public record ReadingConfig(
        ReadMode mode, StartFrom startFrom, OnGap onGap, boolean beforeImages, Optional<ZoneId> serverTimeZone) {

    /// What rows are read from, and so the order they leave in.
    public enum ReadMode {
        FUNCTION,
        CHANGE_TABLE
    }

    /// Where a table without a checkpoint begins.
    public enum StartFrom {
        EARLIEST,
        LATEST
    }

    /// What a checkpoint older than the low watermark does.
    public enum OnGap {
        FAIL,
        RESUME
    }
}
