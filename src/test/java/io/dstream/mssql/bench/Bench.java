package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.testing.Launcher;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// `./bench`: the report goes to stdout, progress to stderr. Exit 1 where rows are missing, 2 for wrong options.
public final class Bench {

    private static final PrintStream STDOUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    private static final PrintStream STDERR = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);

    private final BenchOptions options;

    private Bench(BenchOptions options) {
        this.options = options;
    }

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
            STDOUT.print(options.help() ? BenchOptions.USAGE : new Bench(options).report());
            return 0;
        } catch (Exception e) {
            say("ERROR " + e);
            return 1;
        }
    }

    private String report() throws Exception {
        say("making " + options.rows() + " rows");
        try (SyntheticSource source = SyntheticSource.start(options.rows())) {
            MeasuredRun run = new MeasuredRun(source, options.rows(), options.jvmOptions());
            if (options.check()) {
                long lines = run.check();
                return options.rows() + " rows in " + lines
                        + " lines: valid JSON, complete, in order, all columns there\n";
            }
            return Report.of(options, measure(run));
        }
    }

    private List<Report.Round> measure(MeasuredRun run) throws IOException, InterruptedException, SQLException {
        List<Report.Round> rounds = new ArrayList<>();
        for (int i = 1; i <= options.rounds(); i++) {
            Measurement bare = run.bare();
            Measurement program = run.program();
            rounds.add(new Report.Round(bare, program));
            say("round %d of %d: program %,.0f rows/s, bare %,.0f rows/s"
                    .formatted(i, options.rounds(), program.rowsASecond(), bare.rowsASecond()));
        }
        return rounds;
    }

    private static void say(String what) {
        STDERR.println("[MSSQL-CDC] Bench: " + what);
    }
}
