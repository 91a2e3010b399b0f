package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.TestDatabase;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of captured columns: `ALTER COLUMN` changes their types in the change table too, `DROP COLUMN` leaves
/// NULLs behind, and they cannot be renamed.
final class ColumnChangeIT {

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void noRowIsReadWithTheTypesOfBefore(String readMode) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            assumeTrue(database.standIn().isPresent(), "only the stand-in can be made to answer");
            StandIn standIn = database.standIn().orElseThrow();
            database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
            database.capture("dbo", "t");
            database.run("INSERT INTO dbo.t VALUES (1)");
            database.awaitCaptured("dbo_t", 1);
            AtomicInteger looks = new AtomicInteger();
            AtomicInteger queries = new AtomicInteger();
            StatementInterceptor altered = (sql, parameters, answers) -> {
                if (sql.contains("fn_cdc_get_all_changes_dbo_t") || sql.contains("[dbo_t_CT] AS c")) {
                    queries.incrementAndGet();
                }
                boolean asksForColumns = sql.contains("cdc.captured_columns") && looks.incrementAndGet() > 1;
                if (asksForColumns) {
                    ServedColumns.answer(answers, new Object[] {"id", 1, false, "bigint", 8, 19, 0, 1});
                }
                return asksForColumns;
            };
            standIn.engine().addInterceptor(altered);
            try {
                assertThat(Drain.of(Configs.of(database, "dbo.t").put("read_mode", readMode))
                                .texts())
                        .containsExactly("insert {\"id\":1}");
            } finally {
                standIn.engine().removeInterceptor(altered);
            }
            assertThat(queries).as("queries for rows").hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void valuesAreExactBeforeAndAfterATypeChange(String readMode) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, n int NULL, s nvarchar(3) NULL)");
            database.capture("dbo", "t");
            ObjectNode config = Configs.of(database, "dbo.t").put("read_mode", readMode);
            try (IngesterProcess process = IngesterProcess.start(config.toString())) {
                database.run("INSERT INTO dbo.t VALUES (1, 2147483647, N'abc')");
                process.until(() -> Envelopes.changes(process.stdout()).size() == 1);
                database.run(
                        "INSERT INTO dbo.t VALUES (2, -2147483648, NULL)",
                        "ALTER TABLE dbo.t ALTER COLUMN n bigint NULL",
                        "ALTER TABLE dbo.t ALTER COLUMN s nvarchar(20) NULL",
                        "INSERT INTO dbo.t VALUES (3, 9007199254740993, N'longer than before')",
                        "UPDATE dbo.t SET n = n + 1 WHERE id = 1");
                process.until(() -> Envelopes.changes(process.stdout()).size() == 4);
                Runs.stop(process, "TERM");

                assertThat(Drain.texts(process.stdout()))
                        .containsExactly(
                                "insert {\"id\":1,\"n\":2147483647,\"s\":\"abc\"}",
                                "insert {\"id\":2,\"n\":-2147483648,\"s\":null}",
                                "insert {\"id\":3,\"n\":9007199254740993,\"s\":\"longer than before\"}",
                                "update {\"id\":1,\"n\":2147483648,\"s\":\"abc\"}");
            }
        }
    }

    /// A row from before the drop keeps its value; NULL may be one, or what CDC writes since.
    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void aNullOfADroppedColumnIsNoValue(String readMode) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, gone int NULL, kept int NULL)");
            database.capture("dbo", "t");
            ObjectNode config =
                    Configs.of(database, "dbo.t").put("read_mode", readMode).put("before_images", true);
            database.run("INSERT INTO dbo.t VALUES (1, NULL, NULL)");
            database.awaitCaptured("dbo_t", 1);
            assertThat(Drain.of(config).texts())
                    .as("while the column is there")
                    .containsExactly("insert {\"id\":1,\"gone\":null,\"kept\":null}");

            database.run(
                    "INSERT INTO dbo.t VALUES (2, 2, NULL)",
                    "ALTER TABLE dbo.t DROP COLUMN gone",
                    "UPDATE dbo.t SET kept = 3 WHERE id = 2",
                    "ALTER TABLE dbo.t ADD gone int NULL",
                    "INSERT INTO dbo.t (id, gone) VALUES (4, 4)");
            database.awaitCaptured("dbo_t", 5);
            database.run("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N't',"
                    + " @role_name = NULL, @capture_instance = N'v2'");
            database.run("INSERT INTO dbo.t (id, gone) VALUES (5, NULL)");
            database.awaitCaptured("v2", 1);
            Drain drain = Drain.of(config);

            assertThat(drain.texts())
                    .containsExactly(
                            "insert {\"id\":2,\"gone\":2,\"kept\":null}",
                            "update {\"id\":2,\"kept\":3}",
                            "insert {\"id\":4,\"kept\":null}",
                            "insert {\"id\":5,\"kept\":null,\"gone\":null}");
            assertThat(drain.changes())
                    .extracting(
                            change -> change.whole().path("unavailable_columns").toString())
                    .containsExactly("", "[\"gone\"]", "[\"gone\"]", "");
            JsonNode update = drain.changes().get(1).whole();
            assertThat(update.path("before")).hasToString("{\"id\":2,\"kept\":null}");
            assertThat(update.path("before_unavailable_columns")).hasToString("[\"gone\"]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void aColumnDroppedWhileItsTableIsFollowedIsNoticed(String readMode) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, gone int NULL)");
            database.capture("dbo", "t");
            ObjectNode config = Configs.of(database, "dbo.t").put("read_mode", readMode);
            try (IngesterProcess process = IngesterProcess.start(config.toString())) {
                database.run("INSERT INTO dbo.t VALUES (1, 1)");
                process.until(() -> Envelopes.changes(process.stdout()).size() == 1);
                database.run("ALTER TABLE dbo.t DROP COLUMN gone", "INSERT INTO dbo.t VALUES (2)");
                process.until(() -> Envelopes.changes(process.stdout()).size() == 2);
                Runs.stop(process, "TERM");

                assertThat(Drain.texts(process.stdout()))
                        .containsExactly("insert {\"id\":1,\"gone\":1}", "insert {\"id\":2}");
            }
        }
    }

    /// A name is changed with CDC off, which is a gap: nobody knows what was written in between.
    @ParameterizedTest
    @ValueSource(strings = {"function", "change_table"})
    void aRenamedColumnComesUnderItsNewNameBehindAGap(String readMode) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, before int NULL)");
            database.capture("dbo", "t");
            database.run("INSERT INTO dbo.t VALUES (1, 1)");
            database.awaitCaptured("dbo_t", 1);
            ObjectNode config = Configs.of(database, "dbo.t").put("read_mode", readMode);
            assertThat(Drain.of(config).texts()).containsExactly("insert {\"id\":1,\"before\":1}");
            String rename = "EXEC sp_rename N'dbo.t.before', N'after', N'COLUMN'";
            assertThatThrownBy(() -> database.run(rename)).hasStackTraceContaining("Cannot alter column 'before'");
            database.run(
                    "EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N't',"
                            + " @capture_instance = N'all'",
                    rename);
            database.capture("dbo", "t");
            database.run("INSERT INTO dbo.t VALUES (2, 2)");
            database.awaitCaptured("dbo_t", 1);

            assertThat(Drain.of(config).exitCode()).isEqualTo(1);
            Drain resumed = Drain.of(config.put("on_gap", "resume"));
            assertThat(resumed.texts()).containsExactly("insert {\"id\":2,\"after\":2}");
            assertThat(resumed.stdout().getFirst()).contains("\"gap\"");
        }
    }
}
