package io.dstream.mssql.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Time that a measurement lets pass.
final class Pause {

    private Pause() {}

    static void of(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("while measuring");
            }
        }
    }
}
