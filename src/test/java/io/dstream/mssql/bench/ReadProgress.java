package io.dstream.mssql.bench;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// How far one process has read, as its server sees it: when it first asked for rows, and when half of them were sent,
/// with the CPU time that it had used until then. Thread-safe.
final class ReadProgress {

    /// A moment by the clock of [System#nanoTime], and the process's CPU time then.
    record Mark(long nanos, Duration cpu) {}

    private final long rows;
    private final AtomicLong sentRows = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicBoolean wasAsked = new AtomicBoolean();
    private final AtomicBoolean passedHalf = new AtomicBoolean();
    private volatile Supplier<Duration> cpu = () -> Duration.ZERO;
    private volatile Mark first = new Mark(0, Duration.ZERO);
    private volatile Mark half = new Mark(0, Duration.ZERO);

    /// Of `rows` in all.
    ReadProgress(long rows) {
        this.rows = rows;
    }

    long rows() {
        return rows;
    }

    /// Where the process's CPU time comes from; before it can have asked for anything.
    void watch(Supplier<Duration> processCpu) {
        cpu = processCpu;
    }

    /// A question for rows came.
    void asked() {
        if (wasAsked.compareAndSet(false, true)) {
            first = mark();
        }
    }

    /// So many rows more are on their way.
    void sent(int count, int bytes) {
        sentBytes.addAndGet(bytes);
        if (2 * sentRows.addAndGet(count) >= rows && passedHalf.compareAndSet(false, true)) {
            half = mark();
        }
    }

    private Mark mark() {
        return new Mark(System.nanoTime(), cpu.get());
    }

    /// The first question for rows.
    Mark first() {
        return first;
    }

    /// When half of the rows were sent.
    Mark half() {
        return half;
    }

    /// The size of what was sent.
    long bytes() {
        return sentBytes.get();
    }
}
