package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.TestDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Wildcards in `tables`, from the configuration to the changes.
final class WildcardIT {

    private static final SqlType NAME = new SqlType(Base.NVARCHAR, 128, 0, 0);
    private static final SqlType INT = SqlType.of(Base.INT);

    private static TestDatabase database;

    @BeforeAll
    static void createTables() throws Exception {
        database = TestDatabase.create();
        database.run(
                "CREATE SCHEMA sales",
                "CREATE SCHEMA hr",
                "CREATE TABLE sales.Orders (id int NOT NULL PRIMARY KEY, note nvarchar(20) NULL)",
                "CREATE TABLE sales.lines (id int NOT NULL PRIMARY KEY)",
                "CREATE TABLE sales.not_captured (id int NOT NULL PRIMARY KEY)",
                "CREATE TABLE hr.people (id int NOT NULL PRIMARY KEY, ssn char(4) NULL)",
                "CREATE TABLE hr.[a*b] (id int NOT NULL PRIMARY KEY)",
                "CREATE TABLE hr.axb (id int NOT NULL PRIMARY KEY)");
        database.capture("sales", "Orders");
        database.capture("sales", "lines");
        database.capture("hr", "people");
        database.capture("hr", "a*b");
        database.capture("hr", "axb");
        database.run(
                "INSERT INTO sales.Orders (id, note) VALUES (1, N'x')",
                "INSERT INTO sales.lines (id) VALUES (2)",
                "INSERT INTO hr.people (id, ssn) VALUES (3, '1234')",
                "INSERT INTO hr.[a*b] (id) VALUES (4)",
                "INSERT INTO hr.axb (id) VALUES (5)");
        database.awaitCaptured("hr_axb", 1);
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @BeforeEach
    void forgetPositions() {
        database.run("IF OBJECT_ID(N'cdc_offsets', N'U') IS NOT NULL DROP TABLE cdc_offsets");
    }

    private static List<String> changes(ObjectNode config) throws Exception {
        return Drain.of(config).changes().stream().map(WildcardIT::text).toList();
    }

    private static String text(ChangeLine change) {
        return change.table() + " " + change.data();
    }

    @Test
    void everyTableWithCdcThatMatchesIsFollowed() throws Exception {
        assertThat(changes(Configs.of(database, "SALES.*")))
                .containsExactlyInAnyOrder("sales.Orders {\"id\":1,\"note\":\"x\"}", "sales.lines {\"id\":2}");
        assertThat(changes(Configs.of(database, "*.*b")))
                .containsExactlyInAnyOrder("hr.a*b {\"id\":4}", "hr.axb {\"id\":5}");
    }

    @Test
    void aStarInBracketsIsAName() throws Exception {
        assertThat(changes(Configs.of(database, "hr.[a*b]"))).containsExactly("hr.a*b {\"id\":4}");
    }

    @Test
    void anEntryThatNamesTheTableCounts() throws Exception {
        ObjectNode config = Configs.of(database, "*.*", "sales.O*");
        config.withArray("tables")
                .addObject()
                .put("name", "sales.orders")
                .putArray("columns")
                .add("note");

        assertThat(changes(config))
                .contains("sales.Orders {\"note\":\"x\"}", "hr.people {\"id\":3,\"ssn\":\"1234\"}")
                .hasSize(5);
    }

    @Test
    void columnsAreLeftOutOfEveryTableThatHasThem() throws Exception {
        ObjectNode config = Configs.of(database);
        ObjectNode entry = config.withArray("tables").addObject().put("name", "hr.*");
        entry.putArray("exclude_columns").add("SSN");

        assertThat(changes(config))
                .containsExactlyInAnyOrder("hr.people {\"id\":3}", "hr.a*b {\"id\":4}", "hr.axb {\"id\":5}");
    }

    @Test
    void theProgramSaysWhatItMatchedAndHowManyItFollows() throws Exception {
        Drain run = Drain.ofProcess(Configs.of(database, "sales.*"));

        assertThat(run.exitCode()).as("%s", run.stderr()).isZero();
        assertThat(run.stderr())
                .anyMatch(line -> line.contains("Wildcard matched pattern=sales.* tables=2 names=")
                        && line.contains("sales.Orders")
                        && line.contains("sales.lines"))
                .anyMatch(line -> line.contains("Started ") && line.contains(" tables=2 "));
    }

    @Test
    void aWildcardWithoutATableEndsTheStart() throws Exception {
        Drain run = Drain.ofProcess(Configs.of(database, "sales.*", "sale.*"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.stdout()).isEmpty();
        assertThat(run.stderr()).anyMatch(line -> line.contains("tables[1]: `sale.*` matches none of the 5 tables"));
    }

    @Test
    void tablesThatDifferOnlyInCaseAreRefused() {
        assumeTrue(database.standIn().isPresent(), "the tests' databases are not case-sensitive");
        StandIn standIn = database.standIn().orElseThrow();
        StatementInterceptor two = (sql, parameters, answers) -> {
            if (!sql.contains("FROM cdc.change_tables") || !sql.contains("schema_name")) {
                return false;
            }
            answers.columns(List.of(
                    new SqlColumn("capture_instance", NAME, true),
                    new SqlColumn("object_id", INT, true),
                    new SqlColumn("schema_name", NAME, true),
                    new SqlColumn("table_name", NAME, true)));
            @Nullable Object[] unseen = {"secret", 3, null, null};
            answers.row(new Object[] {"dbo_A", 1, "dbo", "A"});
            answers.row(new Object[] {"dbo_a", 2, "dbo", "a"});
            answers.row(unseen);
            answers.done(StatementKind.SELECT, 3);
            return true;
        };
        standIn.engine().addInterceptor(two);
        try {
            assertThatExceptionOfType(PermanentFailure.class)
                    .isThrownBy(() -> Drain.of(Configs.of(database, "dbo.*")))
                    .withMessageContaining(
                            "only one of [dbo].[A] (tables[0]) and [dbo].[a] (tables[0]) can be followed");
        } finally {
            standIn.engine().removeInterceptor(two);
        }
    }

    @Test
    void aNamesakeThatAnotherInstanceMayFollowIsWarnedOf() throws Exception {
        assumeTrue(database.standIn().isPresent(), "the tests' databases are not case-sensitive");
        StandIn standIn = database.standIn().orElseThrow();
        int objectId = Integer.parseInt(database.ask("SELECT OBJECT_ID(N'sales.lines')"));
        StatementInterceptor two = (sql, parameters, answers) -> {
            if (!sql.contains("LOWER(t.name)")) {
                return false;
            }
            answers.columns(List.of(
                    new SqlColumn("schema_name", NAME, false),
                    new SqlColumn("table_name", NAME, false),
                    new SqlColumn("object_id", INT, false)));
            answers.row(new Object[] {"sales", "LINES", 1});
            answers.row(new Object[] {"sales", "lines", objectId});
            answers.done(StatementKind.SELECT, 2);
            return true;
        };
        standIn.engine().addInterceptor(two);
        try {
            Drain exact = Drain.ofProcess(Configs.of(database, "sales.lines"));
            assertThat(exact.texts()).containsExactly("insert {\"id\":2}");
            assertThat(exact.stderr())
                    .anyMatch(
                            line -> line.contains("they share a lock table=sales.lines of=[sales.LINES, sales.lines]"));

            Drain either = Drain.ofProcess(Configs.of(database, "sales.Lines"));
            assertThat(either.exitCode()).isEqualTo(1);
            assertThat(either.stderr())
                    .anyMatch(line -> line.contains("sales.Lines could be any of [sales.LINES, sales.lines]"));
        } finally {
            standIn.engine().removeInterceptor(two);
        }
    }
}
