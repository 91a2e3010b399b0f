package io.dstream.mssql.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// All rows at once, from one table: a bare loop, the program and, where asked for, its peer, in turns.
final class Throughput implements Scenario {

    private static final EnvelopeCounter.Taker NOBODY = (_, _) -> {};

    @Override
    public String measure(BenchOptions options, Progress progress) throws Exception {
        BenchLoad load = options.load();
        progress.say("making " + load.describe());
        try (SyntheticSource source = SyntheticSource.start(load, 0)) {
            MeasuredRun run = new MeasuredRun(source, load, options.jvmOptions());
            if (options.check()) {
                long lines = run.check(List.of(SyntheticSource.TABLE));
                return load.rows() + " rows in " + lines
                        + " lines: valid JSON, complete, in order, all columns there\n";
            }
            progress.say("a round that does not count, for the server and the reader to warm up");
            run.bare();
            run.program(List.of(SyntheticSource.TABLE), NOBODY);
            Map<String, List<Measurement>> measured = new LinkedHashMap<>();
            for (int round = 1; round <= options.rounds(); round++) {
                add(measured, ThroughputReport.BARE, run.bare());
                add(measured, ThroughputReport.PROGRAM, run.program(List.of(SyntheticSource.TABLE), NOBODY));
                if (options.peerRows() > 0) {
                    add(measured, ThroughputReport.DEBEZIUM, run.debezium(options.peerRows()));
                }
                progress.say("round " + round + " of " + options.rounds() + ": " + last(measured));
            }
            return ThroughputReport.of(options, measured, ThroughputReport.PROGRAM);
        }
    }

    private static void add(Map<String, List<Measurement>> measured, String who, Measurement measurement) {
        measured.computeIfAbsent(who, _ -> new ArrayList<>()).add(measurement);
    }

    private static String last(Map<String, List<Measurement>> measured) {
        List<String> last = new ArrayList<>();
        measured.forEach((who, all) -> last.add(
                String.format(Locale.ROOT, "%s %,.0f rows/s", who, all.getLast().rowsASecond())));
        return String.join(", ", last);
    }
}
