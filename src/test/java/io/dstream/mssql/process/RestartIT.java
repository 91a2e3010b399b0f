package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.process.TableHistory.Run;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.Seed;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Starting again where it stood, however it ended.
final class RestartIT {

    private static final int ROUNDS = 3;
    private static final List<String> TABLES = List.of(Workload.ORDERS, Workload.CUSTOMERS);

    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void losesNothingAndRepeatsNothingOverStops() throws Exception {
        Workload.createTables(database);
        Random random = Seed.random(RestartIT.class);
        List<ChangeLine> changes = new ArrayList<>();
        try (Workload workload = Workload.start(database)) {
            for (int round = 0; round < ROUNDS; round++) {
                int enough = 1 + random.nextInt(300);
                try (IngesterProcess process = IngesterProcess.start(config("1s", "function"))) {
                    process.until(() -> Envelopes.changes(process.stdout()).size() >= enough);
                    Runs.stop(process, "TERM");
                    changes.addAll(Envelopes.changes(process.stdout()));
                    assertThat(process.cutLine()).isEmpty();
                }
            }
            awaitCaptured(workload.stop());
        }
        changes.addAll(drain("1s", "function"));

        for (String table : TABLES) {
            TableHistory.read(database, table).requireEachOnce(changes);
        }
    }

    @ParameterizedTest
    @CsvSource({"0s, function", "1s, function", "0s, change_table"})
    void losesNothingOverKillsAndRepeatsOnlyWhatWasNotSaved(String checkpointInterval, String readMode)
            throws Exception {
        Workload.createTables(database);
        Random random = Seed.random(RestartIT.class);
        List<Killed> runs = new ArrayList<>();
        try (Workload workload = Workload.start(database)) {
            for (int round = 0; round < ROUNDS; round++) {
                int enough = 1 + random.nextInt(300);
                try (IngesterProcess process = IngesterProcess.start(config(checkpointInterval, readMode))) {
                    process.until(() -> Envelopes.changes(process.stdout()).size() >= enough);
                    Runs.kill(process);
                    runs.add(new Killed(Envelopes.changes(process.stdout()), savedPositions()));
                }
            }
            awaitCaptured(workload.stop());
        }
        runs.add(new Killed(drain(checkpointInterval, readMode), Map.of()));

        for (String table : TABLES) {
            TableHistory.read(database, table, readMode).requireRepeatsOnlyAfterCheckpoints(runsOf(table, runs));
        }
    }

    /// Lines of up to 60,000 bytes, in a pipe that holds little more than one: what nobody has read is hardly written.
    @ParameterizedTest
    @CsvSource({"1, function", "2, function", "5, function", "2, change_table", "5, change_table"})
    void losesNothingWhenKilledAfterALineOfInterleavedTransactions(int lines, String readMode) throws Exception {
        database.run("CREATE TABLE dbo.long_rows (id int NOT NULL PRIMARY KEY, note nvarchar(2000) NOT NULL)");
        database.capture("dbo", "long_rows");
        insertInterleaved(300);
        database.awaitCaptured("dbo_long_rows", 600);
        String config = config(Configs.of(database, "long_rows"), "0s", readMode);
        List<Run> runs = new ArrayList<>();
        try (IngesterProcess process = IngesterProcess.start(config, Map.of(), false)) {
            process.readLines(lines);
            process.until(() -> process.stdout().size() == lines);
            Runs.kill(process);
            runs.add(new Run(Envelopes.changes(process.stdout()), Optional.empty()));
            assertThat(runs.getFirst().changes()).as("killed halfway").hasSizeBetween(1, 599);
        }
        Optional<Position> saved = TableHistory.saved(database, "dbo.long_rows");
        try (IngesterProcess process = IngesterProcess.start(config)) {
            process.until(() -> TableHistory.saved(database, "dbo.long_rows")
                    .filter(now -> !now.isInsideTransaction())
                    .isPresent());
            Runs.stop(process, "TERM");
            runs.add(new Run(Envelopes.changes(process.stdout()), saved));
        }

        TableHistory.read(database, "dbo.long_rows", readMode).requireRepeatsOnlyAfterCheckpoints(runs);
    }

    /// What a run wrote, and what was saved of each table when it was killed.
    private record Killed(List<ChangeLine> changes, Map<String, Optional<Position>> saved) {}

    private static List<Run> runsOf(String table, List<Killed> killed) {
        List<Run> runs = new ArrayList<>();
        Optional<Position> stoodAt = Optional.empty();
        for (Killed run : killed) {
            runs.add(new Run(run.changes(), stoodAt));
            stoodAt = run.saved().getOrDefault(table, Optional.empty());
        }
        return runs;
    }

    private Map<String, Optional<Position>> savedPositions() throws SQLException {
        return Map.of(
                Workload.ORDERS, TableHistory.saved(database, Workload.ORDERS),
                Workload.CUSTOMERS, TableHistory.saved(database, Workload.CUSTOMERS));
    }

    private String config(String checkpointInterval, String readMode) {
        return config(Configs.of(database, "orders", "customers"), checkpointInterval, readMode);
    }

    private static String config(ObjectNode config, String checkpointInterval, String readMode) {
        return config.put("checkpoint_interval", checkpointInterval)
                .put("read_mode", readMode)
                .toString();
    }

    private void awaitCaptured(int changes) throws Exception {
        for (String table : TABLES) {
            Poll.until(
                    () -> TableHistory.read(database, table).entries().size() == changes,
                    () -> changes + " changes of " + table);
        }
    }

    /// One more run, to the end of what there is.
    private List<ChangeLine> drain(String checkpointInterval, String readMode)
            throws IOException, InterruptedException {
        ObjectNode config = Configs.of(database, "orders", "customers").put("stop_when_caught_up", true);
        try (IngesterProcess process = IngesterProcess.start(config(config, checkpointInterval, readMode))) {
            assertThat(process.awaitExit(Poll.LIMIT))
                    .as("exit code: " + process.stderr())
                    .isZero();
            Runs.requireCleanStreams(process);
            return Envelopes.changes(process.stdout());
        }
    }

    /// Two transactions of `rows` rows each, which take turns.
    private void insertInterleaved(int rows) throws SQLException {
        String note = "x".repeat(1000);
        try (Connection first = database.connect();
                Connection second = database.connect();
                Statement even = first.createStatement();
                Statement odd = second.createStatement()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            for (int id = 0; id < 2 * rows; id += 2) {
                even.execute("INSERT INTO dbo.long_rows (id, note) VALUES (" + id + ", N'" + note + "')");
                odd.execute("INSERT INTO dbo.long_rows (id, note) VALUES (" + (id + 1) + ", N'" + note + "')");
            }
            second.commit();
            first.commit();
        }
    }
}
