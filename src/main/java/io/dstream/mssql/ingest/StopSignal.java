package io.dstream.mssql.ingest;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Says once, to everybody, that it is time to end, and why. Thread-safe.
public final class StopSignal {

    /// Why it is time to end.
    public enum Reason {
        /// Somebody outside asked: a signal.
        ASKED,
        /// No table is followed any more.
        ALL_TABLES_ENDED,
        /// stdout is gone.
        OUTPUT_LOST,
        /// The process that launched this one is gone.
        LAUNCHER_GONE,
        /// The virtual machine cannot go on: out of memory, most likely.
        BROKEN
    }

    private final CompletableFuture<Reason> requested = new CompletableFuture<>();

    /// Asks everybody to end. Returns at once. The first reason stays.
    public void request(Reason reason) {
        requested.complete(reason);
    }

    /// Runs `action` once somebody asks, on the thread that does, or now where somebody has. It must not wait.
    void whenRequested(Runnable action) {
        CompletableFuture<Void> _ = requested.thenRun(action);
    }

    /// True once somebody asked.
    public boolean isRequested() {
        return requested.isDone();
    }

    /// Why, once somebody asked.
    public Optional<Reason> reason() {
        return requested.isDone() ? Optional.of(requested.resultNow()) : Optional.empty();
    }

    /// Waits until somebody asks.
    public Reason await() throws InterruptedException {
        try {
            return requested.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a stop signal cannot fail", e);
        }
    }

    /// Waits for `time` at most; empty where nobody asked.
    public Optional<Reason> await(Duration time) throws InterruptedException {
        try {
            return Optional.of(requested.get(time.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a stop signal cannot fail", e);
        }
    }
}
