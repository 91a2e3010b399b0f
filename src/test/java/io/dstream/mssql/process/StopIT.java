package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.process.TableHistory.Run;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.Relay;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// SIGTERM and SIGINT end the program with 0 in less than five seconds, whatever it is doing; other ends besides.
final class StopIT {

    private static TestDatabase database;

    @BeforeAll
    static void createDatabase() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void stopsWhileSleepingBetweenPolls(String signal) throws Exception {
        String table = NotesTable.create(database);
        insert(table, 1);
        ObjectNode config =
                Configs.of(database, table).put("poll_interval", "1m").put("max_poll_interval", "1h");
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            process.until(() -> TableHistory.saved(database, table)
                    .filter(saved -> !saved.isInsideTransaction())
                    .isPresent());

            Runs.stop(process, signal);

            assertThat(Envelopes.changes(process.stdout())).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TERM, fn_cdc_get_all_changes_",
        "INT, cdc.change_tables",
        "TERM, INSERT INTO cdc_offsets",
        "INT, sp_getapplock",
        "TERM, sys.databases"
    })
    void stopsInAStatementWithoutAnswer(String signal, String statement) throws Exception {
        StandIn standIn = requireStandIn();
        String table = NotesTable.create(database);
        insert(table, 1);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        StatementInterceptor stall = (sql, parameters, answers) -> {
            if (sql.contains(statement)) {
                asked.countDown();
                answer.await();
            }
            return false;
        };
        ObjectNode config = Configs.of(database, table);
        config.putObject("lock_config").put("type", "sql_server");
        standIn.engine().addInterceptor(stall);
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            process.until(() -> asked.getCount() == 0);

            Runs.stop(process, signal);
        } finally {
            standIn.engine().removeInterceptor(stall);
            answer.countDown();
        }
    }

    @Test
    void stopsWhileConnectingAtTheStart() throws Exception {
        try (Relay mute = Relay.mute();
                IngesterProcess process = IngesterProcess.start(
                        Configs.of(connectionText(mute), List.of("dbo.t")).toString())) {
            process.until(() -> mute.unanswered() > 0);

            Runs.stop(process, "TERM");
        }
    }

    @Test
    void stopsWhileConnectingAgain() throws Exception {
        StandIn standIn = requireStandIn();
        String table = NotesTable.create(database);
        insert(table, 1);
        try (Relay relay = Relay.to(standIn.port());
                IngesterProcess process = IngesterProcess.start(
                        Configs.of(connectionText(relay), List.of(table)).toString())) {
            process.until(() -> !process.stdout().isEmpty());
            relay.hang();
            process.until(() -> relay.unanswered() > 0);

            Runs.stop(process, "INT");
        }
    }

    @Test
    void stopsWhileReadingItsConfiguration() throws Exception {
        try (IngesterProcess process = IngesterProcess.start("{", Map.of("DSTREAM_LOG_LEVEL", "debug"), true)) {
            process.until(() -> process.stderr().stream().anyMatch(line -> line.contains("Reading the configuration")));

            Runs.stop(process, "TERM");

            assertThat(process.stdout()).isEmpty();
        }
    }

    @Test
    void stopsWhileAnotherInstanceHasTheTable() throws Exception {
        String table = NotesTable.create(database);
        ObjectNode config = Configs.of(database, table);
        config.putObject("lock_config").put("type", "sql_server");
        try (Connection other = database.connect();
                Statement lock = other.createStatement()) {
            lock.execute("EXEC sp_getapplock @Resource = N'dstream-ingester-mssql/" + table
                    + "', @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 0");
            try (IngesterProcess process = IngesterProcess.start(config.toString())) {
                process.until(() -> process.stderr().stream().anyMatch(line -> line.contains("standing by")));

                Runs.stop(process, "TERM");
            }
        }
    }

    @Test
    void stopsOnAFullPipeAndSavesNothingThatDidNotGetOut() throws Exception {
        String table = NotesTable.create(database);
        insert(table, 1000);
        try (IngesterProcess process = IngesterProcess.start(
                Configs.of(database, table).put("checkpoint_interval", "0s").toString(), Map.of(), false)) {
            // A line or two and the pipe is full; the position moves when the second row of a look has come.
            process.readLines(8);
            process.until(() -> process.stdout().size() == 8
                    && TableHistory.saved(database, table).isPresent());

            Runs.stop(process, "TERM");

            Optional<Position> saved = TableHistory.saved(database, table);
            List<ChangeLine> written = Envelopes.changes(process.stdout());
            assertThat(written).as("written before the pipe was full").hasSizeLessThan(1000);
            requireCovered(table, saved, written);
            goOn(table, saved, written);
        }
    }

    @Test
    void failsSoonAfterStdoutIsClosed() throws Exception {
        String table = NotesTable.create(database);
        insert(table, 1);
        try (IngesterProcess process =
                IngesterProcess.start(Configs.of(database, table).toString(), Map.of(), false)) {
            process.until(() -> TableHistory.saved(database, table).isPresent());
            process.closeStdout();
            insert(table, 10);

            assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(1);
            Position first = TableHistory.read(database, table).entries().get(1).position();
            assertThat(TableHistory.saved(database, table).orElseThrow()).isLessThan(first);
            Runs.requireCleanStreams(process);
        }
    }

    @Test
    void goesOnWhenStdinEnds() throws Exception {
        String table = NotesTable.create(database);
        try (IngesterProcess process =
                IngesterProcess.start(Configs.of(database, table).toString())) {
            process.closeStdin();
            process.until(() -> TableHistory.saved(database, table).isPresent()
                    || process.stderr().stream().anyMatch(line -> line.contains("Following table")));
            insert(table, 1);
            process.until(() -> !process.stdout().isEmpty());

            Runs.stop(process, "TERM");
        }
    }

    @Test
    void oneOfTwoInstancesWritesAndTheOtherGoesOnAfterIt() throws Exception {
        String table = NotesTable.create(database);
        insert(table, 20);
        ObjectNode config = Configs.of(database, table);
        config.putObject("lock_config").put("type", "sql_server");
        try (IngesterProcess first = IngesterProcess.start(config.toString())) {
            first.until(() -> Envelopes.changes(first.stdout()).size() == 20);
            try (IngesterProcess second = IngesterProcess.start(config.toString())) {
                second.until(() -> second.stderr().stream().anyMatch(line -> line.contains("standing by")));
                insert(table, 20);
                first.until(() -> Envelopes.changes(first.stdout()).size() == 40);
                assertThat(second.stdout()).isEmpty();

                Runs.stop(first, "TERM");
                insert(table, 20);
                second.until(() -> Envelopes.changes(second.stdout()).size() >= 20);
                Runs.stop(second, "TERM");

                List<ChangeLine> changes = new ArrayList<>(Envelopes.changes(first.stdout()));
                changes.addAll(Envelopes.changes(second.stdout()));
                TableHistory.read(database, table).requireEachOnce(changes);
            }
        }
    }

    /// Nothing was saved past the last whole line.
    private static void requireCovered(String table, Optional<Position> saved, List<ChangeLine> written)
            throws SQLException {
        Position last = TableHistory.read(database, table)
                .entries()
                .get(written.size() - 1)
                .position();
        assertThat(saved.orElseThrow()).isLessThanOrEqualTo(last);
    }

    /// A second run brings the rest.
    private static void goOn(String table, Optional<Position> saved, List<ChangeLine> written)
            throws IOException, InterruptedException, SQLException {
        ObjectNode config = Configs.of(database, table).put("stop_when_caught_up", true);
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            assertThat(process.awaitExit(Poll.LIMIT)).isZero();
            List<Run> runs =
                    List.of(new Run(written, Optional.empty()), new Run(Envelopes.changes(process.stdout()), saved));
            TableHistory.read(database, table).requireRepeatsOnlyAfterCheckpoints(runs);
        }
    }

    /// Each row makes more than a thousand bytes.
    private static void insert(String table, int rows) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int row = 0; row < rows; row++) {
                statement.execute("INSERT INTO " + table + " (note) VALUES (N'" + "x".repeat(1000) + "')");
            }
            connection.commit();
        }
    }

    private static StandIn requireStandIn() {
        assumeTrue(database.standIn().isPresent(), "stalls the server, which only the stand-in allows");
        return database.standIn().orElseThrow();
    }

    private static String connectionText(Relay relay) {
        return "server=127.0.0.1," + relay.port() + ";user id=" + StandIn.USER + ";password=" + StandIn.PASSWORD
                + ";database=" + database.name() + ";encrypt=disable";
    }
}
