package io.dstream.mssql.config;

import static io.dstream.mssql.config.Configs.problems;
import static io.dstream.mssql.config.Configs.read;
import static io.dstream.mssql.config.Configs.withTables;
import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.config.ColumnChoice.All;
import io.dstream.mssql.config.ColumnChoice.AllBut;
import io.dstream.mssql.config.ColumnChoice.Only;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableListTest {

    private static TablesConfig tables(String list) throws Exception {
        return read(withTables(list)).config().tables();
    }

    @Test
    void tablesAreNormalisedAndKeepTheirPlace() throws Exception {
        TablesConfig tables = tables("[\"orders\", \"[sales].[Order Details]\"]");

        assertThat(tables.named())
                .containsExactly(
                        new TableEntry("dbo", "orders", new All(), "tables[0]"),
                        new TableEntry("sales", "Order Details", new All(), "tables[1]"));
        assertThat(tables.patterns()).isEmpty();
    }

    @Test
    void anObjectChoosesColumns() throws Exception {
        TablesConfig tables = tables("""
                [{"name": "orders", "columns": ["id", "Order Date", "a*"]},
                 {"name": "dbo.users", "exclude_columns": ["password"]},
                 {"name": "[dbo].[all]", "columns": null}]""");

        assertThat(tables.named())
                .containsExactly(
                        new TableEntry("dbo", "orders", new Only(List.of("id", "Order Date", "a*")), "tables[0]"),
                        new TableEntry("dbo", "users", new AllBut(List.of("password"), true), "tables[1]"),
                        new TableEntry("dbo", "all", new All(), "tables[2]"));
    }

    @Test
    void wildcardsStandApartAndMayChooseColumnsToo() throws Exception {
        TablesConfig tables =
                tables("[\"sales.*\", \"dbo.orders\", {\"name\": \"hr.*_log\", \"exclude_columns\": [\"ssn\"]}]");

        assertThat(tables.named()).extracting(TableEntry::toString).containsExactly("dbo.orders");
        assertThat(tables.patterns())
                .containsExactly(
                        new TablePattern(
                                NamePattern.literal("sales"), NamePattern.withStars("*"), new All(), "tables[0]"),
                        new TablePattern(
                                NamePattern.literal("hr"),
                                NamePattern.withStars("*_log"),
                                new AllBut(List.of("ssn"), false),
                                "tables[2]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|tables: must name at least one table",
                "\"dbo.orders\"|tables: must be a list of table names, not a string",
                "null|tables: is required: a list of table names such as \"dbo.orders\"",
                "[\"dbo.orders\", null]|tables[1]: must be a table name or an object such as {\"name\": \"dbo.orders\","
                        + " \"columns\": [..]}, not null",
                "[\"dbo.orders\", \"x\", \"[DBO].Orders\"]|tables[2]: `DBO.Orders` is already tables[0]: of tables"
                        + " whose names differ only in case one can be followed",
                "[\"orders\", \"dbo.orders\"]|tables[1]: `dbo.orders` is already tables[0]",
                "[\"orders\", {\"name\": \"dbo.orders\"}]|tables[1]: `dbo.orders` is already tables[0]",
                "[\"sales.*\", \"SALES.*\"]|tables[1]: `SALES.*` is already tables[0]",
                "[\"[a.b].c\", \"a.[b.c]\"]|tables[1]: `a.b.c` is already tables[0]: of tables whose schema and name,"
                        + " put together, are the same text only one can be followed",
                "[\"shop.dbo.orders\"]|tables[0]: `shop.dbo.orders` has more than schema and table: the database comes from"
                        + " db_connection_string",
                "[\"shop.dbo.*\"]|tables[0]: `shop.dbo.*` has more than schema and table: the database comes from"
                        + " db_connection_string",
                "[{}]|tables[0].name: is required: a table name such as \"dbo.orders\"",
                "[{\"name\": 7}]|tables[0].name: must be a string, not a number",
                "[{\"name\": \" \"}]|tables[0].name: is blank",
                "[{\"name\": \"a.b.c\"}]|tables[0].name: `a.b.c` has more than schema and table: the database comes from"
                        + " db_connection_string",
                "[{\"name\": \"t\", \"column\": [\"a\"]}]|tables[0].column: unknown key `column`; did you mean `columns`?",
                "[{\"name\": \"t\", \"columns\": \"a\"}]|tables[0].columns: must be a list of column names, not a string",
                "[{\"name\": \"t\", \"columns\": []}]|tables[0].columns: must name at least one column",
                "[{\"name\": \"t\", \"exclude_columns\": []}]|tables[0].exclude_columns: must name at least one column",
                "[{\"name\": \"t\", \"columns\": [\"a\", \"A\", \"a\"]}]|tables[0].columns[2]: `a` is already"
                        + " tables[0].columns[0]",
                "[{\"name\": \"t\", \"columns\": [\"a\"], \"exclude_columns\": [\"b\"]}]|tables[0]: must have `columns` or"
                        + " `exclude_columns`, not both",
            })
    void refusesTableListsThatCannotBe(String tables, String problem) {
        assertThat(problems(withTables(tables))).containsExactly(problem);
    }

    @Test
    void everyProblemOfAnEntryIsReportedAtOnce() {
        assertThat(problems(withTables("[{\"nam\": \"t\", \"columns\": [1, \"\"], \"exclude_columns\": {}}]")))
                .containsExactly(
                        "tables[0].columns[0]: must be a column name, not a number",
                        "tables[0].columns[1]: is blank",
                        "tables[0].exclude_columns: must be a list of column names, not an object",
                        "tables[0]: must have `columns` or `exclude_columns`, not both",
                        "tables[0].nam: unknown key `nam`; did you mean `name`?",
                        "tables[0].name: is required: a table name such as \"dbo.orders\"");
    }
}
