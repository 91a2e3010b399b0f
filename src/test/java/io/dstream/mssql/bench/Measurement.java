package io.dstream.mssql.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/// One run of one process, begun with the first query at `beganNanos`: `time` is from then to the last row; `cpu` of
/// the whole process, `startCpu` of that
/// before the first query. `halfTime` and `halfCpu` are those of the second half of the rows, when most of the virtual
/// machine has warmed up. `peakBytes` is the most memory it ever had, where the system says.
record Measurement(
        long beganNanos,
        long rows,
        long bytes,
        Duration time,
        Duration cpu,
        Duration startCpu,
        Duration halfTime,
        Duration halfCpu,
        OptionalLong peakBytes) {

    private static final double MILLION = 1e6;

    /// Of `process`, whose last row has just arrived. `bytes` is what it read or wrote.
    static Measurement of(MeasuredProcess process, long rows, long bytes, ReadProgress read) throws IOException {
        long end = System.nanoTime();
        Duration cpu = process.cpu();
        return new Measurement(
                read.first().nanos(),
                rows,
                bytes,
                Duration.ofNanos(end - read.first().nanos()),
                cpu,
                read.first().cpu(),
                Duration.ofNanos(end - read.half().nanos()),
                cpu.minus(read.half().cpu()),
                process.peakBytes());
    }

    double rowsASecond() {
        return rows / seconds(time);
    }

    double megabytesASecond() {
        return bytes / MILLION / seconds(time);
    }

    double cpuSecondsAMillionRows() {
        return seconds(cpu) / (rows / MILLION);
    }

    double startCpuSeconds() {
        return seconds(startCpu);
    }

    double rowsASecondOfSecondHalf() {
        return rows / 2.0 / seconds(halfTime);
    }

    double cpuSecondsAMillionRowsOfSecondHalf() {
        return seconds(halfCpu) / (rows / 2.0 / MILLION);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
