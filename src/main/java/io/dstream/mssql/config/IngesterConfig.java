package io.dstream.mssql.config;

import java.time.Duration;

/// Everything that stdin said, checked and with defaults filled in.
///
/// A busy table saves its position at most once a `checkpointInterval`. `stopWhenCaughtUp`: drain what is there when
/// started, then stop.
public record IngesterConfig(
        ConnectionString database,
        TablesConfig tables,
        PollingConfig polling,
        ReadingConfig reading,
        OutputConfig output,
        LockConfig lock) {

    /// How often to look: `interval` while there are changes, doubling up to `maxInterval` while there are none.
    public record PollingConfig(
            Duration interval, Duration maxInterval, Duration checkpointInterval, boolean stopWhenCaughtUp) {}
}
