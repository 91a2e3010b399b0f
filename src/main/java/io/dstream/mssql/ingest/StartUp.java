package io.dstream.mssql.ingest;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /// How long an interrupted step may take to end; most end at once.
    private static final Duration LAST_WORD = Duration.ofMillis(500);

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

    /// Runs `step` until it goes through; `what` names it in errors. A try that may well end too late, since the
    /// one before took so long, is not begun, and one that takes all the time that is left is interrupted. Throws
    /// `PermanentFailure` where it cannot go through, or not in time; `InterruptedException` where everybody is
    /// asked to stop meanwhile.
    <T> T step(String what, Step<T> step) throws Failure, InterruptedException {
        RetryDelay delay = new RetryDelay(ThreadLocalRandom.current());
        while (true) {
            long beganAtNanos = nanoTime.getAsLong();
            try {
                return inTime(what, step);
            } catch (TransientFailure failure) {
                Duration wait = delay.afterFailure();
                long now = nanoTime.getAsLong();
                long tryNanos = now - beganAtNanos;
                if (now + wait.toNanos() + tryNanos - deadlineNanos >= 0) {
                    throw gaveUp(failure.getMessage(), failure);
                }
                log.warn("Not started yet, trying again retry_in={}ms error={}", wait.toMillis(), failure.getMessage());
                if (stop.await(wait).isPresent()) {
                    throw new InterruptedException("asked to stop while starting");
                }
            }
        }
    }

    /// On a virtual thread, since that one can be interrupted while it waits for a server.
    private <T> T inTime(String what, Step<T> step) throws Failure, InterruptedException {
        FutureTask<T> task = new FutureTask<>(step::run);
        stop.whenRequested(() -> task.cancel(true));
        Thread thread = Thread.ofVirtual().name("start").start(task);
        try {
            return task.get(deadlineNanos - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw gaveUp(what + ": no answer in time", e);
        } catch (CancellationException e) {
            throw new InterruptedException("asked to stop while starting");
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } finally {
            task.cancel(true);
            // What it still opens must not outlive what the caller closes now.
            thread.join(LAST_WORD);
        }
    }

    /// What the step threw. Unchecked exceptions are thrown here.
    private static Failure unwrapped(ExecutionException e) throws InterruptedException {
        return switch (e.getCause()) {
            case Failure failure -> failure;
            case InterruptedException interrupted -> throw interrupted;
            case RuntimeException defect -> throw defect;
            case Error broken -> throw broken;
            case null, default -> throw new IllegalStateException(e);
        };
    }

    private PermanentFailure gaveUp(String why, Exception cause) {
        long seconds = Duration.ofNanos(nanoTime.getAsLong() - startedAtNanos).toSeconds();
        return new PermanentFailure(why + " (tried for " + seconds + " s, giving up)", cause);
    }
}
