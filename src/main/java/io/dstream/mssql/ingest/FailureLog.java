package io.dstream.mssql.ingest;

import io.dstream.mssql.failure.Failure;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs failures that are retried, ten a minute at most for all tables together: whoever launched us may keep all of
/// stderr in memory. Thread-safe.
final class FailureLog {

    private static final Logger log = LoggerFactory.getLogger(FailureLog.class);
    private static final int MOST_A_MINUTE = 10;
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private long minuteBeganAtNanos;
    private int loggedThisMinute;
    private long suppressed;

    FailureLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.minuteBeganAtNanos = nanoTime.getAsLong();
    }

    /// Logs that `table` failed and comes back after `wait`, or counts it as suppressed.
    void retrying(String table, Failure failure, Duration wait) {
        admit().ifPresent(suppressedBefore -> log.warn(
                "Table will be retried table={} retry_in={}ms suppressed_messages={} error={}",
                table,
                wait.toMillis(),
                suppressedBefore,
                failure.getMessage()));
    }

    /// How many messages were suppressed since the last one; empty to suppress this one too.
    synchronized OptionalLong admit() {
        long now = nanoTime.getAsLong();
        if (now - minuteBeganAtNanos >= MINUTE_NANOS) {
            minuteBeganAtNanos = now;
            loggedThisMinute = 0;
        }
        if (loggedThisMinute == MOST_A_MINUTE) {
            suppressed++;
            return OptionalLong.empty();
        }
        loggedThisMinute++;
        OptionalLong before = OptionalLong.of(suppressed);
        suppressed = 0;
        return before;
    }
}
