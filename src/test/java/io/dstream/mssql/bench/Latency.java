package io.dstream.mssql.bench;

/// Not there yet.
final class Latency implements Scenario {
    @Override
    public String measure(BenchOptions options, Progress progress) {
        throw new IllegalStateException("not there yet");
    }
}
