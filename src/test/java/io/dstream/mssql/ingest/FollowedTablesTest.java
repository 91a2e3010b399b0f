package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.cdc.CapturedTable;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.ColumnChoice;
import io.dstream.mssql.config.ColumnChoice.AllBut;
import io.dstream.mssql.config.ConfigReader;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.config.TablesConfig;
import io.dstream.mssql.failure.PermanentFailure;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FollowedTablesTest {

    private final List<CapturedTable> captured = new ArrayList<>();
    private final List<TableName> uncaptured = new ArrayList<>();

    private void captured(String schema, String table, String... columns) {
        captured.add(new CapturedTable(new TableName(schema, table), Set.of(columns)));
    }

    private List<TableName> namesakes(TableEntry entry) {
        return Stream.concat(captured.stream().map(CapturedTable::name), uncaptured.stream())
                .filter(name -> name.toString().equalsIgnoreCase(entry.toString()))
                .toList();
    }

    private List<TableEntry> find(String tables) throws Exception {
        String json = "{\"db_connection_string\": \"server=db1;user id=sa;password=pw;database=shop\", \"tables\": "
                + tables + "}";
        TablesConfig config = new ConfigReader(Map.of())
                .read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))
                .config()
                .tables();
        return FollowedTables.find(config, captured, this::namesakes);
    }

    private void assertRefused(String tables, String message) {
        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> find(tables))
                .withMessage(message);
    }

    @Test
    void aWildcardIsEveryTableThatItMatches() throws Exception {
        captured("sales", "Orders");
        captured("sales", "lines");
        captured("dbo", "orders");

        assertThat(find("[\"SALES.*\"]"))
                .containsExactly(
                        new TableEntry("sales", "Orders", new ColumnChoice.All(), "tables[0]"),
                        new TableEntry("sales", "lines", new ColumnChoice.All(), "tables[0]"));
        assertThat(find("[\"*\"]")).extracting(TableEntry::toString).containsExactly("dbo.orders");
        assertThat(find("[\"*.o*\"]")).extracting(TableEntry::toString).containsExactly("sales.Orders", "dbo.orders");
    }

    @Test
    void aTableThatSeveralEntriesMeanIsFollowedOnce() throws Exception {
        captured("sales", "Orders");
        captured("sales", "lines");

        assertThat(find("[\"sales.*\", \"sales.o*\", {\"name\": \"sales.orders\", \"columns\": [\"id\"]}]"))
                .containsExactly(
                        new TableEntry("sales", "orders", new ColumnChoice.Only(List.of("id")), "tables[2]"),
                        new TableEntry("sales", "lines", new ColumnChoice.All(), "tables[0]"));
    }

    @Test
    void twoWildcardsMustAgreeOnColumnsUnlessTheTableIsNamed() throws Exception {
        captured("sales", "orders", "id", "note");
        String wildcards = "\"sales.*\", {\"name\": \"*.orders\", \"exclude_columns\": [\"note\"]}";

        assertRefused(
                "[" + wildcards + "]",
                "tables[0] and tables[1] both match sales.orders and choose different columns; name the table in an"
                        + " entry of its own");
        assertThat(find("[" + wildcards + ", \"sales.orders\"]"))
                .containsExactly(new TableEntry("sales", "orders", new ColumnChoice.All(), "tables[2]"));
    }

    @Test
    void aWildcardThatMatchesNothingIsRefused() {
        captured("sales", "orders");

        assertRefused(
                "[\"sales.orders\", \"sale.*\"]",
                "tables[1]: `sale.*` matches none of the 1 tables that have change data capture and that the login"
                        + " may see; correct or remove it");
    }

    @Test
    void anExcludedColumnMustBeInOneOfTheTables() throws Exception {
        captured("hr", "people", "id", "SSN");
        captured("hr", "rooms", "id");

        assertThat(find("[{\"name\": \"hr.*\", \"exclude_columns\": [\"ssn\"]}]"))
                .extracting(TableEntry::columns)
                .containsOnly(new AllBut(List.of("ssn"), false))
                .hasSize(2);
        assertRefused(
                "[{\"name\": \"hr.*\", \"exclude_columns\": [\"ssn\", \"sns\"]}]",
                "tables[0]: column sns of exclude_columns is captured in none of the tables that `hr.*` matches;"
                        + " correct or remove it");
    }

    /// In a case-sensitive database.
    @Test
    void aNamedTableWithoutCaptureDoesNotSwallowItsNamesake() {
        captured("dbo", "orders");
        uncaptured.add(new TableName("dbo", "Orders"));

        assertRefused(
                "[\"dbo.*\", \"dbo.Orders\"]",
                "only one of [dbo].[Orders] (tables[1]) and [dbo].[orders] (tables[0]) can be followed: without case"
                        + " and brackets their names are the same, and locks and checkpoints go by these; name the"
                        + " tables one by one and leave one of the two out");
        assertRefused(
                "[\"dbo.*\", \"dbo.ORDERS\"]",
                "only one of [dbo].[ORDERS] (tables[1]) and [dbo].[orders] (tables[0]) can be followed: without case"
                        + " and brackets their names are the same, and locks and checkpoints go by these; name the"
                        + " tables one by one and leave one of the two out");
    }

    @Test
    void tablesThatLocksCannotTellApartAreRefused() {
        captured("dbo", "A");
        captured("dbo", "a");

        String end = " can be followed: without case and brackets their names are the same, and locks and checkpoints"
                + " go by these; name the tables one by one and leave one of the two out";
        assertRefused("[\"dbo.*\"]", "only one of [dbo].[A] (tables[0]) and [dbo].[a] (tables[0])" + end);
        assertRefused("[\"dbo.*\", \"dbo.a\"]", "only one of [dbo].[a] (tables[1]) and [dbo].[A] (tables[0])" + end);
        captured.clear();
        captured("a.b", "c");
        captured("a", "b.c");
        assertRefused("[\"*.*\"]", "only one of [a.b].[c] (tables[0]) and [a].[b.c] (tables[0])" + end);
    }
}
