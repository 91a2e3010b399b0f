package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.Relay;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What cannot work: an exit code, one line that says what is wrong and what to do, no secret, and nothing on stdout.
final class BadInputIT {

    private static final String PASSWORD = "Hunter2-is-secret";
    private static final String LOGIN = "server=127.0.0.1,1;user id=sa;password=" + PASSWORD + ";database=shop";

    /// From the launch of the program; a connection that is never answered included.
    private static final Duration LONGEST_START = Duration.ofSeconds(20);

    private static final int BAD_CONFIGURATION = 2;
    private static final int FAILED = 1;

    private static TestDatabase database;

    /// Each takes its twenty seconds, in which the other tests run.
    private static ExecutorService slow;

    private static Relay mute;
    private static List<Future<Ended>> unreachable;

    /// How a run ended.
    private record Ended(int exitCode, List<String> stdout, List<String> stderr, Duration after) {}

    @BeforeAll
    static void createDatabase() throws Exception {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.good (id int NOT NULL PRIMARY KEY)", "CREATE TABLE dbo.plain (id int)");
        database.capture("dbo", "good");
        mute = Relay.mute();
        slow = Executors.newVirtualThreadPerTaskExecutor();
        unreachable = List.of(
                slow.submit(() -> run(config(database.connectionText().replace(database.name(), "no_such_database")))),
                slow.submit(() -> run(config(LOGIN.replace(",1;", "," + closedPort() + ";")))),
                slow.submit(() -> run(config(LOGIN.replace(",1;", "," + mute.port() + ";")))));
    }

    @AfterAll
    static void drop() throws Exception {
        slow.close();
        mute.close();
        database.close();
    }

    static List<Arguments> configurations() {
        String good = "{\"db_connection_string\": \"" + LOGIN + "\", \"tables\": [\"good\"]";
        return List.of(
                Arguments.of("", "the configuration is empty: stdin must hold one JSON object"),
                Arguments.of(good, "the configuration ends before its JSON is complete, at line 1"),
                Arguments.of(good + "; }", "the configuration is not valid JSON, at line 1"),
                Arguments.of(
                        good + ", \"poll_intervall\": \"5s\"}",
                        "poll_intervall: unknown key `poll_intervall`; did you mean `poll_interval`?"),
                Arguments.of("{\"tables\": [\"good\"]}", "db_connection_string: is required"),
                Arguments.of("{\"db_connection_string\": \"" + LOGIN + "\"}", "tables: is required: a list of table"),
                Arguments.of(
                        good + ", \"poll_interval\": \"5 parsecs\"}",
                        "poll_interval: `5 parsecs` is not a duration such as 300ms, 5s, 1m30s or 1h"),
                Arguments.of(good.replace("\"good\"", "") + "}", "tables: must name at least one table"),
                Arguments.of(
                        good.replace("\"good\"", "\"good\", \"dbo.Good\"") + "}",
                        "tables[1]: `dbo.Good` is already tables[0]"),
                Arguments.of(
                        good + ", \"lock_config\": {\"type\": \"azure_blob\", \"container_name\": \"locks\","
                                + " \"connection_string\": \"AccountName=a;AccountKey=" + PASSWORD + "\"}}",
                        "lock_config.connection_string: `AccountKey` is not base64"),
                Arguments.of(good.replace("server=", "srever=") + "}", "db_connection_string: unknown key in part 1"),
                Arguments.of(good.replace(LOGIN, "user " + PASSWORD) + "}", "db_connection_string: "));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void refusesABadConfiguration(String stdin, String problem) throws IOException, InterruptedException {
        Ended ended = run(stdin);

        requireOneError(ended, BAD_CONFIGURATION, problem);
        assertThat(ended.stderr()).hasSize(1);
    }

    @Test
    void namesEveryProblemAtOnce() throws IOException, InterruptedException {
        Ended ended = run("{\"tables\": [], \"on_gap\": \"panic\"}");

        assertThat(ended.exitCode()).isEqualTo(BAD_CONFIGURATION);
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr()).hasSize(3);
    }

    @Test
    void failsOnAWrongPassword() throws IOException, InterruptedException {
        requireOneError(run(config(database.connectionText("sa", PASSWORD))), FAILED, "Check user and password");
    }

    @Test
    void failsOnADatabaseWithoutCdc() throws IOException, InterruptedException {
        try (TestDatabase plain = TestDatabase.createWithoutCdc()) {
            requireOneError(
                    run(config(plain.connectionText())),
                    FAILED,
                    "change data capture is not enabled in database " + plain.name());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dbo.plain, change data capture is not enabled for table dbo.plain",
        "dbo.missing, table dbo.missing does not exist"
    })
    void failsWhereItsOnlyTableCannotBeFollowed(String table, String problem) throws IOException, InterruptedException {
        Ended ended = run(Configs.of(database, table).toString());

        requireOneError(ended, FAILED, problem);
        assertThat(ended.stderr()).filteredOn(line -> line.contains("ERROR")).allMatch(line -> line.contains(table));
    }

    @Test
    void failsWithoutPermission() throws IOException, InterruptedException {
        String login = database.name() + "_stranger";
        database.run(
                "CREATE LOGIN " + login + " WITH PASSWORD = '" + PASSWORD + "'",
                "CREATE USER " + login + " FOR LOGIN " + login);
        Ended withoutAny = run(config(database.connectionText(login, PASSWORD)));
        database.run(
                "CREATE SCHEMA positions AUTHORIZATION dbo",
                "ALTER USER " + login + " WITH DEFAULT_SCHEMA = positions",
                "GRANT CREATE TABLE TO " + login,
                "GRANT SELECT, INSERT, UPDATE, ALTER ON SCHEMA::positions TO " + login,
                "GRANT SELECT ON SCHEMA::cdc TO " + login);
        Ended withoutSelect = run(config(database.connectionText(login, PASSWORD)));

        requireOneError(withoutAny, FAILED, "cdc_offsets");
        requireOneError(withoutSelect, FAILED, "dbo.good");
        assertThat(withoutSelect.stderr()).anyMatch(line -> line.contains("GRANT SELECT"));
    }

    @Test
    void goesOnWithTheGoodTables() throws Exception {
        database.run("INSERT INTO dbo.good (id) VALUES (1)");
        ObjectNode config = Configs.of(database, "plain", "good", "missing");
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            process.until(() ->
                    !process.stdout().isEmpty() && errors(process.stderr()).size() == 2);
            database.run("INSERT INTO dbo.good (id) VALUES (2)");
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);

            Runs.stop(process, "TERM");

            assertThat(errors(process.stderr()))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("table=dbo.plain"))
                    .anyMatch(line -> line.contains("table=dbo.missing"));
        }
    }

    @Test
    void givesUpOnWhatCannotBeReached() throws ExecutionException, InterruptedException {
        List<String> problems = List.of("no_such_database", "refused", "giving up");
        for (int i = 0; i < problems.size(); i++) {
            Ended ended = unreachable.get(i).get();
            requireOneError(ended, FAILED, problems.get(i));
            assertThat(ended.after()).as(ended.stderr().toString()).isLessThan(LONGEST_START);
        }
    }

    private static void requireOneError(Ended ended, int exitCode, String problem) {
        assertThat(ended.exitCode()).as(ended.stderr().toString()).isEqualTo(exitCode);
        assertThat(ended.stdout()).isEmpty();
        assertThat(errors(ended.stderr())).singleElement().asString().contains(problem);
        assertThat(ended.stderr())
                .allMatch(line -> line.startsWith("[MSSQL-CDC] "))
                .noneMatch(line -> line.contains(PASSWORD));
    }

    private static List<String> errors(List<String> stderr) {
        return stderr.stream().filter(line -> line.contains(" ERROR ")).toList();
    }

    private static String config(String connectionString) {
        return Configs.of(connectionString, List.of("good")).toString();
    }

    private static Ended run(String stdin) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (IngesterProcess process = IngesterProcess.start(stdin)) {
            process.closeStdin();
            int exitCode = process.awaitExit(Poll.LIMIT);
            Duration after = Duration.ofNanos(System.nanoTime() - start);
            return new Ended(exitCode, process.stdout(), process.stderr(), after);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
