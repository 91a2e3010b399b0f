package io.dstream.mssql.bench;

import java.time.Duration;
import java.util.OptionalLong;

/// One run of one process: `time` from the first query to the last row; `cpu` of the whole process, its start
/// included; `peakBytes` the most memory it ever had, where the system says.
record Measurement(long rows, long bytes, Duration time, Duration cpu, OptionalLong peakBytes) {

    private static final double NANOS_A_SECOND = 1e9;
    private static final double MILLION = 1e6;

    double rowsASecond() {
        return rows / seconds(time);
    }

    double megabytesASecond() {
        return bytes / MILLION / seconds(time);
    }

    double cpuSecondsAMillionRows() {
        return seconds(cpu) / (rows / MILLION);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_A_SECOND;
    }
}
