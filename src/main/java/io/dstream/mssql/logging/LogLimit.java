package io.dstream.mssql.logging;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// Keeps messages that repeat down to ten a minute: whoever launched us may keep all of stderr in memory. Thread-safe.
public final class LogLimit {

    private static final int MOST_A_MINUTE = 10;
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private long minuteBeganAtNanos;
    private int loggedThisMinute;
    private long suppressed;

    /// `nanoTime` is a monotonic clock.
    public LogLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.minuteBeganAtNanos = nanoTime.getAsLong();
    }

    /// How many messages were suppressed since the last one; empty to suppress this one too.
    public synchronized OptionalLong admit() {
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
