package io.dstream.mssql.bench;

import io.dstream.mssql.config.ReadingConfig.ReadMode;
import java.time.Duration;
import java.util.List;

/// What `./bench` was asked for. `tables` is how many of them, of `--tables` or `--idle`; `peerRows` how many rows
/// Debezium reads, 0 for none; `heap` the most heap of the program and the bare loop, `512m`, empty for the launcher's
/// own. `poll` to `changes` are of the scenarios that wait for single changes.
record BenchOptions(
        BenchKind kind,
        BenchLoad load,
        int tables,
        int peerRows,
        int rounds,
        String heap,
        Duration poll,
        Duration maxPoll,
        int seconds,
        int changes,
        boolean check,
        boolean help) {

    static final String USAGE = """
            Usage: ./bench [--tables N | --idle N | --latency | --start] [OPTION..]

            Without one of these four: reads the same synthetic rows with a bare mssql-jdbc loop and with the program, in
            turns, each in a JVM of its own with the same options, and prints how they compare (medians).

              --rows N | SHAPE  rows a round, or what they look like: narrow (ten columns), wide (60), lob (large
                                values); may be given twice (narrow, and 1000000, 200000 or 10000 of them)
              --shape SHAPE     the same as --rows SHAPE
              --tx small | N    one row a transaction, or N (1000)
              --mode MODE       the program's read_mode, function or change_table; the bare loop reads the same (function)
              --rounds N        rounds of each (3; 7 with --start)
              --peer debezium   a third in turn: Debezium's SQL Server connector, built on first use
              --peer-rows N     how many of the rows that one reads (all); it is slow
              --check           measure nothing: parse every line and compare every row's key

              --tables N        the program alone, with one busy table and with N that share as many rows
              --idle N          the program alone, with N tables that hardly ever change: what it asks and uses, and how
                                soon a change is there. --poll 1s, --max-poll 60s, --seconds 20 of quiet, --changes 40
              --latency         the program alone, with a table that changes all the time: how soon a change is there.
                                --poll 100ms, --max-poll 1s, --seconds 20
              --start           the program alone: start to ready, with the AOT cache and without

              --poll, --max-poll DURATION   the program's poll_interval and max_poll_interval, for example 300ms
              --seconds N, --changes N      how long and how often
              --heap SIZE       most heap of program and bare loop, for example 64m (512m)
              --help            this text

            Options in DSTREAM_JAVA_OPTS are for the program's JVM alone.
            """;

    /// Throws `IllegalArgumentException` with a message for the user.
    static BenchOptions parse(List<String> arguments) {
        return new OptionsParser(arguments).parse();
    }

    /// For the JVM that is measured.
    String jvmOptions() {
        return heap.isEmpty() ? "" : "-Xmx" + heap;
    }

    /// For the end of a sentence in the report.
    String heapText() {
        return heap.isEmpty() ? "" : " with a heap of " + heap;
    }

    /// The program's `read_mode`.
    ReadMode mode() {
        return load.mode();
    }
}
