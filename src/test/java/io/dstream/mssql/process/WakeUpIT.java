package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.standin.cdc.ChangeCapture;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.Stall;
import io.dstream.mssql.standin.faults.StatementLog;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A table that has backed off hears of its changes all the same, whatever becomes of its capture instances.
@ParameterizedClass
@ValueSource(strings = {"function", "change_table"})
final class WakeUpIT {

    private static final Logger log = LoggerFactory.getLogger(WakeUpIT.class);

    private static final Duration INTERVAL = Duration.ofMillis(100);

    /// After waits of 100, 200 .. 3200 ms a table has begun one of 6.4 s, and the next would be twice that.
    private static final Duration BACKED_OFF = Duration.ofMillis(6600);

    private static final String LOOK = "AS last_lsn FROM";

    /// Asked at each tick of the probe, whether or not the log has moved.
    private static final String TICK = "AS max_lsn";

    @Parameter
    String readMode = "";

    private TestDatabase database;

    @BeforeEach
    void create() throws Exception {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "t");
        insert("(1)", "dbo_t");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void aChangeComesSoonThoughTheTableHasBackedOff() throws Exception {
        try (IngesterProcess process = following(config())) {
            long quietSince = System.nanoTime();
            Poll.until(() -> System.nanoTime() - quietSince >= BACKED_OFF.toNanos(), () -> "waiting");

            insert("(2)", "dbo_t");
            long visible = System.nanoTime();
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);
            Duration took = Duration.ofNanos(System.nanoTime() - visible);

            log.info("Woken mode={} poll_interval={} took={}", readMode, INTERVAL, took);
            assertThat(took).isLessThan(Duration.ofSeconds(3));
            assertThat(Envelopes.parse(process.stdout().getLast())
                            .at("/metadata/poll_interval")
                            .asText())
                    .isEqualTo("12.8s");
        }
    }

    @Test
    void theNewerInstanceIsReadOnAndTheOlderWhereThatIsDroppedAndNothingIsLost() throws Exception {
        try (IngesterProcess process = following(config())) {
            database.run("ALTER TABLE dbo.t ADD b int NULL");
            enable("v2");
            insert("(2, 2)", "v2");
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);
            // Only the newer captures it.
            long before = captured("v2");
            database.run("UPDATE dbo.t SET b = 3 WHERE id = 2");
            database.awaitCaptured("v2", before + 1);
            process.until(() -> Envelopes.changes(process.stdout()).size() == 3);
            database.run(disabling("v2"));
            insert("(3, 3)", "dbo_t");
            process.until(() -> Envelopes.changes(process.stdout()).size() >= 4);

            assertThat(Drain.texts(process.stdout()))
                    .containsExactly(
                            "insert {\"id\":1}",
                            "insert {\"id\":2,\"b\":2}",
                            "update {\"id\":2,\"b\":3}",
                            "insert {\"id\":3}");

            database.run(disabling("dbo_t"), "CREATE TABLE dbo.other (id int NOT NULL PRIMARY KEY)");
            database.capture("dbo", "other");
            database.run("INSERT INTO dbo.other VALUES (1)");
            assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(1);
        }
    }

    /// What the table had not seen yet when its cleanup came is known to be gone, what it had seen is no gap.
    @Test
    void aCleanupIsAGapWhereItTookWhatWasNotSeen() throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can hold a statement back");
        ChangeCapture capture = database.standIn().orElseThrow().engine().capture(database.name());
        StatementLog asked = new StatementLog();
        try (Installed _ = Installed.in(database.standIn().orElseThrow(), asked);
                IngesterProcess process = following(config().put("on_gap", "resume"))) {
            // Once the log has moved the probe looks twice; the first may come at once.
            long looked = asked.countContaining(LOOK);
            capture.advanceIdle();
            process.until(() -> asked.countContaining(LOOK) >= looked + 2);
            // A table that was just polling hears of it when it waits again.
            long ticks = asked.countContaining(TICK);
            process.until(() -> asked.countContaining(TICK) >= ticks + 5);
            cleanUp("(SELECT MAX(start_lsn) FROM cdc.lsn_time_mapping)");
            insert("(2)", "dbo_t");
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);
            assertThat(process.stdout().getLast()).doesNotContain("\"gap\"");

            AtomicBoolean begun = new AtomicBoolean();
            CountDownLatch done = new CountDownLatch(1);
            StatementInterceptor late = (sql, parameters, answers) -> {
                if (sql.contains(LOOK) && begun.compareAndSet(false, true)) {
                    insert("(3)", "dbo_t");
                    capture.advanceIdle();
                    awaitLogBehindTheLastRow();
                    cleanUp("(SELECT MAX(start_lsn) FROM cdc.lsn_time_mapping)");
                    done.countDown();
                }
                return false;
            };
            try (Installed _ = Installed.in(database.standIn().orElseThrow(), late)) {
                capture.advanceIdle();
                done.await();
                assertThat(captured("dbo_t")).isZero();
            }
            insert("(4)", "dbo_t");
            process.until(() -> Envelopes.changes(process.stdout()).size() == 3);
            assertThat(process.stdout().getLast()).contains("\"gap\"");
        }
    }

    @Test
    void whoseChangeTableMayNotBeReadPollsByItselfAndDisturbsNobody() throws Exception {
        assumeTrue(readMode.equals("function"), "the other mode needs that permission");
        database.run("CREATE TABLE dbo.u (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "u");
        Drain.of(config());
        String login = database.name() + "_blind";
        database.run(
                "CREATE LOGIN " + login + " WITH PASSWORD = 'Reader.1234'",
                "CREATE USER " + login + " FOR LOGIN " + login,
                "GRANT SELECT ON SCHEMA::dbo TO " + login,
                "GRANT SELECT ON OBJECT::cdc.change_tables TO " + login,
                "GRANT SELECT ON OBJECT::cdc.captured_columns TO " + login,
                "GRANT SELECT ON OBJECT::cdc.lsn_time_mapping TO " + login,
                "GRANT SELECT ON OBJECT::cdc.dbo_u_CT TO " + login,
                "GRANT VIEW DEFINITION ON SCHEMA::cdc TO " + login,
                "GRANT SELECT, INSERT, UPDATE ON dbo.cdc_offsets TO " + login);
        ObjectNode config = Configs.of(database.connectionText(login, "Reader.1234"), List.of("dbo.t", "dbo.u"))
                .put("max_poll_interval", "400ms");
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            for (int id = 2; id <= 6; id++) {
                insert("(" + id + ")", "dbo_t");
                database.run("INSERT INTO dbo.u VALUES (" + id + ")");
            }
            process.until(() -> Envelopes.changes(process.stdout()).size() == 10);
            // All may have come before the probe's first look at both tables.
            process.until(
                    () -> process.stderr().stream().anyMatch(line -> line.contains("may not read a change table")));
            assertThat(process.stderr()).noneMatch(line -> line.contains("failed") || line.contains("retried"));
            assertThat(process.stderr())
                    .filteredOn(line -> line.contains("may not read a change table"))
                    .singleElement()
                    .asString()
                    .contains("table=dbo.t", "GRANT SELECT ON OBJECT::[cdc].[dbo_t_CT] TO the login");
        } finally {
            database.run("DROP USER " + login, "DROP LOGIN " + login);
        }
    }

    @Test
    void whileALookHangsEachTablePollsByItself() throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can hold a statement back");
        Stall stall = new Stall(sql -> sql.contains(LOOK));
        try (IngesterProcess process = following(config().put("max_poll_interval", "400ms"));
                Installed _ = Installed.in(database.standIn().orElseThrow(), stall)) {
            database.standIn().orElseThrow().engine().capture(database.name()).advanceIdle();
            process.until(() -> stall.reached() == 1);
            insert("(2)", "dbo_t");
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);

            assertThat(stall.reached()).isEqualTo(1);
            assertThat(said(process, "Looking for changes failed")).isZero();
        }
    }

    @Test
    void whileTheProbeFailsEachTablePollsByItselfAndItIsSaid() throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can refuse");
        AtomicBoolean broken = new AtomicBoolean(true);
        StatementInterceptor refusal = (sql, parameters, answers) -> {
            if (broken.get() && sql.contains(LOOK)) {
                throw new SqlServerError(1205, "Broken on purpose.");
            }
            return false;
        };
        StatementLog asked = new StatementLog();
        try (Installed _ = Installed.in(database.standIn().orElseThrow(), refusal, asked);
                IngesterProcess process = following(config().put("max_poll_interval", "400ms"))) {
            insert("(2)", "dbo_t");
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);
            process.until(() -> said(process, "Looking for changes failed") > 0);

            assertThat(said(process, "Looking for changes failed")).isEqualTo(1);
            broken.set(false);
            process.until(() -> said(process, "Changes are looked for again") == 1);
            // It looks when the log moves, which the next change makes it do.
            long looked = asked.countContaining(LOOK);
            insert("(3)", "dbo_t");
            process.until(() -> asked.countContaining(LOOK) > looked);
            process.until(() -> Envelopes.changes(process.stdout()).size() == 3);
        }
    }

    /// One whose capture is disabled takes the probe away from nobody.
    @Test
    void othersAreWokenThoughAChangeTableIsDropped() throws Exception {
        database.run("CREATE TABLE dbo.u (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "u");
        ObjectNode config = config();
        config.withArray("tables").add("dbo.u");
        try (IngesterProcess process = following(config)) {
            database.run("EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N'u',"
                    + " @capture_instance = N'dbo_u'");
            insert("(2)", "dbo_t");
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);
            process.until(() -> process.stderr().stream().anyMatch(line -> line.contains("Table stopped table=dbo.u")));
            assertThat(said(process, "Looking for changes failed")).isZero();
            insert("(3)", "dbo_t");
            process.until(() -> Envelopes.changes(process.stdout()).size() == 3);
        }
    }

    /// It has written row 1 and waits, for longer than any test.
    private static IngesterProcess following(ObjectNode config) throws Exception {
        IngesterProcess process = IngesterProcess.start(config.toString());
        process.until(() -> Envelopes.changes(process.stdout()).size() == 1);
        return process;
    }

    private void awaitLogBehindTheLastRow() {
        try {
            Poll.until(
                    () -> !database.ask("SELECT COUNT(*) FROM cdc.lsn_time_mapping WHERE start_lsn >"
                                    + " (SELECT MAX(__$start_lsn) FROM cdc.dbo_t_CT)")
                            .equals("0"),
                    () -> "the log ends with a row");
        } catch (Exception e) {
            throw new AssertionError("wait for the log", e);
        }
    }

    private static long said(IngesterProcess process, String text) {
        return process.stderr().stream().filter(line -> line.contains(text)).count();
    }

    private ObjectNode config() {
        return Configs.of(database, "dbo.t").put("read_mode", readMode).put("max_poll_interval", "10m");
    }

    private void enable(String instance) {
        database.run("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N't', @role_name = NULL,"
                + " @capture_instance = N'" + instance + "'");
    }

    private static String disabling(String instance) {
        return "EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N't', @capture_instance = N'"
                + instance + "'";
    }

    private void cleanUp(String lowWatermark) {
        database.run("DECLARE @low binary(10) = " + lowWatermark
                + "; EXEC sys.sp_cdc_cleanup_change_table @capture_instance = N'dbo_t', @low_water_mark = @low,"
                + " @threshold = 5000");
    }

    private long captured(String instance) throws SQLException {
        return Long.parseLong(database.ask("SELECT COUNT(*) FROM cdc." + instance + "_CT"));
    }

    /// One more row than `instance` has captured until now.
    private void insert(String row, String instance) {
        try {
            long before = captured(instance);
            database.run("INSERT INTO dbo.t VALUES " + row);
            database.awaitCaptured(instance, before + 1);
        } catch (Exception e) {
            throw new AssertionError("insert " + row, e);
        }
    }
}
