package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// A table has two capture instances at most: when the older may go, how the next takes its place, and who was away.
@ParameterizedClass
@ValueSource(strings = {"function", "change_table"})
final class SupersededInstanceIT {

    private static final int TWO_INSTANCES_ALREADY = 22962;
    private static final String SWITCHED = "Another capture instance is read from here on table=";
    private static final String NOT_NEEDED = "needs an older capture instance no more, it may be disabled table=";

    @Parameter
    String readMode = "";

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    /// Names with everything in them; what the log says to run is run as it stands there.
    @Test
    void theStatementInTheLogMakesRoomForTheNextInstance() throws Exception {
        String table = "[s ['1']]].[Order [\"1\"]]]";
        database.run("CREATE SCHEMA [s ['1']]]", "CREATE TABLE " + table + " (id int NOT NULL PRIMARY KEY)");
        enable("s ['1']", "Order [\"1\"]", "my inst]x'");
        insert(table, "(1)", "my inst]x'");
        database.run("ALTER TABLE " + table + " ADD [a]]b] int NULL");
        enable("s ['1']", "Order [\"1\"]", "2nd [inst]");
        insert(table, "(2, 2)", "2nd [inst]");

        Drain first = Drain.ofProcess(config(table));

        assertThat(first.texts()).containsExactly("insert {\"id\":1}", "insert {\"id\":2,\"a]b\":2}");
        assertThat(instances(first.stdout())).containsExactly("my inst]x'", "2nd [inst]");
        assertThat(said(first.stderr(), SWITCHED))
                .singleElement()
                .satisfies(line ->
                        assertThat(line).contains("table=s ['1'].Order [\"1\"] ", " from=my inst]x' to=2nd [inst]"));
        String statement = said(first.stderr(), NOT_NEEDED).getFirst().split("statement=", 2)[1];
        database.run("ALTER TABLE " + table + " ADD c int NULL");
        assertThat(errorOfEnabling("s ['1']", "Order [\"1\"]", "third")).isEqualTo(TWO_INSTANCES_ALREADY);
        database.run(statement);
        enable("s ['1']", "Order [\"1\"]", "third");
        insert(table, "(3, 3, 3)", "third");

        Drain second = Drain.ofProcess(config(table));

        assertThat(second.texts()).containsExactly("insert {\"id\":3,\"a]b\":3,\"c\":3}");
        assertThat(said(second.stderr(), NOT_NEEDED))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("capture_instance=2nd [inst] "));
    }

    @Test
    void whatIsNotNeededIsSaidOnceARunAndNotBeforeThePositionIsSaved() throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can refuse to save");
        createFirst();
        insert("dbo.t", "(1)", "dbo_t");
        AtomicBoolean refuses = new AtomicBoolean();
        StatementInterceptor refusal = (sql, parameters, answers) -> {
            if (refuses.get() && sql.contains("cdc_offsets") && sql.contains("UPDATE")) {
                throw new SqlServerError(1205, "Broken on purpose.");
            }
            return false;
        };
        try (Installed _ = Installed.in(database.standIn().orElseThrow(), refusal);
                IngesterProcess process = IngesterProcess.start(config("dbo.t").toString())) {
            process.until(() -> TableHistory.saved(database, "dbo.t").isPresent());
            refuses.set(true);
            addSecond();
            insert("dbo.t", "(2, 2)", "v2");
            process.until(() -> Envelopes.changes(process.stdout()).size() == 2
                    && process.stderr().stream().anyMatch(line -> line.contains("retried")));
            assertThat(said(process.stderr(), SWITCHED)).hasSize(1);
            assertThat(said(process.stderr(), NOT_NEEDED)).isEmpty();

            refuses.set(false);
            process.until(() -> said(process.stderr(), NOT_NEEDED).size() == 1);
            insert("dbo.t", "(3, 3)", "v2");
            process.until(() -> Envelopes.changes(process.stdout()).size() == 3);
            Runs.stop(process, "TERM");
            assertThat(said(process.stderr(), NOT_NEEDED)).hasSize(1);
        }
        insert("dbo.t", "(4, 4)", "v2");

        Drain again = Drain.ofProcess(config("dbo.t"));

        assertThat(again.texts()).containsExactly("insert {\"id\":4,\"b\":4}");
        assertThat(said(again.stderr(), NOT_NEEDED)).hasSize(1);
        assertThat(said(again.stderr(), SWITCHED)).isEmpty();
    }

    @Test
    void whoWasAwayWhileBothInstancesWereReplacedHasAGap() throws Exception {
        createFirst();
        insert("dbo.t", "(1)", "dbo_t");
        assertThat(Drain.of(config("dbo.t")).texts()).hasSize(1);
        addSecond();
        insert("dbo.t", "(2, 2)", "v2");
        replaceFirstByThird();
        insert("dbo.t", "(3, 3, 3)", "v3");

        Drain refused = Drain.ofProcess(config("dbo.t"));
        Drain resumed = Drain.of(config("dbo.t").put("on_gap", "resume"));

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.stderr()).anyMatch(line -> line.contains("are gone") && line.contains("low watermark"));
        assertThat(resumed.texts()).containsExactly("insert {\"id\":2,\"b\":2}", "insert {\"id\":3,\"b\":3,\"c\":3}");
        assertThat(Envelopes.parse(resumed.stdout().getFirst())
                        .at("/metadata/gap")
                        .isMissingNode())
                .isFalse();
    }

    @Test
    void whoWasAwayButStoodInsideTheOlderOneMissesNothing() throws Exception {
        createFirst();
        addSecond();
        insert("dbo.t", "(1, 1)", "v2");
        assertThat(Drain.of(config("dbo.t")).texts()).hasSize(1);
        insert("dbo.t", "(2, 2)", "v2");
        replaceFirstByThird();
        insert("dbo.t", "(3, 3, 3)", "v3");

        Drain drain = Drain.of(config("dbo.t"));

        assertThat(drain.exitCode()).isZero();
        assertThat(drain.texts()).containsExactly("insert {\"id\":2,\"b\":2}", "insert {\"id\":3,\"b\":3,\"c\":3}");
        assertThat(instances(drain.stdout())).containsExactly("v2", "v3");
    }

    @Test
    void theNewerOneMayGoAndTheOlderIsReadOn() throws Exception {
        createFirst();
        addSecond();
        insert("dbo.t", "(1, 1)", "v2");
        assertThat(Drain.of(config("dbo.t")).texts()).containsExactly("insert {\"id\":1,\"b\":1}");
        database.run(disabling("v2"));
        insert("dbo.t", "(2, 2)", "dbo_t");

        Drain drain = Drain.of(config("dbo.t"));

        assertThat(drain.exitCode()).isZero();
        assertThat(drain.texts()).containsExactly("insert {\"id\":2}");
    }

    /// What was written of it may have had holes, so it comes again from the other.
    @Test
    void anInstanceDroppedRightAfterItIsReadIsReadAgainInTheOther() throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can act between statements");
        createFirst();
        addSecond();
        insert("dbo.t", "(1, 1)", "v2");
        AtomicBoolean read = new AtomicBoolean();
        AtomicBoolean dropped = new AtomicBoolean();
        StatementInterceptor drop = (sql, parameters, answers) -> {
            boolean readsSecond = sql.contains("fn_cdc_get_all_changes_v2") || sql.contains("[v2_CT] AS c");
            if (readsSecond) {
                read.set(true);
            } else if (read.get() && sql.contains("AS low_watermark") && dropped.compareAndSet(false, true)) {
                database.run(disabling("v2"));
            }
            return false;
        };
        try (Installed _ = Installed.in(database.standIn().orElseThrow(), drop)) {
            Drain drain = Drain.of(config("dbo.t"));

            assertThat(dropped).isTrue();
            assertThat(drain.exitCode()).isZero();
            assertThat(drain.texts()).containsExactly("insert {\"id\":1,\"b\":1}", "insert {\"id\":1}");
        }
        assertThat(Drain.of(config("dbo.t")).stdout()).as("it was saved").isEmpty();
    }

    @Test
    void anInstanceDroppedRightBeforeItIsReadIsNotTheEnd() throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can act between statements");
        createFirst();
        addSecond();
        insert("dbo.t", "(1, 1)", "v2");
        AtomicBoolean dropped = new AtomicBoolean();
        StatementInterceptor drop = (sql, parameters, answers) -> {
            boolean readsSecond = sql.contains("fn_cdc_get_all_changes_v2") || sql.contains("[v2_CT] AS c");
            if (readsSecond && dropped.compareAndSet(false, true)) {
                database.run(disabling("v2"));
            }
            return false;
        };
        try (Installed _ = Installed.in(database.standIn().orElseThrow(), drop)) {
            Drain drain = Drain.of(config("dbo.t"));

            assertThat(dropped).isTrue();
            assertThat(drain.exitCode()).isZero();
            assertThat(drain.texts()).containsExactly("insert {\"id\":1}");
        }
    }

    @Test
    void tablesOfOneNameInTwoSchemasHaveInstancesOfTheirOwn() throws Exception {
        database.run(
                "CREATE SCHEMA sales",
                "CREATE TABLE sales.t (id int NOT NULL PRIMARY KEY, s int NULL)",
                "CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
        enable("sales", "t", "dbo");
        enable("dbo", "t", "sales_t");
        insert("sales.t", "(1, 1)", "dbo");
        insert("dbo.t", "(1)", "sales_t");
        addSecond();
        insert("dbo.t", "(2, 2)", "v2");
        insert("sales.t", "(2, 2)", "dbo");

        Drain drain = Drain.of(config("dbo.t", "sales.t"));

        assertThat(of("dbo.t", drain)).containsExactly("{\"id\":1}", "{\"id\":2,\"b\":2}");
        assertThat(of("sales.t", drain)).containsExactly("{\"id\":1,\"s\":1}", "{\"id\":2,\"s\":2}");
        assertThat(instances(drain.stdout())).containsOnly("dbo", "sales_t", "v2");
    }

    private static List<String> of(String table, Drain drain) {
        return drain.changes().stream()
                .filter(change -> change.table().equals(table))
                .map(change -> change.data().toString())
                .toList();
    }

    private void createFirst() {
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "t");
    }

    private void addSecond() {
        database.run("ALTER TABLE dbo.t ADD b int NULL");
        enable("dbo", "t", "v2");
    }

    private void replaceFirstByThird() {
        database.run(disabling("dbo_t"), "ALTER TABLE dbo.t ADD c int NULL");
        enable("dbo", "t", "v3");
    }

    private static String disabling(String instance) {
        return "EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N't', @capture_instance = N'"
                + instance + "'";
    }

    private void enable(String schema, String table, String instance) {
        database.run(enabling(schema, table, instance));
    }

    private int errorOfEnabling(String schema, String table, String instance) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(enabling(schema, table, instance));
            return 0;
        } catch (SQLException e) {
            return e.getErrorCode();
        }
    }

    private static String enabling(String schema, String table, String instance) {
        return "EXEC sys.sp_cdc_enable_table @source_schema = N'" + schema.replace("'", "''") + "', @source_name = N'"
                + table.replace("'", "''") + "', @role_name = NULL, @capture_instance = N'"
                + instance.replace("'", "''") + "'";
    }

    /// One more row than `instance` has captured until now.
    private void insert(String table, String row, String instance) throws Exception {
        String change = "cdc.[" + instance.replace("]", "]]") + "_CT]";
        long before = Long.parseLong(database.ask("SELECT COUNT(*) FROM " + change));
        database.run("INSERT INTO " + table + " VALUES " + row);
        database.awaitCaptured(instance, before + 1);
    }

    /// In the order they appear.
    private static List<String> instances(List<String> lines) {
        return lines.stream()
                .map(line ->
                        Envelopes.parse(line).at("/metadata/capture_instance").asText())
                .distinct()
                .toList();
    }

    private static List<String> said(List<String> stderr, String text) {
        return stderr.stream().filter(line -> line.contains(text)).toList();
    }

    private ObjectNode config(String... tables) {
        return Configs.of(database, tables).put("read_mode", readMode);
    }
}
