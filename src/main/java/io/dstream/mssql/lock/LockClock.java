package io.dstream.mssql.lock;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A clock for what others count too: the monotonic clock, and the time that it missed while the machine was suspended,
/// by the wall clock. It never goes back. Thread-safe.
///
/// Where the wall clock is set forward, a lease ends too early, which costs no more than asking for it again. Where
/// both
/// clocks stood still, as in a virtual machine that its host paused, nobody in there can know.
public final class LockClock implements LongSupplier {

    /// What the wall clock is ahead from one reading to the next may be rounding, or its being corrected little by
    /// little.
    private static final long SUSPENDED_NANOS = Duration.ofMillis(500).toNanos();

    private final LongSupplier nanoTime;
    private final LongSupplier wallMillis;
    private long lastNanos;
    private long lastMillis;
    private long now;

    /// Over the clocks of this machine.
    public LockClock() {
        this(System::nanoTime, System::currentTimeMillis);
    }

    LockClock(LongSupplier nanoTime, LongSupplier wallMillis) {
        this.nanoTime = nanoTime;
        this.wallMillis = wallMillis;
        this.lastNanos = nanoTime.getAsLong();
        this.lastMillis = wallMillis.getAsLong();
    }

    /// Nanoseconds since some moment; only differences mean something.
    @Override
    public synchronized long getAsLong() {
        long nanos = nanoTime.getAsLong();
        long millis = wallMillis.getAsLong();
        long passed = nanos - lastNanos;
        long missed = TimeUnit.MILLISECONDS.toNanos(millis - lastMillis) - passed;
        now += missed > SUSPENDED_NANOS ? passed + missed : passed;
        lastNanos = nanos;
        lastMillis = millis;
        return now;
    }
}
