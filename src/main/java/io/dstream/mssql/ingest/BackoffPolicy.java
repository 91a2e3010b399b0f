package io.dstream.mssql.ingest;

import io.dstream.mssql.config.IngesterConfig.PollingConfig;
import java.time.Duration;

/// How long to wait between polls: not at all after a change, then the base interval, doubling up to the maximum while
/// it is quiet. Used by one thread.
final class BackoffPolicy {

    private final Duration base;
    private final Duration max;
    private Duration next;

    BackoffPolicy(PollingConfig polling) {
        this.base = polling.interval();
        this.max = polling.maxInterval();
        this.next = base;
    }

    /// The current interval, as envelopes state it.
    Duration interval() {
        return next;
    }

    /// A poll brought changes: look again at once.
    Duration afterChanges() {
        next = base;
        return Duration.ZERO;
    }

    /// A poll brought nothing.
    Duration afterNothing() {
        Duration wait = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(max) < 0 ? doubled : max;
        return wait;
    }
}
