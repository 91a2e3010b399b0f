package io.dstream.mssql.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The same rows from one table and from many, by the program, in turns. No bare loop: it would read one table after
/// another.
final class ManyTables implements Scenario {

    private static final String ONE = "one table";

    /// All in milliseconds since the first query, but for the share.
    private record Fairness(double allBegun, double firstDone, double lastDone, double leastShare) {

        static Fairness of(TableTimes times, long began) {
            return new Fairness(
                    (times.allBegunNanos() - began) / 1e6,
                    (times.firstDoneNanos() - began) / 1e6,
                    (times.lastNanos() - began) / 1e6,
                    times.leastShare());
        }
    }

    @Override
    public String measure(BenchOptions options, Progress progress) throws Exception {
        BenchLoad load = options.load();
        String many = options.tables() + " tables";
        progress.say("making " + load.describe() + ", for one table and for " + many);
        try (SyntheticSource source = SyntheticSource.start(load, options.tables())) {
            MeasuredRun run = new MeasuredRun(source, load, options.jvmOptions());
            if (options.check()) {
                return load.rows() + " rows in " + run.check(source.tables())
                        + " lines: valid JSON, complete, each table's in order, all columns there\n";
            }
            progress.say("a round that does not count, for the server and the reader to warm up");
            run.program(List.of(SyntheticSource.TABLE), (_, _) -> {});
            run.program(source.tables(), (_, _) -> {});
            List<Measurement> one = new ArrayList<>();
            List<Measurement> all = new ArrayList<>();
            List<Fairness> fairness = new ArrayList<>();
            for (int round = 1; round <= options.rounds(); round++) {
                one.add(run.program(List.of(SyntheticSource.TABLE), (_, _) -> {}));
                TableTimes times = new TableTimes(source.rowsByInstance());
                all.add(run.program(source.tables(), times));
                fairness.add(Fairness.of(times, all.getLast().beganNanos()));
                progress.say(String.format(
                        Locale.ROOT,
                        "round %d of %d: one table %,.0f rows/s, %s %,.0f rows/s",
                        round,
                        options.rounds(),
                        one.getLast().rowsASecond(),
                        many,
                        all.getLast().rowsASecond()));
            }
            Map<String, List<Measurement>> measured = new LinkedHashMap<>();
            measured.put(ONE, one);
            measured.put(many, all);
            return ThroughputReport.of(options, measured, many) + fairness(fairness);
        }
    }

    private static String fairness(List<Fairness> rounds) {
        return String.format(
                Locale.ROOT,
                """

                Does one starve: every table had its first rows after %.0f ms, the quickest all of its rows after %.0f
                ms, the slowest after %.0f ms; when the quickest had all, the slowest had %.0f %% of its own.
                """,
                Samples.of(rounds, Fairness::allBegun).median(),
                Samples.of(rounds, Fairness::firstDone).median(),
                Samples.of(rounds, Fairness::lastDone).median(),
                100 * Samples.of(rounds, Fairness::leastShare).median());
    }
}
