package io.dstream.mssql.lock.blob;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;

/// Time that passes only while somebody waits, and what happens meanwhile. Used by one thread.
final class ScriptedClock implements KeeperClock {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::atNanos));
    private long nanos;

    private record Event(long atNanos, Runnable what) {}

    /// `what` happens `time` after the start.
    void at(Duration time, Runnable what) {
        events.add(new Event(time.toNanos(), what));
    }

    /// Since the start.
    Duration time() {
        return Duration.ofNanos(nanos);
    }

    /// Time that somebody spends without waiting.
    void pass(Duration time) {
        passUntil(nanos + time.toNanos(), new CountDownLatch(1));
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public boolean await(CountDownLatch latch, long waitNanos) {
        passUntil(nanos + Math.max(0, waitNanos), latch);
        return latch.getCount() == 0;
    }

    private void passUntil(long end, CountDownLatch latch) {
        while (latch.getCount() > 0 && !events.isEmpty() && events.peek().atNanos() <= end) {
            Event next = events.remove();
            nanos = Math.max(nanos, next.atNanos());
            next.what().run();
        }
        if (latch.getCount() > 0) {
            nanos = Math.max(nanos, end);
        }
    }
}
