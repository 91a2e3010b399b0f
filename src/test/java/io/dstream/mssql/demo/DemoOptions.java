package io.dstream.mssql.demo;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// What `./demo` was asked for. `time` is empty for "until Ctrl-C".
record DemoOptions(Optional<Duration> time, boolean serverOnly, boolean help) {

    static final String USAGE = """
            Usage: ./demo [--seconds N] [--server]

            Starts a stand-in for SQL Server with dbo.customers, dbo.orders and dbo.products under change data
            capture, changes them all the time, and runs the program on test-config.json. Envelopes appear on
            stdout, logs on stderr. Ctrl-C ends it.

              --seconds N   ends by itself after N seconds
              --server      only the stand-in and its workload: prints a connection string and waits
              --help        this text
            """;

    /// Throws `IllegalArgumentException` with a message for the user.
    static DemoOptions parse(List<String> arguments) {
        DemoOptions options = new DemoOptions(Optional.empty(), false, false);
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            options = switch (option) {
                case "--seconds" -> new DemoOptions(Optional.of(seconds(rest)), options.serverOnly, options.help);
                case "--server" -> new DemoOptions(options.time, true, options.help);
                case "--help", "-h" -> new DemoOptions(options.time, options.serverOnly, true);
                default -> throw new IllegalArgumentException("unknown option " + option);
            };
        }
        return options;
    }

    private static Duration seconds(Iterator<String> rest) {
        String text = rest.hasNext() ? rest.next() : "";
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException("--seconds needs a whole number above zero");
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }
}
