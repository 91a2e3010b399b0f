package io.dstream.mssql.ingest;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.logging.LogLimit;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs failures that are retried, and their end, ten of each a minute at most for all tables together. Thread-safe.
final class FailureLog {

    private static final Logger log = LoggerFactory.getLogger(FailureLog.class);

    private final LogLimit limit;
    private final LogLimit recoveries;

    FailureLog(LongSupplier nanoTime) {
        this.limit = new LogLimit(nanoTime);
        this.recoveries = new LogLimit(nanoTime);
    }

    /// Logs that `table` is followed again after failures, or counts it as suppressed.
    void recovered(String table) {
        recoveries
                .admit()
                .ifPresent(suppressedBefore ->
                        log.info("Table is followed again table={} suppressed_messages={}", table, suppressedBefore));
    }

    /// Logs that nobody knows which tables have changes, or counts it as suppressed.
    void probing(Failure failure) {
        limit.admit()
                .ifPresent(suppressedBefore -> log.warn(
                        "Looking for changes failed and goes on, meanwhile tables poll by themselves "
                                + "suppressed_messages={} error={}",
                        suppressedBefore,
                        failure.getMessage()));
    }

    /// Logs that it is known again, or counts it as suppressed.
    void probingAgain() {
        recoveries
                .admit()
                .ifPresent(suppressedBefore ->
                        log.info("Changes are looked for again suppressed_messages={}", suppressedBefore));
    }

    /// Logs that `table` failed and comes back after `wait`, or counts it as suppressed.
    void retrying(String table, Failure failure, Duration wait) {
        limit.admit()
                .ifPresent(suppressedBefore -> log.warn(
                        "Table will be retried table={} retry_in={}ms suppressed_messages={} error={}",
                        table,
                        wait.toMillis(),
                        suppressedBefore,
                        failure.getMessage()));
    }
}
