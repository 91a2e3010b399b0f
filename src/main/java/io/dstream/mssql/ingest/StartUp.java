package io.dstream.mssql.ingest;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first steps, tried again for a bounded time: whoever launched us waits for an answer. Used by one thread.
final class StartUp {

    private static final Logger log = LoggerFactory.getLogger(StartUp.class);

    /// One thing that must go through before anything is followed.
    @FunctionalInterface
    interface Step<T> {
        /// Does it, or fails.
        T run() throws Failure, InterruptedException;
    }

    private final StopSignal stop;
    private final LongSupplier nanoTime;
    private final long startedAtNanos;
    private final long deadlineNanos;

    /// All steps together get `within`, from now. `nanoTime` is a monotonic clock.
    StartUp(Duration within, StopSignal stop, LongSupplier nanoTime) {
        this.stop = stop;
        this.nanoTime = nanoTime;
        this.startedAtNanos = nanoTime.getAsLong();
        this.deadlineNanos = startedAtNanos + within.toNanos();
    }

    /// Runs `step` until it goes through. A try that may well end too late, since the one before took so long, is not
    /// begun. Throws `PermanentFailure` where it cannot, or not in time;
    /// `InterruptedException` where everybody is asked to stop meanwhile.
    <T> T step(Step<T> step) throws Failure, InterruptedException {
        RetryDelay delay = new RetryDelay(ThreadLocalRandom.current());
        while (true) {
            long beganAtNanos = nanoTime.getAsLong();
            try {
                return step.run();
            } catch (TransientFailure failure) {
                Duration wait = delay.afterFailure();
                long now = nanoTime.getAsLong();
                long tryNanos = now - beganAtNanos;
                if (now + wait.toNanos() + tryNanos - deadlineNanos >= 0) {
                    throw gaveUp(failure, now);
                }
                log.warn("Not started yet, trying again retry_in={}ms error={}", wait.toMillis(), failure.getMessage());
                if (stop.await(wait).isPresent()) {
                    throw new InterruptedException("asked to stop while starting");
                }
            }
        }
    }

    private PermanentFailure gaveUp(TransientFailure failure, long nowNanos) {
        long seconds = Duration.ofNanos(nowNanos - startedAtNanos).toSeconds();
        return new PermanentFailure(failure.getMessage() + " (tried for " + seconds + " s, giving up)", failure);
    }
}
