package io.dstream.mssql.bench;

import java.util.Iterator;
import java.util.List;

/// What `./bench` was asked for. `heap` is the most heap of either process, `512m`; empty for the launcher's own.
record BenchOptions(int rows, int rounds, String heap, boolean check, boolean help) {

    static final String USAGE = """
            Usage: ./bench [--rows N] [--rounds N] [--heap SIZE] [--check]

            Reads the same synthetic rows with a bare mssql-jdbc loop and with the program, in turns, each in a JVM of
            its own with the same options, and prints how they compare (medians).

              --rows N      rows a round (1000000)
              --rounds N    rounds of each (3)
              --heap SIZE   most heap of either JVM, for example 64m (512m)
              --check       measure nothing: parse every line and compare every row's key
              --help        this text

            Options in DSTREAM_JAVA_OPTS are for the program's JVM alone.
            """;

    private static final int ROWS = 1_000_000;
    private static final int ROUNDS = 3;

    /// Throws `IllegalArgumentException` with a message for the user.
    static BenchOptions parse(List<String> arguments) {
        BenchOptions options = new BenchOptions(ROWS, ROUNDS, "", false, false);
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            options = switch (option) {
                case "--rows" -> options.withRows(number(option, rest));
                case "--rounds" -> options.withRounds(number(option, rest));
                case "--heap" -> options.withHeap(value(option, rest));
                case "--check" -> new BenchOptions(options.rows, options.rounds, options.heap, true, options.help);
                case "--help", "-h" -> new BenchOptions(options.rows, options.rounds, options.heap, false, true);
                default -> throw new IllegalArgumentException("unknown option " + option);
            };
        }
        return options;
    }

    /// For the JVM that is measured.
    String jvmOptions() {
        return heap.isEmpty() ? "" : "-Xmx" + heap;
    }

    private BenchOptions withRows(int number) {
        return new BenchOptions(number, rounds, heap, check, help);
    }

    private BenchOptions withRounds(int number) {
        return new BenchOptions(rows, number, heap, check, help);
    }

    private BenchOptions withHeap(String size) {
        return new BenchOptions(rows, rounds, size, check, help);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.next();
    }

    private static int number(String option, Iterator<String> rest) {
        String text = value(option, rest);
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " needs a whole number, not " + text, e);
        }
        throw new IllegalArgumentException(option + " needs a number above zero, not " + text);
    }
}
