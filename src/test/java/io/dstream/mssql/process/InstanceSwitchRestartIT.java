package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.process.TableHistory.Run;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.Seed;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A column is added and a second capture instance made while rows are written and the program is stopped and killed.
final class InstanceSwitchRestartIT {

    private static final String TABLE = "dbo.t";

    /// The column comes before the third of these runs at the latest.
    private static final int ROUNDS = 4;

    private volatile boolean stopped;

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void eachRowComesInTheShapeOfItsTimeHoweverOftenTheProgramEnds(String readMode) throws Exception {
        Random random = Seed.random(InstanceSwitchRestartIT.class);
        List<Run> runs = new ArrayList<>();
        try (TestDatabase database = TestDatabase.create();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, a int NULL)");
            database.capture("dbo", "t");
            String config = Configs.of(database, TABLE)
                    .put("read_mode", readMode)
                    .put("checkpoint_interval", "0s")
                    .toString();
            Future<?> writer = threads.submit((Callable<Void>) () -> write(database));
            Future<?> change = threads.submit(() -> addColumn(database, random.nextInt(3000)));
            try {
                for (int round = 0; round < ROUNDS || !change.isDone(); round++) {
                    runs.add(runOnce(database, config, 1 + random.nextInt(40), random.nextBoolean()));
                }
                change.get();
                runs.add(runOnce(database, config, 1 + random.nextInt(40), random.nextBoolean()));
            } finally {
                stopped = true;
                writer.get();
            }
            awaitCaptured(database);
            Optional<Position> stoodAt = TableHistory.saved(database, TABLE);
            runs.add(new Run(
                    Drain.of(Configs.of(database, TABLE).put("read_mode", readMode))
                            .changes(),
                    stoodAt));

            TableHistory.read(database, TABLE, readMode).requireRepeatsOnlyAfterCheckpoints(runs);
            requireShapes(database, runs);
        }
    }

    /// Ends the program once it has written `enough` changes.
    private static Run runOnce(TestDatabase database, String config, int enough, boolean gracefully) throws Exception {
        Optional<Position> stoodAt = TableHistory.saved(database, TABLE);
        try (IngesterProcess process = IngesterProcess.start(config)) {
            process.until(() -> Envelopes.changes(process.stdout()).size() >= enough);
            if (gracefully) {
                Runs.stop(process, "TERM");
            } else {
                Runs.kill(process);
            }
            return new Run(Envelopes.changes(process.stdout()), stoodAt);
        }
    }

    /// Three changes a transaction.
    private Void write(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int id = 2; !stopped; id += 2) {
                statement.execute("INSERT INTO dbo.t (id, a) VALUES (" + id + ", 1), (" + (id + 1) + ", 1)");
                statement.execute("UPDATE dbo.t SET a = a + 1 WHERE id = " + id);
                connection.commit();
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
        }
        return null;
    }

    private static void addColumn(TestDatabase database, int afterMillis) {
        LockSupport.parkNanos(Duration.ofMillis(afterMillis).toNanos());
        database.run(
                "ALTER TABLE dbo.t ADD b int NULL",
                "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N't', @role_name = NULL,"
                        + " @capture_instance = N'v2'");
    }

    private static void awaitCaptured(TestDatabase database) throws Exception {
        long rows = Long.parseLong(database.ask("SELECT COUNT(*) FROM dbo.t"));
        Poll.until(
                () -> rows
                        == Long.parseLong(database.ask("SELECT COUNT(*) FROM cdc.dbo_t_CT WHERE [__$operation] = 2")),
                () -> rows + " rows captured");
    }

    private static void requireShapes(TestDatabase database, List<Run> runs) throws Exception {
        String start = secondBegins(database).toString();
        List<ChangeLine> all =
                runs.stream().flatMap(run -> run.changes().stream()).toList();
        assertThat(all).allSatisfy(change -> {
            JsonNode data = change.data();
            assertThat(data.has("a")).isTrue();
            assertThat(data.has("b"))
                    .as("b at %s", change.lsn())
                    .isEqualTo(change.lsn().compareTo(start) >= 0);
        });
        assertThat(all).anyMatch(change -> change.data().has("b"));
        assertThat(all).anyMatch(change -> !change.data().has("b"));
    }

    private static Lsn secondBegins(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT sys.fn_cdc_get_min_lsn(N'v2') AS low")) {
            row.next();
            return Lsn.of(row.getBytes("low"));
        }
    }
}
