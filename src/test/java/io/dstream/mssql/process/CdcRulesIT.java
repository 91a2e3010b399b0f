package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What change data capture really does, one table at a time: waiting, starting, names, times, permissions.
final class CdcRulesIT {

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void anIdleTableIsNotQueried(String readMode) throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can count statements");
        database.capture("dbo", "t");
        insert(1);
        ObjectNode config = config().put("poll_interval", "1ms")
                .put("max_poll_interval", "1ms")
                .put("read_mode", readMode);
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger queries = new AtomicInteger();
        StatementInterceptor count = (sql, parameters, answers) -> {
            if (sql.contains("fn_cdc_get_all_changes_") || sql.contains("[dbo_t_CT] AS c")) {
                queries.incrementAndGet();
            } else if (sql.contains("AS max_lsn")) {
                looks.incrementAndGet();
            }
            return false;
        };
        StandIn standIn = database.standIn().orElseThrow();
        standIn.engine().addInterceptor(count);
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            process.until(() -> Envelopes.changes(process.stdout()).size() == 1);
            process.until(() -> !offset().equals("0"));
            int before = queries.get();
            int looksBefore = looks.get();
            process.until(() -> looks.get() > looksBefore + 1000);

            assertThat(queries.get()).isEqualTo(before).isPositive();
            assertThat(process.stderr()).noneMatch(line -> line.contains("retried"));
        } finally {
            standIn.engine().removeInterceptor(count);
        }
    }

    @Test
    void aFreshDatabaseIsWaitedForAndSaidOnceWhy() throws Exception {
        database.capture("dbo", "t");
        try (IngesterProcess process = IngesterProcess.start(config().toString())) {
            process.until(() -> why(process) == 1 && following(process));
            insert(1);
            process.until(() -> Envelopes.changes(process.stdout()).size() == 1);
            process.signal("TERM");

            assertThat(process.awaitExit(Poll.LIMIT)).isZero();
            assertThat(why(process)).isEqualTo(1);
        }
    }

    private static long why(IngesterProcess process) {
        return process.stderr().stream()
                .filter(line -> line.contains("No change was captured in this database yet")
                        && line.contains("SQL Server Agent is stopped")
                        && line.contains("capture job is missing"))
                .count();
    }

    private static boolean following(IngesterProcess process) {
        return process.stderr().stream().anyMatch(line -> line.contains("Following table"));
    }

    @Test
    void latestBeginsBehindWhatThereIsAndForgetsNothingAfter() throws Exception {
        database.capture("dbo", "t");
        insert(1);
        assertThat(Drain.of(config().put("start_from", "latest")).stdout()).isEmpty();

        insert(2);
        Drain second = Drain.of(config().put("start_from", "latest"));

        assertThat(second.exitCode()).isZero();
        assertThat(second.texts()).containsExactly("insert {\"id\":2}");
    }

    @Test
    void beforeTheFirstCaptureThereIsNothingToCatchUpWith() throws Exception {
        database.capture("dbo", "t");
        for (String from : List.of("latest", "earliest")) {
            Drain first = Drain.of(config().put("start_from", from));
            assertThat(first.exitCode()).as("%s", first.stderr()).isZero();
            assertThat(first.stdout()).isEmpty();
        }

        insert(1);
        assertThat(Drain.of(config().put("start_from", "latest")).texts()).containsExactly("insert {\"id\":1}");
    }

    @Test
    void aDroppedCaptureInstanceStopsTheTable() throws Exception {
        database.capture("dbo", "t");
        insert(1);
        try (IngesterProcess process = IngesterProcess.start(config().toString())) {
            process.until(() -> Envelopes.changes(process.stdout()).size() == 1);
            database.run("CREATE TABLE dbo.other (id int NOT NULL PRIMARY KEY)");
            database.capture("dbo", "other");
            database.run(
                    "EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N't',"
                            + " @capture_instance = N'all'",
                    "INSERT INTO dbo.other VALUES (1)");

            assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(1);
            assertThat(process.stderr())
                    .anyMatch(line -> line.contains(
                            "change data capture is not enabled for table dbo.t, or the login" + " may not see it"));
        }
    }

    @Test
    void aRevokedPermissionStopsTheTable() throws Exception {
        database.capture("dbo", "t");
        insert(1);
        Drain.of(config());
        String login = database.name() + "_reader";
        database.run(
                "CREATE LOGIN " + login + " WITH PASSWORD = 'Reader.1234'",
                "CREATE USER " + login + " FOR LOGIN " + login,
                "GRANT SELECT ON dbo.t TO " + login,
                "GRANT SELECT ON SCHEMA::cdc TO " + login,
                "GRANT SELECT, INSERT, UPDATE ON dbo.cdc_offsets TO " + login);
        ObjectNode config = Configs.of(database.connectionText(login, "Reader.1234"), List.of("dbo.t"));
        insert(2);
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            process.until(() -> Envelopes.changes(process.stdout()).size() == 1);
            database.run("REVOKE SELECT ON dbo.t FROM " + login, "INSERT INTO dbo.t VALUES (3)");

            assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(1);
            assertThat(process.stderr())
                    .anyMatch(line -> line.contains("capture instance dbo_t is missing, or the login may not read it"));
        } finally {
            database.run("DROP USER " + login, "DROP LOGIN " + login);
        }
    }

    @Test
    void withoutPermissionOnTheChangeTableTheErrorSaysWhatToGrant() throws Exception {
        database.capture("dbo", "t");
        insert(1);
        Drain.of(config());
        insert(2);
        String login = database.name() + "_reader";
        database.run(
                "CREATE LOGIN " + login + " WITH PASSWORD = 'Reader.1234'",
                "CREATE USER " + login + " FOR LOGIN " + login,
                "GRANT SELECT ON dbo.t TO " + login,
                "GRANT SELECT ON OBJECT::cdc.change_tables TO " + login,
                "GRANT SELECT ON OBJECT::cdc.captured_columns TO " + login,
                "GRANT SELECT ON OBJECT::cdc.lsn_time_mapping TO " + login,
                "GRANT VIEW DEFINITION ON SCHEMA::cdc TO " + login,
                "GRANT SELECT, INSERT, UPDATE ON dbo.cdc_offsets TO " + login);
        ObjectNode config = Configs.of(database.connectionText(login, "Reader.1234"), List.of("dbo.t"));
        try {
            Drain drain = Drain.ofProcess(config.put("read_mode", "change_table"));
            assertThat(drain.exitCode()).isEqualTo(1);
            assertThat(drain.stderr())
                    .anyMatch(line -> line.contains("GRANT SELECT ON OBJECT::[cdc].[dbo_t_CT] TO the login"));

            assertThat(Drain.of(config.put("read_mode", "function")).texts()).containsExactly("insert {\"id\":2}");
        } finally {
            database.run("DROP USER " + login, "DROP LOGIN " + login);
        }
    }

    @Test
    void aCommitTimeThatTheServerForgotIsNull() throws Exception {
        database.capture("dbo", "t");
        insert(1);
        insert(2);
        insert(3);
        database.run("DECLARE @lsn binary(10) = (SELECT MAX(__$start_lsn) FROM cdc.dbo_t_CT WHERE id = 2);"
                + " DELETE FROM cdc.lsn_time_mapping WHERE start_lsn = @lsn");

        Drain drain = Drain.of(config());

        assertThat(drain.changes())
                .extracting(change -> change.whole().path("timestamp").isNull())
                .containsExactly(false, true, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void namesKeepWhatTheyAreMadeOf(String readMode) throws Exception {
        database.run(
                "CREATE SCHEMA [s ['1']]]",
                "CREATE TABLE [s ['1']]].[Order [\"1\"]]] ([my col$a] int NOT NULL PRIMARY KEY, [a]]b] nvarchar(9))");
        database.capture("s ['1']", "Order [\"1\"]");
        database.run("INSERT INTO [s ['1']]].[Order [\"1\"]]] VALUES (1, N'x')");
        database.awaitCaptured("s ['1']_Order [\"1\"]", 1);

        ObjectNode config = Configs.of(database, "[s ['1']]].[Order [\"1\"]]]").put("read_mode", readMode);
        Drain drain = Drain.of(config);

        assertThat(drain.texts()).as("%s", drain.stderr()).containsExactly("insert {\"my col$a\":1,\"a]b\":\"x\"}");
        assertThat(drain.changes().getFirst().table()).isEqualTo("s ['1'].Order [\"1\"]");
        assertThat(Envelopes.parse(drain.stdout().getFirst())
                        .at("/metadata/capture_instance")
                        .asText())
                .isEqualTo("s ['1']_Order [\"1\"]");
        assertThat(Drain.of(config).stdout())
                .as("its checkpoint is found again")
                .isEmpty();
        assertThat(Drain.of(Configs.of(database, "[S ['1']]].[ORDER [\"1\"]]]").put("read_mode", readMode))
                        .stdout())
                .as("it goes by the catalogue's case")
                .isEmpty();
    }

    @Test
    void theTimeOfACommitIsInUtcWhateverTheServersZone() throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in's clock can be set");
        for (String zone : List.of("America/New_York", "Australia/Lord_Howe")) {
            TestDatabase elsewhere = TestDatabase.createIn(ZoneId.of(zone));
            try (StandIn standIn = elsewhere.standIn().orElseThrow()) {
                assertThat(standIn.port()).isPositive();
                elsewhere.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
                elsewhere.capture("dbo", "t");
                // A datetime is rounded to 1/300 s.
                Instant before = Instant.now().minusMillis(4);
                elsewhere.run("INSERT INTO dbo.t VALUES (1)");
                Instant after = Instant.now().plusMillis(4);
                elsewhere.awaitCaptured("dbo_t", 1);

                Drain drain = Drain.of(Configs.of(elsewhere, "dbo.t"));

                assertThat(timestamp(drain)).isBetween(before, after);
            }
        }
    }

    /// In the hour that repeats in New York, whichever windows the table is read in.
    @Test
    void theTimeOfACommitIsRightInARepeatedHour() throws Exception {
        database.capture("dbo", "t");
        List<String> local = List.of("01:20", "01:50:00.003", "01:50", "01:10", "01:55", "02:00");
        for (int id = 1; id <= local.size(); id++) {
            insert(id);
            database.run("DECLARE @lsn binary(10) = (SELECT MAX(__$start_lsn) FROM cdc.dbo_t_CT);"
                    + " UPDATE cdc.lsn_time_mapping SET tran_end_time = '2025-11-02 " + local.get(id - 1)
                    + "' WHERE start_lsn = @lsn");
        }
        ObjectNode config = config().put("server_time_zone", "America/New_York");

        List<String> times = timestamps(Drain.of(config));
        List<String> later = List.of();
        for (int id = 4; id <= 5; id++) {
            database.run("UPDATE cdc_offsets SET last_seq = 0x00000000000000000000, last_lsn ="
                    + " (SELECT MAX(__$start_lsn) FROM cdc.dbo_t_CT WHERE id = " + id + ")");
            later = timestamps(Drain.of(config));
            assertThat(later).isEqualTo(times.subList(id - 1, times.size()));
        }

        assertThat(times)
                .containsExactly(
                        "2025-11-02T05:20:00Z",
                        "2025-11-02T05:50:00.003Z",
                        "2025-11-02T05:50:00Z",
                        "2025-11-02T06:10:00Z",
                        "2025-11-02T06:55:00Z",
                        "2025-11-02T07:00:00Z");
        assertThat(later).hasSize(2);
    }

    private static List<String> timestamps(Drain drain) {
        return drain.changes().stream()
                .map(change -> change.whole().path("timestamp").asText())
                .toList();
    }

    private static Instant timestamp(Drain drain) {
        return Instant.parse(
                drain.changes().getFirst().whole().path("timestamp").asText());
    }

    private String offset() throws Exception {
        return database.ask("SELECT COUNT(*) FROM cdc_offsets");
    }

    private void insert(int id) throws Exception {
        database.run("INSERT INTO dbo.t VALUES (" + id + ")");
        database.awaitCaptured("dbo_t", id);
    }

    private ObjectNode config() {
        return Configs.of(database, "dbo.t");
    }
}
