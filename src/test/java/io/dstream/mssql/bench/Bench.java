package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.testing.Launcher;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;

/// `./bench`: the report goes to stdout, progress to stderr. Exit 1 where rows are missing, 2 for wrong options.
public final class Bench {

    private static final PrintStream STDOUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    private static final PrintStream STDERR = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);

    private Bench() {}

    /// Started by `src/test/launcher/run-main.sh`.
    public static void main(String[] args) {
        System.exit(run(List.of(Launcher.arguments(args))));
    }

    private static int run(List<String> arguments) {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            say(e.getMessage() + "; see ./bench --help");
            return 2;
        }
        try {
            STDOUT.print(
                    options.help()
                            ? BenchOptions.USAGE
                            : scenario(options.kind()).measure(options, Bench::say));
            return 0;
        } catch (Exception e) {
            say("ERROR " + e);
            return 1;
        }
    }

    private static Scenario scenario(BenchKind kind) {
        return switch (kind) {
            case THROUGHPUT -> new Throughput();
            case TABLES -> new ManyTables();
            case IDLE -> new IdleTables();
            case LATENCY -> new Latency();
            case START -> new StartUp();
        };
    }

    private static void say(String what) {
        STDERR.println("[MSSQL-CDC] Bench: " + what.replaceAll("\\s+", " "));
    }
}
