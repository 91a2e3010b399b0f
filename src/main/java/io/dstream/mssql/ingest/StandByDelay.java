package io.dstream.mssql.ingest;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before asking for a lease again that somebody else holds. Used by one thread.
///
/// Never less than the poll interval, since every question is a request that may cost money; never much more, since a
/// spare takes over within it and 2 s. What is added keeps many tables, and many instances, from asking in step.
final class StandByDelay {

    private static final Duration MOST_ADDED = Duration.ofSeconds(1);

    private final Duration interval;
    private final RandomGenerator random;

    StandByDelay(Duration interval, RandomGenerator random) {
        this.interval = interval;
        this.random = random;
    }

    /// The poll interval and up to a tenth of it more, a second at most.
    Duration next() {
        Duration tenth = interval.dividedBy(10);
        Duration most = tenth.compareTo(MOST_ADDED) < 0 ? tenth : MOST_ADDED;
        return interval.plusNanos(random.nextLong(most.toNanos() + 1));
    }
}
