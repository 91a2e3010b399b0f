package io.dstream.mssql.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// What `./bench` prints: medians over the rounds, each figure by itself.
final class Report {

    private static final double MEGABYTE = 1e6;

    /// One run of each, one after the other.
    record Round(Measurement bare, Measurement program) {}

    private Report() {}

    static String of(BenchOptions options, List<Round> rounds) {
        double ratio = median(
                rounds, round -> round.program().rowsASecond() / round.bare().rowsASecond());
        return String.format(
                Locale.ROOT,
                """
                program/bare: %.2f (rows/s of the program by those of a bare mssql-jdbc loop)

                %-12s %12s %8s %16s %16s
                %s%s
                Medians of %d rounds of %,d rows with ten columns%s. Time runs from the first query for rows to the
                last row; CPU and peak memory are the whole process's, its start included. MB/s are JSON to a pipe
                for the program and TDS from the server for the bare loop, which reads the same columns with the same
                getters and throws them away. This is client throughput against a synthetic source on the same
                machine: it says nothing about how fast a SQL Server delivers changes.
                """,
                ratio,
                "",
                "rows/s",
                "MB/s",
                "CPU s/M rows",
                "peak memory MB",
                row("program", rounds, Round::program),
                row("bare", rounds, Round::bare),
                rounds.size(),
                options.rows(),
                options.heap().isEmpty() ? "" : ", heap " + options.heap());
    }

    private static String row(String name, List<Round> rounds, Function<Round, Measurement> which) {
        Optional<Double> peak =
                rounds.stream().allMatch(round -> which.apply(round).peakBytes().isPresent())
                        ? Optional.of(median(
                                rounds, round -> which.apply(round).peakBytes().getAsLong() / MEGABYTE))
                        : Optional.empty();
        return String.format(
                Locale.ROOT,
                "%-12s %,12.0f %8.1f %16.2f %16s%n",
                name,
                median(rounds, round -> which.apply(round).rowsASecond()),
                median(rounds, round -> which.apply(round).megabytesASecond()),
                median(rounds, round -> which.apply(round).cpuSecondsAMillionRows()),
                peak.map(megabytes -> String.format(Locale.ROOT, "%.0f", megabytes))
                        .orElse("n/a"));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
