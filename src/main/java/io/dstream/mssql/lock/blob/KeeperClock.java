package io.dstream.mssql.lock.blob;

import io.dstream.mssql.lock.LockClock;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Time, as a [LeaseKeeper] needs it. Thread-safe.
interface KeeperClock {

    /// The real one.
    KeeperClock SYSTEM = new KeeperClock() {

        private final LockClock clock = new LockClock();

        @Override
        public long nanoTime() {
            return clock.getAsLong();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public boolean await(CountDownLatch latch, long nanos) throws InterruptedException {
            return latch.await(nanos, TimeUnit.NANOSECONDS);
        }
    };

    /// That of a [LockClock].
    long nanoTime();

    /// For people to read.
    Instant now();

    /// Waits until `latch` is open, `nanos` at most; true where it is.
    boolean await(CountDownLatch latch, long nanos) throws InterruptedException;
}
