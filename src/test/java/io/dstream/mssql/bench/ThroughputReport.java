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
    static final String DEBEZIUM = "Debezium";

    /// Belongs below every figure of throughput.
    static final String SOURCE = """
            This is client throughput against a synthetic source on the same machine: it says nothing about how fast
            a SQL Server delivers changes.
            """;

    private static final double MEGABYTE = 1e6;

    private ThroughputReport() {}

    /// `measured` has every reader's rounds, in their order; `subject` is the one that is compared with the others.
    static String of(BenchOptions options, Map<String, List<Measurement>> measured, String subject) {
        StringBuilder report = new StringBuilder();
        measured.forEach((other, rounds) -> {
            if (!other.equals(subject)) {
                report.append(ratio(subject, measured.getOrDefault(subject, List.of()), other, rounds));
            }
        });
        report.append('\n').append(heading());
        measured.forEach((who, rounds) -> report.append(row(who, rounds)));
        return report.append(notes(options)).toString();
    }

    /// Of rows a second, each of the same round.
    private static String ratio(String name, List<Measurement> rounds, String otherName, List<Measurement> others) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < rounds.size(); round++) {
            ratios.add(rounds.get(round).rowsASecond() / others.get(round).rowsASecond());
        }
        Samples samples = Samples.of(ratios, Double::doubleValue);
        return String.format(
                Locale.ROOT,
                "%s / %s: %.2f (rows/s; %.2f to %.2f over the rounds)%n",
                name,
                otherName,
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

                %s of %s%s.
                Time runs from the first query for rows to the last row. "All of it" is the CPU time of the whole
                process, its start included; "second half" is of the rows after the first half, when most of the
                virtual machine has warmed up. MB/s are JSON to a pipe for the program and TDS from the server for
                all others; the bare loop reads every column with the usual getter and throws it away.
                %s%s""",
                options.rounds() == 1 ? "One round" : "Medians of " + options.rounds() + " rounds",
                options.load().describe(),
                options.heapText(),
                options.peerRows() > 0 ? debezium(options) : "",
                SOURCE);
    }

    private static String debezium(BenchOptions options) {
        return String.format(Locale.ROOT, """
                Debezium's embedded engine reads the first %,d of these rows, makes JSON without schemas of each and
                throws it away; its options of the virtual machine are the launcher's own, with a heap of 512m.
                """, options.peerRows());
    }
}
