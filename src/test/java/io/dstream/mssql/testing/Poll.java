package io.dstream.mssql.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Waits for something to become true, with a limit. Tests never wait a fixed time.
public final class Poll {

    /// Generous: machines that build are slow at times. Reached only by a test that fails.
    public static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration STEP = Duration.ofMillis(10);

    private Poll() {}

    /// Returns once `condition` is true; fails after [#LIMIT], saying what `state` answers then.
    public static void until(Callable<Boolean> condition, Supplier<?> state) throws Exception {
        until(LIMIT, condition, state);
    }

    /// As above, with another limit.
    public static void until(Duration limit, Callable<Boolean> condition, Supplier<?> state) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit + ": " + state.get());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("while polling");
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }
}
