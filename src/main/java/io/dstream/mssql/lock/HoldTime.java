package io.dstream.mssql.lock;

import java.time.Duration;
import java.util.function.LongSupplier;

/// How long something may still be counted as held: a length from the moment the last proof of it was *sent*, on a
/// [LockClock]. When the answer came does not matter, and one that comes too late proves nothing: what is over stays
/// over. Thread-safe.
public final class HoldTime {

    private final long lengthNanos;
    private final LongSupplier nanoTime;
    private volatile long provenAtNanos;
    private volatile boolean over;

    /// Begins with a proof that was sent at `sentAtNanos` on the clock `nanoTime`.
    public HoldTime(Duration length, LongSupplier nanoTime, long sentAtNanos) {
        this.lengthNanos = length.toNanos();
        this.nanoTime = nanoTime;
        this.provenAtNanos = sentAtNanos;
    }

    /// The request that was sent at `sentAtNanos` was answered: still held then.
    public void prove(long sentAtNanos) {
        if (!isOver()) {
            provenAtNanos = sentAtNanos;
        }
    }

    /// True once the length has passed since the last proof, or after [#end]. Costs no request.
    public boolean isOver() {
        if (!over && nanoTime.getAsLong() - provenAtNanos >= lengthNanos) {
            over = true;
        }
        return over;
    }

    /// It is over now.
    public void end() {
        over = true;
    }
}
