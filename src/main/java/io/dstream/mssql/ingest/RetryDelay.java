package io.dstream.mssql.ingest;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait after a failure: growing, with jitter so that many tables do not come back as one. Used by one
/// thread.
final class RetryDelay {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final RandomGenerator random;
    private Duration next = FIRST;

    RetryDelay(RandomGenerator random) {
        this.random = random;
    }

    /// Between half of the current step and the whole of it; the next step is twice as long, up to 30 s.
    Duration afterFailure() {
        long half = next.toMillis() / 2;
        Duration wait = Duration.ofMillis(half + random.nextLong(half + 1));
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return wait;
    }

    /// It went through.
    void reset() {
        next = FIRST;
    }
}
