package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.Stall;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What was captured and is not any more: capture turned off and on again, tables made anew, permissions taken, a
/// stopped agent.
final class LostCaptureIT {

    private static final String ENABLE =
            "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N't'," + " @role_name = NULL";
    private static final String DISABLE = "EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N't',"
            + " @capture_instance = N'all'";
    private static final String CREATE = "CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)";
    private static final String IS_GONE = "(?s).*Table stopped table=dbo.t error=changes of dbo.t after position .* are"
            + " gone: CDC keeps only what came since .* load the table anew, then set on_gap to resume .*";

    private TestDatabase database;

    @BeforeEach
    void createTable() throws Exception {
        database = TestDatabase.create();
        database.run(CREATE, ENABLE);
        insert(1);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void captureTurnedOffAndOnAgainWhileRunningIsAGap(String readMode) throws Exception {
        goesOnBehindTheGapAfter(readMode, DISABLE, "INSERT INTO dbo.t VALUES (2)", ENABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void aTableMadeAnewWhileRunningIsFoundAgain(String readMode) throws Exception {
        goesOnBehindTheGapAfter(readMode, "DROP TABLE dbo.t", CREATE, ENABLE);
    }

    private void goesOnBehindTheGapAfter(String readMode, String... statements) throws Exception {
        ObjectNode config = config().put("read_mode", readMode).put("on_gap", "resume");
        try (IngesterProcess process = IngesterProcess.start(config.toString());
                Stall polls = new Stall(sql -> sql.contains("AS max_lsn"))) {
            awaitSaved(process);
            try (Installed _ = Installed.in(standIn(), polls)) {
                Poll.until(() -> polls.reached() > 0, polls::reached);
                database.run(statements);
                insert(3);
            }
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);

            assertThat(Drain.texts(process.stdout())).containsExactly("insert {\"id\":1}", "insert {\"id\":3}");
            assertThat(process.stdout().getLast()).contains("\"gap\"");
            Runs.stop(process, "TERM");
        }
    }

    @ParameterizedTest
    @CsvSource({"function, false", "change_table, true"})
    void captureThatWasTurnedOffAndOnAgainWhileStoppedIsAGap(String readMode, boolean madeAnew) throws Exception {
        ObjectNode config = config().put("read_mode", readMode);
        Drain.of(config);
        database.run(madeAnew ? "DROP TABLE dbo.t; " + CREATE : DISABLE, ENABLE);
        insert(3);

        Drain second = Drain.ofProcess(config);
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.stdout()).isEmpty();
        assertThat(String.join("\n", second.stderr())).matches(IS_GONE);

        assertThat(Drain.of(config.put("on_gap", "resume")).texts()).containsExactly("insert {\"id\":3}");
    }

    /// Between the rows and the look at the watermark that makes sure that none was missing.
    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void nothingIsSavedOfAnInstanceThatWasDroppedJustAfterItWasRead(String readMode) throws Exception {
        ObjectNode config = config().put("read_mode", readMode);
        Drain.of(config);
        Position saved = TableHistory.saved(database, "dbo.t").orElseThrow();
        insert(2);
        AtomicBoolean read = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        StatementInterceptor dropping = (sql, parameters, answers) -> {
            if (isRows(sql)) {
                read.set(true);
            } else if (sql.contains("AS low_watermark") && read.get() && done.compareAndSet(false, true)) {
                database.run(DISABLE, ENABLE, "INSERT INTO dbo.t VALUES (3)");
            }
            return false;
        };
        try (Installed _ = Installed.in(standIn(), dropping)) {
            Drain second = Drain.ofProcess(config);

            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.texts()).containsExactly("insert {\"id\":2}");
            assertThat(second.stderr())
                    .anyMatch(line -> line.contains("capture instance dbo_t of dbo.t was dropped while it was read"));
            assertThat(String.join("\n", second.stderr())).matches(IS_GONE);
        }
        assertThat(TableHistory.saved(database, "dbo.t")).contains(saved);
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void anInstanceDroppedJustBeforeItIsReadIsPlannedAnew(String readMode) throws Exception {
        ObjectNode config = config().put("read_mode", readMode);
        Drain.of(config);
        insert(2);
        AtomicBoolean done = new AtomicBoolean();
        StatementInterceptor dropping = (sql, parameters, answers) -> {
            if (isRows(sql) && done.compareAndSet(false, true)) {
                database.run(DISABLE);
            }
            return false;
        };
        try (Installed _ = Installed.in(standIn(), dropping)) {
            Drain second = Drain.ofProcess(config);

            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.stderr())
                    .anyMatch(line -> line.contains("will be retried")
                            && line.contains("capture instance dbo_t was dropped before it could be read"))
                    .anyMatch(line -> line.contains("change data capture is not enabled for table dbo.t")
                            && line.contains("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo'"));
        }
    }

    @Test
    void captureDisabledInTheDatabaseStopsTheTableAndSaysWhatToDo() throws Exception {
        ObjectNode config = config();
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            awaitSaved(process);
            database.run("EXEC sys.sp_cdc_disable_db");

            assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(1);
            assertThat(process.stderr())
                    .anyMatch(line -> line.contains("Table stopped table=dbo.t")
                            && line.contains("change data capture was disabled in database " + database.name())
                            && line.contains("EXEC sys.sp_cdc_enable_db"));
        }

        database.run("EXEC sys.sp_cdc_enable_db", ENABLE);
        insert(3);
        assertThat(String.join("\n", Drain.ofProcess(config).stderr())).matches(IS_GONE);
        assertThat(Drain.of(config.put("on_gap", "resume")).texts()).containsExactly("insert {\"id\":3}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "function | REVOKE SELECT ON SCHEMA::cdc FROM reader | read the highest LSN: | SELECT permission was denied",
                "change_table | REVOKE SELECT ON dbo.t FROM reader | read the low watermark of dbo.t: | GRANT SELECT on the",
                "change_table | ALTER ROLE gate DROP MEMBER reader | read the low watermark of dbo.t: | membership in the",
                "function | REVOKE UPDATE ON dbo.cdc_offsets FROM reader | save position of dbo.t: | UPDATE permission was denied",
            })
    void aPermissionThatIsTakenStopsTheTableAndOnceGivenBackNothingIsMissing(
            String readMode, String take, String operation, String whatToDo) throws Exception {
        database.run("CREATE ROLE gate", DISABLE, ENABLE.replace("NULL", "N'gate'"));
        insert(2);
        Drain.of(config());
        String login = database.name() + "_reader";
        database.run(
                "CREATE LOGIN " + login + " WITH PASSWORD = 'Reader.1234'",
                "CREATE USER reader FOR LOGIN " + login,
                "ALTER ROLE gate ADD MEMBER reader",
                "GRANT SELECT ON dbo.t TO reader",
                "GRANT SELECT ON SCHEMA::cdc TO reader",
                "GRANT SELECT, INSERT, UPDATE ON dbo.cdc_offsets TO reader");
        ObjectNode config = Configs.of(database.connectionText(login, "Reader.1234"), List.of("dbo.t"))
                .put("read_mode", readMode);
        insert(3);
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            process.until(() -> Envelopes.changes(process.stdout()).size() == 1);
            database.run(take);
            insert(4);

            assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(1);
            assertThat(process.stderr())
                    .anyMatch(line -> line.contains("Table stopped table=dbo.t")
                            && line.contains(operation)
                            && line.contains(whatToDo)
                            && line.toUpperCase(Locale.ROOT).contains("GRANT"));
            database.run(
                    take.replace("REVOKE", "GRANT").replace(" FROM ", " TO ").replace("DROP MEMBER", "ADD MEMBER"));
            insert(5);

            assertThat(Drain.of(config).texts()).contains("insert {\"id\":4}").endsWith("insert {\"id\":5}");
        } finally {
            database.run("DROP USER reader", "DROP LOGIN " + login);
        }
    }

    @Test
    void aRefusedLoginWhileRunningStopsTheTables() throws Exception {
        Drain.of(config());
        String login = database.name() + "_guest";
        database.run(
                "CREATE LOGIN " + login + " WITH PASSWORD = 'Reader.1234'",
                "CREATE USER visitor FOR LOGIN " + login,
                "GRANT SELECT ON dbo.t TO visitor",
                "GRANT SELECT ON SCHEMA::cdc TO visitor",
                "GRANT SELECT, INSERT, UPDATE ON dbo.cdc_offsets TO visitor");
        insert(2);
        ObjectNode config = Configs.of(database.connectionText(login, "Reader.1234"), List.of("dbo.t"));
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            process.until(() -> Envelopes.changes(process.stdout()).size() == 1);
            // Not the user too: a poll in between would find that it may not read, which is another error.
            database.run("DROP LOGIN " + login);
            standIn().dropConnections();

            assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(1);
            assertThat(process.stderr())
                    .anyMatch(line -> line.contains("Table stopped table=dbo.t")
                            && line.contains("Login failed for user")
                            && line.contains("Check user and password"));
        }
    }

    @Test
    void aStoppedAgentIsWaitedFor() throws Exception {
        try (IngesterProcess process = IngesterProcess.start(config().toString())) {
            awaitSaved(process);
            standIn().engine().capture(database.name()).pause();
            database.run("INSERT INTO dbo.t VALUES (2)");
            Runs.kill(process);
        }
        try (IngesterProcess process = IngesterProcess.start(config().toString())) {
            process.until(() -> process.stderr().stream().anyMatch(line -> line.contains("Following table")));
            database.run("INSERT INTO dbo.t VALUES (3)");
            assertThat(process.stdout()).isEmpty();
            standIn().engine().capture(database.name()).resume();
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);

            assertThat(Drain.texts(process.stdout())).containsExactly("insert {\"id\":2}", "insert {\"id\":3}");
            Runs.stop(process, "TERM");
        }
    }

    /// A restore brings back the checkpoints of then, too. Whoever was running begins there anew and misses nothing.
    @Test
    void aCheckpointThatWentBackIsGoneOnFrom() throws Exception {
        ObjectNode config = config().put("checkpoint_interval", "0s");
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            awaitSaved(process);
            insert(2);
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);
            awaitSaved(process);
            database.run("UPDATE cdc_offsets SET last_lsn = 0x00000001000000010001");
            insert(3);
            process.until(() -> process.stderr().stream()
                    .anyMatch(line -> line.contains("it was put back, or the database was restored")));
            assertThat(process.awaitExit(Poll.LIMIT))
                    .as("such an old position is a gap")
                    .isEqualTo(1);
            assertThat(String.join("\n", process.stderr())).matches(IS_GONE);
        }
    }

    private boolean isRows(String sql) {
        return sql.contains("fn_cdc_get_all_changes_") || sql.contains("[dbo_t_CT] AS c");
    }

    /// Row 1, and a position at or behind it.
    private void awaitSaved(IngesterProcess process) throws Exception {
        process.until(() -> !Envelopes.changes(process.stdout()).isEmpty()
                && TableHistory.saved(database, "dbo.t")
                        .filter(saved -> !saved.isInsideTransaction())
                        .isPresent());
    }

    private StandIn standIn() {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can be held up, broken or paused");
        return database.standIn().orElseThrow();
    }

    private void insert(int id) throws Exception {
        database.run("INSERT INTO dbo.t VALUES (" + id + ")");
        Poll.until(
                () -> database.ask("SELECT COUNT(*) FROM cdc.dbo_t_CT WHERE id = " + id)
                        .equals("1"),
                () -> "row " + id);
    }

    private ObjectNode config() {
        return Configs.of(database, "dbo.t");
    }
}
