package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.TestDatabase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `columns` and `exclude_columns`, from the configuration to the changes.
final class ColumnChoiceIT {

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, a int NULL, secret nvarchar(20) NULL,"
                + " twice AS (a * 2), [Order Date] date NULL)");
        database.capture("dbo", "t");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private ObjectNode config(String key, String... columns) {
        ObjectNode config = Configs.of(database);
        ObjectNode entry = config.withArray("tables").addObject().put("name", "dbo.t");
        List.of(columns).forEach(entry.putArray(key)::add);
        return config;
    }

    private void write() throws Exception {
        database.run(
                "INSERT INTO dbo.t (id, a, secret, [Order Date]) VALUES (1, 10, N's', '2025-01-31')",
                "UPDATE dbo.t SET secret = N'other' WHERE id = 1",
                "DELETE FROM dbo.t WHERE id = 1");
        database.awaitCaptured("dbo_t", 4);
    }

    @Test
    void onlyTheColumnsAskedForAreWritten() throws Exception {
        write();

        Drain run = Drain.of(config("columns", "Order Date", "ID"));

        assertThat(run.texts())
                .containsExactly(
                        "insert {\"id\":1,\"Order Date\":\"2025-01-31\"}",
                        "update {\"id\":1,\"Order Date\":\"2025-01-31\"}",
                        "delete {\"id\":1,\"Order Date\":\"2025-01-31\"}");
        assertThat(run.stdout()).noneMatch(line -> line.contains("unavailable_columns"));
    }

    @Test
    void excludedColumnsAreNeitherWrittenNorRead() throws Exception {
        assumeTrue(database.standIn().isPresent(), "only the stand-in shows the statements");
        write();
        Queue<String> queries = new ConcurrentLinkedQueue<>();
        StatementInterceptor see = (sql, parameters, answers) -> {
            if (sql.contains("fn_cdc_get_all_changes_")) {
                queries.add(sql);
            }
            return false;
        };
        StandIn standIn = database.standIn().orElseThrow();
        standIn.engine().addInterceptor(see);
        try {
            assertThat(Drain.of(config("exclude_columns", "secret", "Order Date"))
                            .stdout())
                    .isNotEmpty()
                    .allMatch(line -> line.contains("{\"id\":1,\"a\":10}"))
                    .allMatch(line -> line.contains("\"unavailable_columns\":[\"twice\"]"))
                    .noneMatch(line -> line.contains("other"));
        } finally {
            standIn.engine().removeInterceptor(see);
        }
        assertThat(queries).isNotEmpty().allMatch(sql -> sql.contains("[a]") && !sql.contains("secret"));
    }

    @Test
    void aColumnThatIsNotCapturedStopsTheTableAtItsStart() throws Exception {
        for (String key : List.of("columns", "exclude_columns")) {
            Drain run = Drain.ofProcess(config(key, "id", "totl"));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.stdout()).isEmpty();
            assertThat(run.stderr())
                    .anyMatch(line -> line.contains("Table stopped table=dbo.t")
                            && line.contains("column totl of " + key + " is not captured; captured columns are: dbo_t"
                                    + " (id, a, secret, twice, Order Date)"));
        }
    }

    @Test
    void aNewerInstanceWithoutAChosenColumnIsNotReadAndTheOlderIsReadToItsEnd() throws Exception {
        write();
        recapture("id, a");
        database.run("INSERT INTO dbo.t (id, a, secret) VALUES (2, 20, N's2')");
        database.awaitCaptured("v2", 1);

        Drain stopped = Drain.ofProcess(config("columns", "id", "secret"));

        assertThat(stopped.exitCode()).isEqualTo(1);
        assertThat(stopped.stderr())
                .anyMatch(line -> line.contains("column secret of columns is not captured by the capture instance that"
                        + " is to be read next, v2 (id, a)"));
        assertThat(stopped.texts())
                .containsExactly(
                        "insert {\"id\":1,\"secret\":\"s\"}",
                        "update {\"id\":1,\"secret\":\"other\"}",
                        "delete {\"id\":1,\"secret\":\"other\"}");
        assertThat(Drain.of(config("columns", "id")).texts()).containsExactly("insert {\"id\":2}");
    }

    @Test
    void aColumnThatTheNewerInstanceBringsIsReadFromThere() throws Exception {
        database.run("INSERT INTO dbo.t (id, a) VALUES (1, 10)", "ALTER TABLE dbo.t ADD b int NULL");
        database.awaitCaptured("dbo_t", 1);
        recapture("id, a, b");
        database.run("INSERT INTO dbo.t (id, a, b) VALUES (2, 20, 30)");
        database.awaitCaptured("v2", 1);

        assertThat(Drain.of(config("columns", "id", "b")).texts())
                .containsExactly("insert {\"id\":1}", "insert {\"id\":2,\"b\":30}");
    }

    @Test
    void anExcludedColumnMayBeMissingFromTheNewerInstance() throws Exception {
        write();
        recapture("id, a");
        database.run("INSERT INTO dbo.t (id, a) VALUES (2, 20)");
        database.awaitCaptured("v2", 1);

        Drain run = Drain.ofProcess(config("exclude_columns", "secret", "Order Date", "twice"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.texts()).contains("insert {\"id\":1,\"a\":10}", "insert {\"id\":2,\"a\":20}");
        assertThat(run.stderr())
                .filteredOn(line -> line.contains("Some named columns are not in this capture instance"))
                .singleElement()
                .asString()
                .contains("capture_instance=v2 exclude_columns=[secret, Order Date, twice]");
    }

    private void recapture(String columns) {
        database.run("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N't', @role_name = NULL,"
                + " @capture_instance = N'v2', @captured_column_list = N'" + columns + "'");
    }
}
