package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.cdc.ChangeCapture;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.Stall;
import io.dstream.mssql.standin.faults.StatementLog;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the position of a table that nobody changes stays ahead of CDC's cleanup, and what that costs.
final class IdlePositionIT {

    private TestDatabase database;

    @BeforeEach
    void createTable() {
        database = TestDatabase.create();
        assumeTrue(database.standIn().isPresent(), "counts what the stand-in is asked");
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "t");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void itIsSavedSeldomButAtOnceWhenTheCleanupHasPassedIt(String readMode) throws Exception {
        ObjectNode config = Configs.of(database, "dbo.t")
                .put("read_mode", readMode)
                .put("poll_interval", "10ms")
                .put("max_poll_interval", "20ms");
        StandIn standIn = database.standIn().orElseThrow();
        ChangeCapture capture = standIn.engine().capture(database.name());
        StatementLog asked = new StatementLog();
        capture.advanceIdle();
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            process.until(() -> TableHistory.saved(database, "dbo.t").isPresent());
            Position first = TableHistory.saved(database, "dbo.t").orElseThrow();
            try (Installed _ = Installed.in(standIn, asked)) {
                for (int move = 1; move <= 12; move++) {
                    long before = looks(asked);
                    capture.advanceIdle();
                    // A cleanup before the table has heard of the last look would be a gap: the second begins after.
                    process.until(() -> looks(asked) >= before + 2);
                }
                assertThat(asked.countContaining("UPDATE cdc_offsets")).isZero();
                assertThat(asked.countContaining("AS transaction_count"))
                        .as("windows")
                        .isZero();

                database.run("DECLARE @low binary(10) = (SELECT MAX(start_lsn) FROM cdc.lsn_time_mapping);"
                        + " EXEC sys.sp_cdc_cleanup_change_table @capture_instance = N'dbo_t', @low_water_mark = @low,"
                        + " @threshold = 5000");
                capture.advanceIdle();
                process.until(() ->
                        !TableHistory.saved(database, "dbo.t").orElseThrow().equals(first));
                assertThat(asked.countContaining("UPDATE cdc_offsets")).isEqualTo(1);
            }
            Runs.kill(process);
        }

        database.run("INSERT INTO dbo.t VALUES (1)");
        database.awaitCaptured("dbo_t", 1);
        Drain next = Drain.of(config);
        assertThat(next.exitCode()).isZero();
        assertThat(next.texts()).containsExactly("insert {\"id\":1}");
        assertThat(next.stdout().getFirst()).doesNotContain("\"gap\"");
    }

    private static long looks(StatementLog asked) {
        return asked.countContaining("AS last_lsn FROM");
    }

    /// The table waits to be opened, as one does whose lease another instance holds.
    @Test
    void latestDoesNotHideWhatWasCleanedUpSinceTheStart() throws Exception {
        database.run("INSERT INTO dbo.t VALUES (1)");
        database.awaitCaptured("dbo_t", 1);
        ObjectNode config = Configs.of(database, "dbo.t").put("start_from", "latest");
        Stall opening = new Stall(sql -> sql.contains("sys.tables AS t"));
        try (IngesterProcess process = IngesterProcess.start(config.toString());
                opening) {
            try (Installed _ = Installed.in(database.standIn().orElseThrow(), opening)) {
                Poll.until(() -> opening.reached() > 0, opening::reached);
                database.run("INSERT INTO dbo.t VALUES (2)", "INSERT INTO dbo.t VALUES (3)");
                database.awaitCaptured("dbo_t", 3);
                database.run(
                        "DECLARE @low binary(10) = (SELECT MAX(__$start_lsn) FROM cdc.dbo_t_CT);"
                                + " EXEC sys.sp_cdc_cleanup_change_table @capture_instance = N'dbo_t',"
                                + " @low_water_mark = @low, @threshold = 5000",
                        "UPDATE cdc.change_tables SET create_date = DATEADD(HOUR, -3, create_date)");
            }

            assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(1);
            assertThat(process.stderr()).anyMatch(line -> line.contains("are gone: CDC keeps only what came since"));
            assertThat(process.stdout()).isEmpty();
        }
    }

    @Test
    void latestHasAllOfATableThatWasCapturedOnlyAfterTheStart() throws Exception {
        database.run("INSERT INTO dbo.t VALUES (1)", "CREATE TABLE dbo.later (id int NOT NULL PRIMARY KEY)");
        database.awaitCaptured("dbo_t", 1);
        ObjectNode config = Configs.of(database, "dbo.later").put("start_from", "latest");
        Stall opening = new Stall(sql -> sql.contains("sys.tables AS t"));
        try (IngesterProcess process = IngesterProcess.start(config.toString());
                opening) {
            try (Installed _ = Installed.in(database.standIn().orElseThrow(), opening)) {
                Poll.until(() -> opening.reached() > 0, opening::reached);
                database.run("INSERT INTO dbo.t VALUES (2)");
                database.awaitCaptured("dbo_t", 2);
                database.capture("dbo", "later");
                database.run("INSERT INTO dbo.later VALUES (1)");
                database.awaitCaptured("dbo_later", 1);
            }
            process.until(() -> !process.stdout().isEmpty());
            assertThat(Drain.texts(process.stdout())).containsExactly("insert {\"id\":1}");
        }
    }

    /// Those who were told that the program runs, and those who saw it die.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void latestHasAllThatCameAfterTheStart(boolean killed) throws Exception {
        database.run("INSERT INTO dbo.t VALUES (1)");
        database.awaitCaptured("dbo_t", 1);
        ObjectNode config = Configs.of(database, "dbo.t").put("start_from", "latest");
        Stall opening = new Stall(sql -> sql.contains("sys.tables AS t"));
        try (IngesterProcess process = IngesterProcess.start(config.toString());
                opening) {
            try (Installed _ = Installed.in(database.standIn().orElseThrow(), opening)) {
                process.until(() -> process.stderr().stream().anyMatch(line -> line.contains("Started ")));
                Poll.until(() -> opening.reached() > 0, opening::reached);
                database.run("INSERT INTO dbo.t VALUES (2)");
                database.awaitCaptured("dbo_t", 2);
            }
            process.until(() -> process.stderr().stream().anyMatch(line -> line.contains("Following table")));
            if (killed) {
                Runs.kill(process);
                assertThat(TableHistory.saved(database, "dbo.t")).isPresent();
                database.run("INSERT INTO dbo.t VALUES (3)");
                database.awaitCaptured("dbo_t", 3);
                assertThat(Drain.of(config).texts()).endsWith("insert {\"id\":3}");
            } else {
                process.until(() -> !process.stdout().isEmpty());
                assertThat(Drain.texts(process.stdout())).containsExactly("insert {\"id\":2}");
            }
        }
    }
}
