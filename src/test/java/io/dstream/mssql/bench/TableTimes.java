package io.dstream.mssql.bench;

import java.util.HashMap;
import java.util.Map;

/// When each table's rows came, to see that none starves. Used by one thread.
final class TableTimes implements EnvelopeCounter.Taker {

    /// By capture instance.
    private final Map<String, Integer> expected;

    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, Long> firstNanos = new HashMap<>();
    private long firstDoneNanos;
    private long lastNanos;
    private double leastShare;

    /// `expected` is how many rows each capture instance has.
    TableTimes(Map<String, Integer> expected) {
        this.expected = expected;
    }

    @Override
    public void took(String captureInstance, int count) {
        lastNanos = System.nanoTime();
        firstNanos.putIfAbsent(captureInstance, lastNanos);
        int sum = counts.merge(captureInstance, count, Integer::sum);
        if (firstDoneNanos == 0 && sum == expected.getOrDefault(captureInstance, 0)) {
            firstDoneNanos = lastNanos;
            leastShare = expected.entrySet().stream()
                    .mapToDouble(table -> (double) counts.getOrDefault(table.getKey(), 0) / table.getValue())
                    .min()
                    .orElse(0);
        }
    }

    /// When every table has had its first rows, by the clock of [System#nanoTime].
    long allBegunNanos() {
        return firstNanos.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /// When the quickest table had all its rows.
    long firstDoneNanos() {
        return firstDoneNanos;
    }

    /// When the slowest had.
    long lastNanos() {
        return lastNanos;
    }

    /// The share of its rows that the slowest table had when the quickest had all.
    double leastShare() {
        return leastShare;
    }
}
