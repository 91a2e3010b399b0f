package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.TestDatabase;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Of two capture instances the older one has rows where the newer one was cleaned up, but not all of their
/// columns.
@ParameterizedClass
@ValueSource(strings = {"function", "change_table"})
final class HiddenGapIT {

    private static final String LOST = "are gone: CDC keeps only what came since";

    @Parameter
    String readMode = "";

    private TestDatabase database;

    @BeforeEach
    void createFirst() throws Exception {
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
    void aCleanupOfTheNewerIsAGapThoughTheOlderHasTheRows() throws Exception {
        addSecond();
        insert("(2, 2)", "v2");
        assertThat(Drain.of(config()).texts()).hasSize(2);
        insert("(3, 3)", "v2");
        insert("(4, 4)", "v2");
        cleanUpAllButTheLast("v2");
        wereMadeHoursAgo();

        CommandRun plan = CommandRun.inside(config(), "plan");
        assertThat(plan.exitCode()).isEqualTo(1);
        assertThat(plan.stdout()).anyMatch(line -> line.contains(LOST));
        Drain refused = Drain.ofProcess(config());
        Drain resumed = Drain.of(config().put("on_gap", "resume"));

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.stdout()).isEmpty();
        assertThat(refused.stderr()).anyMatch(line -> line.contains(LOST));
        assertThat(resumed.texts()).containsExactly("insert {\"id\":4,\"b\":4}");
        assertThat(resumed.stdout().getFirst()).contains("\"gap\"");
    }

    @Test
    void aCleanupOfBothIsOneGapUpToWhereTheNewerBegins() throws Exception {
        addSecond();
        assertThat(Drain.of(config()).texts()).hasSize(1);
        for (int id = 2; id <= 5; id++) {
            insert("(" + id + ", " + id + ")", "v2");
        }
        cleanUpAllButTheLast("v2");
        cleanUp("dbo_t", "(SELECT MIN(__$start_lsn) FROM cdc.dbo_t_CT WHERE id = 3)");
        wereMadeHoursAgo();

        Drain resumed = Drain.of(config().put("on_gap", "resume"));

        assertThat(resumed.texts()).containsExactly("insert {\"id\":5,\"b\":5}");
        assertThat(resumed.stdout().getFirst()).contains("\"gap\"");
        assertThat(resumed.stdout()).hasSize(1);
    }

    @Test
    void theEarliestStartIsWhereTheNewerIsWhole() throws Exception {
        addSecond();
        insert("(2, 2)", "v2");
        insert("(3, 3)", "v2");
        cleanUpAllButTheLast("v2");
        wereMadeHoursAgo();

        Lsn whole = Lsn.of(HexFormat.of().parseHex(database.ask("SELECT MAX(__$start_lsn) FROM cdc.v2_CT")));
        assertThat(CommandRun.inside(config(), "plan").stdout()).anyMatch(line -> line.contains("begin at " + whole));
        Drain drain = Drain.ofProcess(config());

        assertThat(drain.exitCode()).isZero();
        assertThat(drain.texts()).containsExactly("insert {\"id\":3,\"b\":3}");
        assertThat(drain.stderr()).anyMatch(line -> line.contains("Beginning with the newer capture instance"));
    }

    /// Nothing tells it from an instance that was made later.
    @Test
    void aCleanupRightAfterTheMakingIsReadFromTheOlder() throws Exception {
        addSecond();
        insert("(2, 2)", "v2");
        assertThat(Drain.of(config()).texts()).hasSize(2);
        insert("(3, 3)", "v2");
        insert("(4, 4)", "v2");
        cleanUpAllButTheLast("v2");
        ObjectNode config = config();
        config.remove("tables");
        config.putArray("tables")
                .addObject()
                .put("name", "dbo.t")
                .putArray("columns")
                .add("id")
                .add("b");

        Drain drain = Drain.ofProcess(config);

        assertThat(drain.texts()).containsExactly("insert {\"id\":3}", "insert {\"id\":4,\"b\":4}");
        assertThat(drain.stderr())
                .anyMatch(line -> line.contains("Some named columns are not in this capture instance"));
    }

    @Test
    void anOldInstanceThatBeginsLaterHidesNothing() throws Exception {
        assertThat(Drain.of(config()).texts()).hasSize(1);
        insert("(2)", "dbo_t");
        addSecond();
        insert("(3, 3)", "v2");
        database.run("UPDATE cdc.change_tables SET create_date = DATEADD(HOUR, -3, create_date)"
                + " WHERE capture_instance = N'dbo_t'");

        assertThat(Drain.of(config()).texts()).containsExactly("insert {\"id\":2}", "insert {\"id\":3,\"b\":3}");
    }

    /// Nothing was in it: but from the position on, neither has the newer all that may have come.
    @Test
    void disablingTheOlderBeforeItMayGoIsAGapThoughItIsEmpty() throws Exception {
        assertThat(Drain.of(config()).texts()).hasSize(1);
        addSecond();
        disableFirst();
        insert("(2, 2)", "v2");

        Drain drain = Drain.ofProcess(config());

        assertThat(drain.exitCode()).isEqualTo(1);
        assertThat(drain.stdout()).isEmpty();
        assertThat(drain.stderr()).anyMatch(line -> line.contains(LOST));
    }

    @Test
    void disablingTheOlderOnceItMayGoIsNone() throws Exception {
        addSecond();
        insert("(2, 2)", "v2");
        Drain first = Drain.ofProcess(config());
        assertThat(first.stderr()).anyMatch(line -> line.contains("it may be disabled table=dbo.t"));
        disableFirst();
        insert("(3, 3)", "v2");

        assertThat(Drain.of(config()).texts()).containsExactly("insert {\"id\":3,\"b\":3}");
    }

    private void disableFirst() {
        database.run("EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N't',"
                + " @capture_instance = N'dbo_t'");
    }

    private void addSecond() {
        database.run(
                "ALTER TABLE dbo.t ADD b int NULL",
                "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N't', @role_name = NULL,"
                        + " @capture_instance = N'v2'");
    }

    /// Both, since their dates also tell which is the newer.
    private void wereMadeHoursAgo() {
        database.run("UPDATE cdc.change_tables SET create_date = DATEADD(HOUR, -3, create_date)");
    }

    private void cleanUpAllButTheLast(String instance) {
        cleanUp(instance, "(SELECT MAX(__$start_lsn) FROM cdc." + instance + "_CT)");
    }

    private void cleanUp(String instance, String lowWatermark) {
        database.run("DECLARE @low binary(10) = " + lowWatermark
                + "; EXEC sys.sp_cdc_cleanup_change_table @capture_instance = N'" + instance
                + "', @low_water_mark = @low, @threshold = 5000");
    }

    /// One more row than `instance` has captured until now.
    private void insert(String row, String instance) throws Exception {
        long before = Long.parseLong(database.ask("SELECT COUNT(*) FROM cdc." + instance + "_CT"));
        database.run("INSERT INTO dbo.t VALUES " + row);
        database.awaitCaptured(instance, before + 1);
    }

    private ObjectNode config() {
        return Configs.of(database, "dbo.t").put("read_mode", readMode);
    }
}
