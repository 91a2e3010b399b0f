package io.dstream.mssql.lock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A clock for what others count too: it never goes back, and never misses time that has passed elsewhere. The
/// monotonic
/// clock alone stands still while a machine is suspended, the wall clock alone can be set back; this one follows
/// whichever is ahead. Where the wall clock is set forward, a lease ends too early, which costs no more than asking for
/// it again. Thread-safe.
public final class LockClock implements LongSupplier {

    private final LongSupplier nanoTime;
    private final LongSupplier wallMillis;
    private final long startNanos;
    private final long startMillis;

    /// By how much the wall clock has been ahead at most, in nanoseconds.
    private final AtomicLong missedNanos = new AtomicLong();

    /// Over the clocks of this machine.
    public LockClock() {
        this(System::nanoTime, System::currentTimeMillis);
    }

    LockClock(LongSupplier nanoTime, LongSupplier wallMillis) {
        this.nanoTime = nanoTime;
        this.wallMillis = wallMillis;
        this.startNanos = nanoTime.getAsLong();
        this.startMillis = wallMillis.getAsLong();
    }

    /// Nanoseconds since some moment; only differences mean something.
    @Override
    public long getAsLong() {
        long passed = nanoTime.getAsLong() - startNanos;
        long passedOnTheWall = TimeUnit.MILLISECONDS.toNanos(wallMillis.getAsLong() - startMillis);
        return passed + missedNanos.accumulateAndGet(passedOnTheWall - passed, Math::max);
    }
}
