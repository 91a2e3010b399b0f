package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the read modes promise of order, and updates with the values they replaced.
final class ReadModesIT {

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    /// By seqval an insert of a key can stand before the delete of the row that had it.
    @ParameterizedTest
    @CsvSource({"60000, false", "1024, false", "1024, true"})
    void shiftingAllKeysTwiceReplaysToTheSourceInExecutionOrder(int maxLineBytes, boolean beforeImages)
            throws Exception {
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, v nvarchar(20) NOT NULL)");
        database.capture("dbo", "t");
        database.run(
                "BEGIN TRAN; DECLARE @i int = 0; WHILE @i < 40 BEGIN SET @i = @i + 1;"
                        + " INSERT INTO dbo.t VALUES (@i, N'row ' + CAST(@i AS nvarchar(9))); END; COMMIT",
                "BEGIN TRAN; UPDATE dbo.t SET id = id + 1; UPDATE dbo.t SET id = id + 1;"
                        + " UPDATE dbo.t SET v = v + N'!' WHERE id > 30; COMMIT",
                "UPDATE dbo.t SET id = 100 WHERE id = 3");
        database.awaitCaptured("dbo_t", 40 + 2 * 80 + 2 * 12 + 2);

        Drain drain = Drain.of(Configs.of(database, "dbo.t")
                .put("read_mode", "change_table")
                .put("before_images", beforeImages)
                .put("max_line_bytes", maxLineBytes));

        assertThat(drain.changes()).hasSize(40 + 2 * 80 + 12 + 2);
        assertThat(replayed(drain.changes())).hasSize(40).isEqualTo(source());
    }

    private Map<Integer, String> source() throws SQLException {
        Map<Integer, String> rows = new TreeMap<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, v FROM dbo.t")) {
            while (row.next()) {
                rows.put(row.getInt("id"), row.getString("v"));
            }
        }
        return rows;
    }

    /// Every change must fit the state it comes upon.
    private static Map<Integer, String> replayed(List<ChangeLine> changes) {
        Map<Integer, String> state = new TreeMap<>();
        for (ChangeLine change : changes) {
            int id = change.data().path("id").asInt();
            String value = change.data().path("v").asText();
            switch (change.type()) {
                case "insert" -> assertThat(state.put(id, value)).isNull();
                case "delete" -> assertThat(state.remove(id)).isEqualTo(value);
                default -> assertThat(state.put(id, value)).isNotNull();
            }
        }
        return state;
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void anUpdateCarriesWhatCdcKeptOfTheRowBefore(String readMode) throws Exception {
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, n int NULL, memo ntext NULL,"
                + " body nvarchar(max) NULL, bytes varbinary(max) NULL, twice AS (n * 2))");
        database.capture("dbo", "t");
        database.run(
                "INSERT INTO dbo.t (id, n, memo, body) VALUES (1, 1, N'm', N'first')",
                "UPDATE dbo.t SET n = 2",
                "UPDATE dbo.t SET body = N'second'",
                "UPDATE dbo.t SET body = NULL, bytes = 0x01");
        database.awaitCaptured("dbo_t", 1 + 3 * 2);
        ObjectNode config =
                Configs.of(database, "dbo.t").put("read_mode", readMode).put("before_images", true);

        Drain drain = Drain.of(config);

        assertThat(drain.changes()).hasSize(4);
        assertThat(before(drain, 0)).isEqualTo("");
        assertThat(before(drain, 1)).isEqualTo("{\"id\":1,\"n\":1} [\"memo\",\"body\",\"bytes\",\"twice\"]");
        assertThat(before(drain, 2)).isEqualTo("{\"id\":1,\"n\":2,\"body\":\"first\"} [\"memo\",\"bytes\",\"twice\"]");
        assertThat(before(drain, 3))
                .isEqualTo("{\"id\":1,\"n\":2,\"body\":\"second\",\"bytes\":null} [\"memo\",\"twice\"]");
        assertThat(Envelopes.parse(drain.stdout().getFirst())
                        .at("/metadata/batch_size")
                        .asInt())
                .isEqualTo(drain.changes().size());
    }

    private static String before(Drain drain, int index) {
        JsonNode change = drain.changes().get(index).whole();
        return change.has("before") ? change.path("before") + " " + change.path("before_unavailable_columns") : "";
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void halfAnUpdateStopsTheTable(String readMode) throws Exception {
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, n int NULL)");
        database.capture("dbo", "t");
        database.run("INSERT INTO dbo.t VALUES (1, 1)", "UPDATE dbo.t SET n = 2");
        database.awaitCaptured("dbo_t", 3);
        database.run("DELETE FROM cdc.dbo_t_CT WHERE [__$operation] = 3");
        ObjectNode config =
                Configs.of(database, "dbo.t").put("read_mode", readMode).put("before_images", true);

        Drain drain = Drain.ofProcess(config);

        assertThat(drain.exitCode()).isEqualTo(1);
        assertThat(drain.texts()).containsExactly("insert {\"id\":1,\"n\":1}");
        assertThat(drain.stderr())
                .anyMatch(line -> line.contains("dbo.t: the update at lsn=") && line.contains(" seq="));
    }

    /// The cleanup deletes rows one batch after the other. Half of an update is then a gap like any other.
    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void halfAnUpdateThatTheCleanupLeftIsAGap(String readMode) throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in can act between statements");
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, n int NULL)");
        database.capture("dbo", "t");
        database.run("INSERT INTO dbo.t VALUES (1, 1)", "UPDATE dbo.t SET n = 2", "UPDATE dbo.t SET n = 3");
        database.awaitCaptured("dbo_t", 5);
        database.run("DELETE FROM cdc.dbo_t_CT WHERE [__$operation] = 3 AND n = 1");
        ObjectNode config = Configs.of(database, "dbo.t")
                .put("read_mode", readMode)
                .put("before_images", true)
                .put("on_gap", "resume");
        AtomicBoolean done = new AtomicBoolean();
        StatementInterceptor cleanUp = (sql, parameters, answers) -> {
            // The first row is there, and what follows is on its way.
            if (sql.contains("tran_end_time") && done.compareAndSet(false, true)) {
                database.run("DECLARE @low binary(10) = (SELECT MAX(__$start_lsn) FROM cdc.dbo_t_CT);"
                        + " EXEC sys.sp_cdc_cleanup_change_table @capture_instance = N'dbo_t',"
                        + " @low_water_mark = @low, @threshold = 5000");
            }
            return false;
        };

        try (Installed _ = Installed.in(database.standIn().orElseThrow(), cleanUp)) {
            Drain drain = Drain.of(config);

            assertThat(drain.exitCode()).isZero();
            assertThat(drain.texts()).containsExactly("insert {\"id\":1,\"n\":1}", "update {\"id\":1,\"n\":3}");
            assertThat(drain.stdout().getLast()).contains("\"gap\"");
        }
    }

    @Test
    void nullCommandIdsComeFirstInTheirTransaction() throws Exception {
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "t");
        database.run("BEGIN TRAN; INSERT INTO dbo.t VALUES (1); INSERT INTO dbo.t VALUES (2);"
                + " INSERT INTO dbo.t VALUES (3); COMMIT");
        database.awaitCaptured("dbo_t", 3);
        database.run("UPDATE cdc.dbo_t_CT SET [__$command_id] = NULL WHERE id = 3");

        Drain drain = Drain.of(Configs.of(database, "dbo.t").put("read_mode", "change_table"));

        assertThat(drain.texts()).containsExactly("insert {\"id\":3}", "insert {\"id\":1}", "insert {\"id\":2}");
    }
}
