package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.faults.Delay;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.Stall;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.Relay;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Launched as DStream's CLI does it: a status first, whatever is wrong, then lines that its reader can take, and an
/// end that it understands.
final class CliLaunchIT {

    private static final String PASSWORD = "Hunter2-is-secret";
    private static final String NOBODY = "server=127.0.0.1,1;user id=sa;password=" + PASSWORD + ";database=shop";

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int BAD_CONFIGURATION = 2;

    private static TestDatabase database;

    /// Those that are tried again for a while, side by side and beside the other tests: what their status said.
    private static Map<String, Future<String>> unreachable;

    private static ExecutorService slow;

    @BeforeAll
    static void createDatabase() throws IOException {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.plain (id int)", "CREATE TABLE dbo.bare (id int)");
        slow = Executors.newCachedThreadPool();
        String table = NotesTable.create(database);
        ObjectNode noLockStore = Configs.of(database, table);
        noLockStore
                .withObjectProperty("lock_config")
                .put("type", "azure_blob")
                .put("container_name", "locks")
                .put(
                        "connection_string",
                        "AccountName=a;AccountKey=c2VjcmV0;BlobEndpoint=http://127.0.0.1:" + closedPort() + "/a");
        unreachable = new LinkedHashMap<>();
        unreachable.put("nosuch.invalid", failing(to(NOBODY.replace("127.0.0.1", "nosuch.invalid"))));
        unreachable.put("refused", failing(to(NOBODY.replace(",1;", "," + closedPort() + ";"))));
        unreachable.put(
                "no_such_database",
                failing(to(database.connectionText().replace(database.name(), "no_such_database"))));
        unreachable.put("lock blob", failing(noLockStore));
    }

    @AfterAll
    static void drop() {
        slow.close();
        database.close();
    }

    private static Future<String> failing(ObjectNode config) {
        return slow.submit(() -> failure(config, FAILED));
    }

    private static ObjectNode to(String connectionString) {
        return Configs.of(connectionString, List.of("dbo.t"));
    }

    private static String failure(ObjectNode config, int exitCode) throws IOException, InterruptedException {
        try (CliLaunch launch = CliLaunch.of(config)) {
            String message = launch.awaitFailure(exitCode);
            assertThat(message)
                    .isNotEmpty()
                    .doesNotContain(PASSWORD, "c2VjcmV0")
                    .doesNotContainPattern("\\R");
            assertThat(launch.stderr()).allMatch(line -> line.startsWith("[MSSQL-CDC] "));
            return message;
        }
    }

    @Test
    void saysReadyThenRelaysAndDeliversEveryLine() throws Exception {
        String table = NotesTable.create(database);
        insert(table, 1);
        try (CliLaunch launch = CliLaunch.of(Configs.of(database, table))) {
            launch.awaitReady();
            insert(table, 20);
            launch.until(() -> Envelopes.changes(launch.data()).size() == 21);

            assertThat(launch.stop()).isEqualTo(OK);
            assertThat(Envelopes.changes(launch.data())).hasSize(21);
        }
    }

    @Test
    void endsWithEveryLineDeliveredOnceCaughtUp() throws Exception {
        String table = NotesTable.create(database);
        insert(table, 300);
        ObjectNode config =
                Configs.of(database, table).put("stop_when_caught_up", true).put("max_line_bytes", 1024);
        try (CliLaunch launch = CliLaunch.of(config)) {
            launch.awaitReady();

            assertThat(launch.awaitExit(Poll.LIMIT)).isEqualTo(OK);
            assertThat(Envelopes.changes(launch.data())).hasSize(300);
        }
    }

    @Test
    void namesEveryProblemOfAConfiguration() throws Exception {
        ObjectNode config = to(NOBODY).put("poll_intervall", "5s").put("on_gap", "panic");

        assertThat(failure(config, BAD_CONFIGURATION))
                .contains("unknown key `poll_intervall`; did you mean `poll_interval`?", "on_gap: ");
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        assertThat(failure(to(database.connectionText("sa", PASSWORD)), FAILED)).contains("Check user and password");
    }

    @Test
    void refusesADatabaseWithoutCdc() throws Exception {
        try (TestDatabase plain = TestDatabase.createWithoutCdc()) {
            assertThat(failure(to(plain.connectionText()), FAILED))
                    .contains("change data capture is not enabled in database " + plain.name());
        }
    }

    @Test
    void namesEveryTableThatCannotBeFollowed() throws Exception {
        String good = NotesTable.create(database);
        ObjectNode config = Configs.of(database, "plain", good, "missing", "bare");

        assertThat(failure(config, FAILED))
                .startsWith("3 of 4 tables cannot be followed: dbo.bare, dbo.missing, dbo.plain. ")
                .contains(
                        "change data capture is not enabled for table dbo.plain",
                        "@source_name = N'bare'",
                        "table dbo.missing does not exist");
    }

    @Test
    void refusesATableThatTheLoginMayNotRead() throws Exception {
        String table = NotesTable.create(database);
        String login = database.name() + "_cli";
        database.run(
                "CREATE LOGIN " + login + " WITH PASSWORD = '" + PASSWORD + "'",
                "CREATE USER " + login + " FOR LOGIN " + login,
                "GRANT SELECT ON SCHEMA::cdc TO " + login,
                "GRANT VIEW DEFINITION ON OBJECT::" + table + " TO " + login);

        assertThat(failure(Configs.of(database.connectionText(login, PASSWORD), List.of(table)), FAILED))
                .contains(table, "GRANT SELECT on the captured columns");
    }

    @Test
    void refusesAColumnThatIsNotCaptured() throws Exception {
        ObjectNode config = Configs.of(database);
        config.withArrayProperty("tables")
                .addObject()
                .put("name", NotesTable.create(database))
                .putArray("columns")
                .add("nope");

        assertThat(failure(config, FAILED)).contains("column nope of columns is not captured");
    }

    @Test
    void saysInTimeWhatCannotBeReached() throws Exception {
        for (Map.Entry<String, Future<String>> each : unreachable.entrySet()) {
            assertThat(each.getValue().get()).contains(each.getKey(), "giving up");
        }
    }

    @Test
    void waitsForADatabaseThatIsSlow() throws Exception {
        try (Slow server = Slow.by(new Delay(sql -> true, Duration.ofMillis(300)));
                CliLaunch launch = CliLaunch.of(server.config())) {
            launch.awaitReady();

            assertThat(launch.stop()).isEqualTo(OK);
        }
    }

    @Test
    void givesUpOnADatabaseThatIsTooSlow() throws Exception {
        try (Slow late = Slow.by(new Delay(sql -> sql.contains("sys."), Duration.ofSeconds(6)));
                Slow silent = Slow.by(new Stall(sql -> sql.contains("cdc.captured_columns")))) {
            Future<String> first = failing(late.config());
            Future<String> second = failing(silent.config());

            assertThat(first.get()).contains("no answer in time", "giving up");
            assertThat(second.get()).contains("find the tables: no answer in time", "giving up");
        }
    }

    @Test
    void isStoppedWhileItStarts() throws Exception {
        try (Relay mute = Relay.mute();
                CliLaunch launch = CliLaunch.of(to(NOBODY.replace(",1;", "," + mute.port() + ";")))) {
            launch.until(() -> mute.unanswered() > 0);

            assertThat(launch.stop()).isEqualTo(OK);
        }
    }

    @Test
    void aChangeThatNoLineCanHoldStopsTheTableAndBreaksNoReader() throws Exception {
        database.run("CREATE TABLE dbo.wide (id int IDENTITY(1,1) NOT NULL PRIMARY KEY, note nvarchar(max))");
        database.capture("dbo", "wide");
        database.run(
                "INSERT INTO dbo.wide (note) VALUES (N'fits')",
                "INSERT INTO dbo.wide (note) VALUES (N'" + "x".repeat(70_000) + "')");
        database.awaitCaptured("dbo_wide", 2);
        try (CliLaunch launch = CliLaunch.of(Configs.of(database, "dbo.wide"))) {
            launch.awaitReady();

            assertThat(launch.awaitExit(Poll.LIMIT)).isEqualTo(FAILED);
            assertThat(Envelopes.changes(launch.data())).hasSize(1);
            assertThat(launch.stderr().stream().filter(line -> line.contains(" ERROR ")))
                    .singleElement()
                    .asString()
                    .contains("dbo.wide", "max_line_bytes");
        }
    }

    @Test
    void endsOnceItsReaderIsGone() throws Exception {
        String table = NotesTable.create(database);
        try (CliLaunch launch = CliLaunch.of(Configs.of(database, table))) {
            launch.awaitReady();
            launch.process().closeStdout();
            // The first line may still be taken by the read that was waiting for it.
            Poll.until(
                    () -> {
                        insert(table, 1);
                        return !launch.process().isAlive();
                    },
                    launch::stderr);

            assertThat(launch.awaitExit(Poll.LIMIT)).isEqualTo(FAILED);
        }
    }

    private static void insert(String table, int rows) throws Exception {
        String before = database.ask("SELECT COUNT(*) FROM " + table);
        for (int i = 0; i < rows; i++) {
            database.run("INSERT INTO " + table + " (note) VALUES (N'note')");
        }
        database.awaitCaptured(table.replace('.', '_'), Long.parseLong(before) + rows);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// A server of its own with one table, and what slows it down.
    private record Slow(TestDatabase database, StandIn server, String table, Installed fault) implements AutoCloseable {

        static Slow by(StatementInterceptor fault) throws IOException {
            assumeTrue(CliLaunchIT.database.standIn().isPresent(), "only the stand-in can be slow on purpose");
            TestDatabase database = TestDatabase.createIn(ZoneOffset.UTC);
            String table = NotesTable.create(database);
            StandIn server = database.standIn().orElseThrow();
            return new Slow(database, server, table, Installed.in(server, fault));
        }

        ObjectNode config() {
            ObjectNode config = Configs.of(database, table);
            config.withObjectProperty("lock_config").put("type", "sql_server");
            return config;
        }

        @Override
        public void close() throws IOException {
            fault.close();
            database.close();
            server.close();
        }
    }
}
