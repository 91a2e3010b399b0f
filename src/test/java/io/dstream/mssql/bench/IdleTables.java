package io.dstream.mssql.bench;

/// Not there yet.
final class IdleTables implements Scenario {
    @Override
    public String measure(BenchOptions options, Progress progress) {
        throw new IllegalStateException("not there yet");
    }
}
