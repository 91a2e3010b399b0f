package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.config.ReadingConfig.ReadMode;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Launcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Starts one process, lets it read all rows, looks at it while it still runs, and ends it.
final class MeasuredRun {

    /// The whole heap from the start. The driver's packets point at each other: where one result is as long as here,
    /// one packet that a small heap has promoted keeps all later ones alive until the next full collection.
    private static final String WHOLE_HEAP = "-Xms512m ";

    private final SyntheticSource source;
    private final BenchLoad load;
    private final String jvmOptions;

    MeasuredRun(SyntheticSource source, BenchLoad load, String jvmOptions) {
        this.source = source;
        this.load = load;
        this.jvmOptions = jvmOptions;
    }

    /// The bare loop.
    Measurement bare() throws IOException, InterruptedException, SQLException {
        ProcessBuilder builder = Launcher.mainClass(BareLoop.class, jvmOptions.isEmpty() ? WHOLE_HEAP : jvmOptions);
        builder.environment().put(BareLoop.URL, source.jdbcUrl());
        BareQuery query = BareQuery.of(load.shape(), load.mode());
        builder.environment().put(BareLoop.QUERY, query.sql());
        builder.environment().put(BareLoop.TYPES, query.types());
        return loop(builder, load.rows());
    }

    /// Debezium's connector, which has the launcher's own heap whatever the others have. Reads whole transactions, the
    /// first of them that hold `rows`.
    Measurement debezium(int rows) throws IOException, InterruptedException, SQLException {
        int whole = Math.min(load.rows(), Math.ceilDiv(rows, load.rowsATransaction()) * load.rowsATransaction());
        ProcessBuilder builder = Launcher.peer(WHOLE_HEAP + "io.dstream.mssql.peer.DebeziumLoop");
        builder.environment().put("BENCH_URL", source.jdbcUrl());
        builder.environment().put("BENCH_QUERY_MODE", load.mode() == ReadMode.FUNCTION ? "function" : "direct");
        builder.environment().put("BENCH_EVENTS", Integer.toString(whole));
        return loop(builder, whole);
    }

    /// A process that reads all rows, writes how many there were, and stays until its stdin ends.
    private Measurement loop(ProcessBuilder builder, int rows) throws IOException, InterruptedException, SQLException {
        ReadProgress read = source.rewind(rows);
        try (MeasuredProcess process = MeasuredProcess.start(builder);
                BufferedReader out = new BufferedReader(new InputStreamReader(process.stdout(), US_ASCII))) {
            read.watch(process::cpu);
            String found = Optional.ofNullable(out.readLine()).orElse("0");
            Measurement measurement = Measurement.of(process, rows, read.bytes(), read);
            process.closeStdin();
            requireRows(Long.parseLong(found), rows);
            process.awaitEnd();
            return measurement;
        }
    }

    /// The program, following `tables`; every envelope is told to `taker`.
    Measurement program(List<String> tables, EnvelopeCounter.Taker taker)
            throws IOException, InterruptedException, SQLException {
        ReadProgress read = source.rewind(load.rows());
        try (MeasuredProcess process = startProgram(tables)) {
            read.watch(process::cpu);
            EnvelopeCounter counter = new EnvelopeCounter(process.stdout(), taker);
            counter.readUntil(load.rows());
            Measurement measurement = Measurement.of(process, load.rows(), counter.bytes(), read);
            process.askToEnd();
            counter.readUntil(Long.MAX_VALUE);
            requireRows(counter.changes(), load.rows());
            process.awaitEnd();
            return measurement;
        }
    }

    /// Measures nothing: parses every line, and answers how many there were. Throws where a row is not as it should be.
    long check(List<String> tables) throws IOException, InterruptedException, SQLException {
        source.rewind(load.rows());
        try (MeasuredProcess process = startProgram(tables);
                BufferedReader out = new BufferedReader(new InputStreamReader(process.stdout(), UTF_8))) {
            EnvelopeCheck check = new EnvelopeCheck(load.shape());
            String line = out.readLine();
            while (line != null) {
                check.accept(line);
                if (check.changes() == load.rows()) {
                    process.askToEnd();
                }
                line = out.readLine();
            }
            requireRows(check.changes(), load.rows());
            check.requireEveryId();
            process.awaitEnd();
            return check.lines();
        }
    }

    private MeasuredProcess startProgram(List<String> tables) throws IOException {
        MeasuredProcess process = MeasuredProcess.start(Launcher.program(jvmOptions));
        process.tell(Configs.of(source.connectionString(), tables)
                .put("read_mode", BenchLoad.modeText(load.mode()))
                .toString());
        return process;
    }

    private static void requireRows(long found, int rows) {
        if (found != rows) {
            throw new IllegalStateException(found + " rows arrived, not " + rows);
        }
    }
}
