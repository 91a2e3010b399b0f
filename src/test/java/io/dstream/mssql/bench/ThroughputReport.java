package io.dstream.mssql.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What is printed of readers that read the same rows in turns: ratios, then medians over the rounds, each figure by
/// itself.
final class ThroughputReport {

    static final String BARE = "bare loop";
    static final String PROGRAM = "program";

    /// Belongs below every figure of throughput.
    static final String SOURCE = """
            This is client throughput against a synthetic source on the same machine: it says nothing about how fast
            a SQL Server delivers changes.
            """;

    private static final double MEGABYTE = 1e6;

    private ThroughputReport() {}

    /// `measured` has every reader's rounds, in their order.
    static String of(BenchOptions options, Map<String, List<Measurement>> measured) {
        StringBuilder report = new StringBuilder(ratios(measured)).append('\n').append(heading());
        measured.forEach((who, rounds) -> report.append(row(who, rounds)));
        return report.append(notes(options)).toString();
    }

    /// The program's rows a second by those of every other, of the same round.
    private static String ratios(Map<String, List<Measurement>> measured) {
        StringBuilder lines = new StringBuilder();
        List<Measurement> program = measured.getOrDefault(PROGRAM, List.of());
        measured.forEach((who, rounds) -> {
            if (!who.equals(PROGRAM)) {
                lines.append(ratio(who, program, rounds));
            }
        });
        return lines.toString();
    }

    private static String ratio(String who, List<Measurement> program, List<Measurement> other) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < program.size(); round++) {
            ratios.add(program.get(round).rowsASecond() / other.get(round).rowsASecond());
        }
        Samples samples = Samples.of(ratios, Double::doubleValue);
        return String.format(
                Locale.ROOT,
                "program / %s: %.2f (rows/s; %.2f to %.2f over the rounds)%n",
                who,
                samples.median(),
                samples.least(),
                samples.most());
    }

    private static String heading() {
        return String.format(
                "%-12s %10s %8s %12s %11s %12s %12s %9s%n%-12s %10s %8s %12s %11s %12s %12s %9s%n",
                "",
                "rows/s",
                "MB/s",
                "CPU s/M rows",
                "CPU s until",
                "rows/s",
                "CPU s/M rows",
                "peak",
                "",
                "",
                "",
                "all of it",
                "first query",
                "second half",
                "second half",
                "memory MB");
    }

    private static String row(String who, List<Measurement> rounds) {
        return String.format(
                Locale.ROOT,
                "%-12s %,10.0f %8.1f %12.2f %11.2f %,12.0f %12.2f %9s%n",
                who,
                median(rounds, Measurement::rowsASecond),
                median(rounds, Measurement::megabytesASecond),
                median(rounds, Measurement::cpuSecondsAMillionRows),
                median(rounds, Measurement::startCpuSeconds),
                median(rounds, Measurement::rowsASecondOfSecondHalf),
                median(rounds, Measurement::cpuSecondsAMillionRowsOfSecondHalf),
                peak(rounds));
    }

    private static String peak(List<Measurement> rounds) {
        return rounds.stream().allMatch(round -> round.peakBytes().isPresent())
                ? String.format(
                        Locale.ROOT,
                        "%.0f",
                        median(rounds, round -> round.peakBytes().getAsLong() / MEGABYTE))
                : "n/a";
    }

    private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        return Samples.of(rounds, figure).median();
    }

    private static String notes(BenchOptions options) {
        return String.format(
                Locale.ROOT,
                """

                Medians of %d rounds of %s%s.
                Time runs from the first query for rows to the last row. "All of it" is the CPU time of the whole
                process, its start included; "second half" is of the rows after the first half, when most of the
                virtual machine has warmed up. MB/s are JSON to a pipe for the program and TDS from the server for
                the others; the bare loop reads the same columns with the same getters and throws them away.
                %s""",
                options.rounds(),
                options.load().describe(),
                options.heap().isEmpty() ? "" : ", heap " + options.heap(),
                SOURCE);
    }
}
