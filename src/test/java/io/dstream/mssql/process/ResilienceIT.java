package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Failures that pass: the program goes on, and nothing is missing.
final class ResilienceIT {

    private static final String ROWS = "fn_cdc_get_all_changes_";

    /// What one change alone may cost: its group is not known to be whole when the rows break off.
    private static final int LAST_GROUP = 2;

    private static TestDatabase database;
    private static StandIn standIn;

    @BeforeAll
    static void createDatabase() {
        database = TestDatabase.create();
        assumeTrue(database.standIn().isPresent(), "breaks the server, which only the stand-in allows");
        standIn = database.standIn().orElseThrow();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @Test
    void goesOnWhereItStoodWhenTheConnectionBreaksAmongRows() throws Exception {
        String table = NotesTable.create(database);
        insert(table, 3000);
        try (IngesterProcess process =
                IngesterProcess.start(Configs.of(database, table).toString(), Map.of(), false)) {
            // The pipe is full, and the rows are far more than the network's buffers hold.
            process.readLines(3);
            process.until(() -> process.stdout().size() == 3);
            standIn.dropConnections();
            process.startReading();
            insert(table, 10);
            process.until(() -> hasArrived(process, table, 3010));

            Runs.stop(process, "TERM");

            TableHistory.read(database, table).requireCompleteDespite(2, LAST_GROUP, changes(process));
            assertThat(process.stderr())
                    .anyMatch(line -> line.contains("will be retried") && line.contains("read changes of " + table));
        }
    }

    @Test
    void takesNoSaveWhoseAnswerWasLostForThatOfAnotherInstance() throws Exception {
        String table = NotesTable.create(database);
        insert(table, 1);
        AtomicInteger saves = new AtomicInteger();
        StatementInterceptor loseTheAnswer = (sql, parameters, answers) -> {
            if (sql.contains("UPDATE cdc_offsets") && saves.incrementAndGet() % 2 == 1) {
                standIn.dropConnections();
            }
            return false;
        };
        try (IngesterProcess process = IngesterProcess.start(
                Configs.of(database, table).put("checkpoint_interval", "0s").toString())) {
            process.until(() -> TableHistory.saved(database, table).isPresent());
            standIn.engine().addInterceptor(loseTheAnswer);
            try {
                for (int row = 2; row <= 4; row++) {
                    int wanted = row;
                    insertUntilAnswered(table);
                    process.until(() -> hasArrived(process, table, wanted));
                }
                process.until(() -> saves.get() >= 3);
            } finally {
                standIn.engine().removeInterceptor(loseTheAnswer);
            }
            int rows = Integer.parseInt(database.ask("SELECT COUNT(*) FROM " + table));
            process.until(() -> hasArrived(process, table, rows));

            Runs.stop(process, "TERM");

            TableHistory.read(database, table).requireEachOnce(changes(process));
            assertThat(process.stderr()).noneMatch(line -> line.contains("another instance"));
        }
    }

    @Test
    void repeatsNothingAndSavesNothingWhileItIsADeadlockVictim() throws Exception {
        String table = NotesTable.create(database);
        insert(table, 1);
        AtomicInteger failures = new AtomicInteger();
        try (IngesterProcess process =
                IngesterProcess.start(Configs.of(database, table).toString())) {
            process.until(() -> TableHistory.saved(database, table)
                    .filter(saved -> !saved.isInsideTransaction())
                    .isPresent());
            Optional<Position> saved = TableHistory.saved(database, table);
            StatementInterceptor deadlock = deadlocks(failures);
            standIn.engine().addInterceptor(deadlock);
            try {
                insert(table, 20);
                process.until(() -> failures.get() >= 3);
                assertThat(TableHistory.saved(database, table)).isEqualTo(saved);
            } finally {
                standIn.engine().removeInterceptor(deadlock);
            }
            process.until(() -> hasArrived(process, table, 21));

            Runs.stop(process, "TERM");

            TableHistory.read(database, table).requireEachOnce(changes(process));
            assertThat(process.stderr()).anyMatch(line -> line.contains("will be retried") && line.contains("1205"));
        }
    }

    @Test
    void goesOnWhenItsSessionsAreKilledItsLocksAmongThem() throws Exception {
        String table = NotesTable.create(database);
        ObjectNode config = Configs.of(database, table).put("checkpoint_interval", "0s");
        config.putObject("lock_config").put("type", "sql_server");
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            int rounds = 3;
            for (int round = 1; round <= rounds; round++) {
                int wanted = 40 * round;
                insert(table, 20);
                process.until(() -> hasArrived(process, table, wanted - 20));
                killSessions();
                insert(table, 20);
                process.until(() -> hasArrived(process, table, wanted));
            }

            Runs.stop(process, "TERM");

            TableHistory.read(database, table).requireCompleteDespite(rounds, 20, changes(process));
        }
    }

    @Test
    void logsManyFailuresTenTimesAMinuteAtMost() throws Exception {
        List<String> tables = IntStream.range(0, 12)
                .mapToObj(i -> NotesTable.create(database))
                .toList();
        for (String table : tables) {
            insert(table, 2);
        }
        AtomicInteger failures = new AtomicInteger();
        StatementInterceptor deadlock = deadlocks(failures);
        standIn.engine().addInterceptor(deadlock);
        try (IngesterProcess process = IngesterProcess.start(
                Configs.of(database.connectionText(), tables).toString())) {
            process.until(() -> failures.get() >= 3 * tables.size());
            standIn.engine().removeInterceptor(deadlock);
            process.until(() -> changes(process).size() == 2 * tables.size());

            Runs.stop(process, "TERM");

            assertThat(process.stderr())
                    .filteredOn(line -> line.contains("will be retried"))
                    .hasSize(10);
            for (String table : tables) {
                TableHistory.read(database, table).requireEachOnce(changes(process));
            }
        } finally {
            standIn.engine().removeInterceptor(deadlock);
        }
    }

    /// Makes every query for rows the victim of a deadlock, and counts them.
    private static StatementInterceptor deadlocks(AtomicInteger count) {
        return (sql, parameters, answers) -> {
            if (sql.contains(ROWS)) {
                count.incrementAndGet();
                throw new SqlServerError(
                        1205,
                        13,
                        51,
                        "Transaction (Process ID 60) was deadlocked on lock resources with another process and has been"
                                + " chosen as the deadlock victim. Rerun the transaction.");
            }
            return false;
        };
    }

    /// All but our own.
    private static void killSessions() throws SQLException {
        int own;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            try (var row = statement.executeQuery("SELECT @@SPID AS spid")) {
                row.next();
                own = row.getInt("spid");
            }
            for (int session : standIn.engine().sessionIds()) {
                if (session != own) {
                    kill(statement, session);
                }
            }
        }
    }

    private static void kill(Statement statement, int session) throws SQLException {
        try {
            statement.execute("KILL " + session);
        } catch (SQLException e) {
            if (e.getErrorCode() != 6106) {
                throw e;
            }
        }
    }

    /// How many different changes of `table` there are.
    private static boolean hasArrived(IngesterProcess process, String table, int count) {
        return changes(process).stream()
                        .filter(change -> change.table().equals(table))
                        .map(ChangeLine::identity)
                        .distinct()
                        .count()
                >= count;
    }

    private static List<ChangeLine> changes(IngesterProcess process) {
        return Envelopes.changes(process.stdout());
    }

    /// One row at least: where connections are dropped at a save, that may hit the test's own, too.
    private static void insertUntilAnswered(String table) throws Exception {
        Poll.until(
                () -> {
                    try {
                        insert(table, 1);
                        return true;
                    } catch (SQLException dropped) {
                        return false;
                    }
                },
                () -> "insert into " + table);
    }

    /// In transactions of ten rows; each row makes two thousand bytes.
    private static void insert(String table, int rows) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            List<String> values = new ArrayList<>();
            for (int row = 1; row <= rows; row++) {
                values.add("(N'" + "x".repeat(2000) + "')");
                if (row % 10 == 0 || row == rows) {
                    statement.execute("INSERT INTO " + table + " (note) VALUES "
                            + values.stream().collect(Collectors.joining(", ")));
                    values.clear();
                }
            }
        }
    }
}
