package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// CDC's cleanup against our positions: what is gone is noticed, and what only looks old is not.
@ParameterizedClass
@ValueSource(strings = {"function", "change_table"})
final class GapIT {

    private static final String IS_GONE = "(?s).*Table stopped table=dbo.t error=changes of dbo.t after position .* are"
            + " gone: CDC keeps only what came since .*";

    private static final String MAY_BE_GONE = "(?s).*Table stopped table=dbo.t error=changes of dbo.t after position .*"
            + " may be gone, since CDC's cleanup came while they were read: CDC keeps only what came since .*";

    @Parameter
    String readMode = "";

    private TestDatabase database;

    @BeforeEach
    void createTables() throws Exception {
        database = TestDatabase.create();
        database.run(
                "CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)",
                "CREATE TABLE dbo.other (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "t");
        database.capture("dbo", "other");
        insert(1);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void aCleanupWhileStoppedStopsTheTable() throws Exception {
        assertThat(Drain.of(config()).texts()).containsExactly("insert {\"id\":1}");
        insertTwoAndCleanTheFirst();

        Drain second = Drain.ofProcess(config());

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.stdout()).isEmpty();
        assertThat(String.join("\n", second.stderr())).matches(IS_GONE);
        assertThat(Drain.of(config()).exitCode()).as("it stays stopped").isEqualTo(1);
    }

    @Test
    void resumeGoesOnBehindTheGapAndSaysSoOnce() throws Exception {
        Drain first = Drain.of(config());
        insertTwoAndCleanTheFirst();

        Drain second = Drain.ofProcess(config().put("on_gap", "resume"));

        assertThat(second.exitCode()).isZero();
        assertThat(second.texts()).containsExactly("insert {\"id\":3}");
        JsonNode gap = Envelopes.parse(second.stdout().getFirst()).at("/metadata/gap");
        assertThat(gap.path("after_lsn").asText())
                .isGreaterThanOrEqualTo(first.changes().getFirst().lsn());
        assertThat(gap.path("resumed_at_lsn").asText())
                .isEqualTo(second.changes().getFirst().lsn());
        assertThat(second.stderr()).anyMatch(line -> line.contains("Changes were lost"));

        insert(4);
        Drain third = Drain.of(config());
        assertThat(third.texts()).containsExactly("insert {\"id\":4}");
        assertThat(third.stdout().getFirst()).doesNotContain("\"gap\"");
    }

    @Test
    void aGapIsAnnouncedThoughARestartCameBeforeTheFirstChange() throws Exception {
        Drain.of(config());
        insert(2);
        database.run("INSERT INTO dbo.other VALUES (1)");
        database.awaitCaptured("dbo_other", 1);
        cleanUp("dbo_t", "(SELECT MAX(start_lsn) FROM cdc.lsn_time_mapping)");
        assertThat(Drain.of(config().put("on_gap", "resume")).stdout()).isEmpty();

        insert(3);
        Drain second = Drain.of(config().put("on_gap", "resume"));

        assertThat(second.texts()).containsExactly("insert {\"id\":3}");
        assertThat(second.stdout().getFirst()).contains("\"gap\"");
    }

    @Test
    void aCleanupWhileRunningStopsTheTable() throws Exception {
        try (IngesterProcess process = overtakenByCleanup(config())) {
            assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(1);
            assertThat(Drain.texts(process.stdout())).containsExactly("insert {\"id\":1}");
            assertThat(String.join("\n", process.stderr())).matches(IS_GONE);
        }
    }

    @Test
    void aCleanupWhileRunningIsResumedFrom() throws Exception {
        try (IngesterProcess process = overtakenByCleanup(config().put("on_gap", "resume"))) {
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2);

            assertThat(Drain.texts(process.stdout())).containsExactly("insert {\"id\":1}", "insert {\"id\":3}");
            assertThat(process.stdout().getLast()).contains("\"gap\"");
        }
    }

    @Test
    void anIdleTableHasNoGap() throws Exception {
        Drain.of(config());
        database.run("INSERT INTO dbo.other VALUES (1)", "INSERT INTO dbo.other VALUES (2)");
        database.awaitCaptured("dbo_other", 2);
        assertThat(Drain.of(config()).stdout()).isEmpty();
        cleanUp("dbo_t", "(SELECT MAX(start_lsn) FROM cdc.lsn_time_mapping)");

        insert(5);
        Drain last = Drain.of(config());

        assertThat(last.exitCode()).as("%s", last.stderr()).isZero();
        assertThat(last.texts()).containsExactly("insert {\"id\":5}");
    }

    @Test
    void aDatabaseRestoredFromAnOlderCopyStopsTheTable() throws Failure, IOException, InterruptedException {
        Drain.of(config());
        database.run("UPDATE cdc_offsets SET last_lsn = 0x7FFFFFFF000000000001, last_seq = 0xFFFFFFFFFFFFFFFFFFFF");

        Drain second = Drain.ofProcess(config());

        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.stderr())
                .anyMatch(line -> line.contains("restored from an older copy") && line.contains("dbo.t"));
    }

    /// The look at the commit times comes when the first row is there, and after every other look at the watermark.
    @Test
    void aCleanupWhileAWindowIsReadStopsTheTable() throws Exception {
        Drain.of(config());
        Position saved = TableHistory.saved(database, "dbo.t").orElseThrow();
        insert(2);
        insert(3);

        try (Installed _ = cleaningUpBefore("tran_end_time")) {
            Drain drain = Drain.ofProcess(config());

            assertThat(drain.exitCode()).isEqualTo(1);
            assertThat(String.join("\n", drain.stderr())).matches(MAY_BE_GONE);
        }
        assertThat(TableHistory.saved(database, "dbo.t")).contains(saved);
        assertThat(Drain.of(config()).exitCode()).as("it stays stopped").isEqualTo(1);
    }

    @Test
    void aCleanupWhileAWindowIsReadIsAnnounced() throws Exception {
        Drain.of(config());
        insert(2);
        insert(3);
        ObjectNode config = config().put("on_gap", "resume");

        try (Installed _ = cleaningUpBefore("tran_end_time")) {
            assertThat(Drain.of(config).texts()).endsWith("insert {\"id\":3}");
        }
        insert(4);
        Drain next = Drain.of(config);
        insert(5);
        Drain last = Drain.of(config);

        assertThat(next.texts()).endsWith("insert {\"id\":4}");
        assertThat(next.stdout().getFirst()).contains("\"gap\"");
        assertThat(last.texts()).containsExactly("insert {\"id\":5}");
        assertThat(last.stdout().getFirst()).doesNotContain("\"gap\"");
    }

    /// The function notices by itself; of a change table's rows nobody would know.
    @Test
    void aCleanupJustBeforeAWindowIsReadStopsTheTable() throws Exception {
        Drain.of(config());
        insert(2);
        insert(3);

        try (Installed _ =
                cleaningUpBefore(readMode.equals("function") ? "fn_cdc_get_all_changes_" : "[dbo_t_CT] AS c")) {
            Drain drain = Drain.ofProcess(config());

            assertThat(drain.exitCode()).isEqualTo(1);
            assertThat(String.join("\n", drain.stderr())).matches(readMode.equals("function") ? IS_GONE : MAY_BE_GONE);
        }
        assertThat(Drain.of(config()).exitCode()).as("it stays stopped").isEqualTo(1);
    }

    /// Positions of a large window are saved on the way. Those must wait for the look at the watermark, too.
    @Test
    void aCleanupInTheMiddleOfAWindowIsFoundBeforeTheNextSave() throws Exception {
        Drain.of(config());
        Position saved = TableHistory.saved(database, "dbo.t").orElseThrow();
        database.run("DECLARE @i int = 1; WHILE @i < 1500 BEGIN SET @i = @i + 1; INSERT INTO dbo.t VALUES (@i); END");
        database.awaitCaptured("dbo_t", 1500);
        ObjectNode config = config().put("checkpoint_interval", "0s").put("max_line_bytes", 1024);

        try (Installed _ = cleaningUpBefore("tran_end_time")) {
            Drain drain = Drain.ofProcess(config);

            assertThat(drain.exitCode()).isEqualTo(1);
            assertThat(String.join("\n", drain.stderr())).matches(MAY_BE_GONE);
            assertThat(drain.changes()).hasSizeBetween(1, 1400);
        }
        assertThat(TableHistory.saved(database, "dbo.t")).contains(saved);
    }

    /// Cleans up all but the last row before the next statement that contains `text`, once.
    private Installed cleaningUpBefore(String text) {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can act between statements");
        StandIn standIn = database.standIn().orElseThrow();
        AtomicBoolean done = new AtomicBoolean();
        StatementInterceptor cleanUp = (sql, parameters, answers) -> {
            if (sql.contains(text) && done.compareAndSet(false, true)) {
                cleanUp("dbo_t", "(SELECT MAX(__$start_lsn) FROM cdc.dbo_t_CT)");
            }
            return false;
        };
        return Installed.in(standIn, cleanUp);
    }

    /// A process that has read row 1 and could not look again before row 2 was gone.
    private IngesterProcess overtakenByCleanup(ObjectNode config) throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can hold a statement back");
        StandIn standIn = database.standIn().orElseThrow();
        IngesterProcess process = IngesterProcess.start(config.toString());
        process.until(() -> Envelopes.changes(process.stdout()).size() == 1);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        StatementInterceptor hold = (sql, parameters, answers) -> {
            if (sql.contains("AS max_lsn")) {
                held.countDown();
                released.await();
            }
            return false;
        };
        standIn.engine().addInterceptor(hold);
        try {
            held.await();
            insertTwoAndCleanTheFirst();
        } finally {
            standIn.engine().removeInterceptor(hold);
            released.countDown();
        }
        return process;
    }

    private void insertTwoAndCleanTheFirst() throws Exception {
        insert(2);
        insert(3);
        cleanUp("dbo_t", "(SELECT MAX(__$start_lsn) FROM cdc.dbo_t_CT)");
    }

    private void cleanUp(String captureInstance, String lowWatermark) {
        database.run("DECLARE @low binary(10) = " + lowWatermark
                + "; EXEC sys.sp_cdc_cleanup_change_table @capture_instance = N'" + captureInstance
                + "', @low_water_mark = @low, @threshold = 5000");
    }

    private void insert(int id) throws Exception {
        database.run("INSERT INTO dbo.t VALUES (" + id + ")");
        Poll.until(
                () -> database.ask("SELECT COUNT(*) FROM cdc.dbo_t_CT WHERE id = " + id)
                        .equals("1"),
                () -> "row " + id);
    }

    private ObjectNode config() {
        return Configs.of(database, "dbo.t").put("read_mode", readMode);
    }
}
