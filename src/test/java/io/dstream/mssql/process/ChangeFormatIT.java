package io.dstream.mssql.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `output_format` and `oversize_change`, from the configuration to the lines.
final class ChangeFormatIT {

    /// The longest line that DStream's relay takes.
    private static final int RELAY_LIMIT = 65_535;

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
        database.run(
                "CREATE SCHEMA sales",
                "CREATE TABLE sales.Orders (id int NOT NULL PRIMARY KEY, memo nvarchar(max) NULL, price decimal(9, 2))",
                "CREATE TABLE dbo.Customers (id int NOT NULL PRIMARY KEY, memo nvarchar(max) NULL)");
        database.capture("sales", "Orders");
        database.capture("dbo", "Customers");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private ObjectNode config(String format) {
        return Configs.of(database, "sales.orders", "customers")
                .put("output_format", format)
                .put("max_line_bytes", RELAY_LIMIT);
    }

    /// As one who reads such lines would have it: what is read with `key` and `type` below each line's change.
    private static Map<String, String> replay(List<JsonNode> changes, String type) {
        Map<String, String> rows = new TreeMap<>();
        for (JsonNode change : changes) {
            String key = change.at("/data/id").asText();
            if (change.at(type).asText().equalsIgnoreCase("delete")) {
                rows.remove(key);
            } else {
                rows.put(key, change.path("data").toString());
            }
        }
        return rows;
    }

    private static List<JsonNode> envelopeChanges(Drain run, String table) {
        return run.changes().stream()
                .filter(change -> change.table().equals(table))
                .map(Envelopes.ChangeLine::whole)
                .toList();
    }

    private static List<JsonNode> changeLines(Drain run, String table) {
        return run.stdout().stream()
                .map(Envelopes::parse)
                .filter(line -> line.at("/metadata/TableName").asText().equals(table))
                .toList();
    }

    @Test
    void bothFormatsReplayToTheRowsOfTheSource() throws Exception {
        List<String> statements = new ArrayList<>();
        for (int i = 1; i <= 400; i++) {
            statements.add("INSERT INTO sales.Orders (id, memo, price) VALUES (" + i + ", N'" + "ü€".repeat(i) + "', "
                    + i + ".50)");
        }
        statements.add("UPDATE sales.Orders SET price = price + 1 WHERE id % 3 = 0");
        statements.add("UPDATE sales.Orders SET id = 1000 + id WHERE id % 5 = 0");
        statements.add("DELETE FROM sales.Orders WHERE id % 7 = 0");
        statements.add("INSERT INTO dbo.Customers (id, memo) VALUES (1, NULL)");
        database.run(statements.toArray(String[]::new));
        int rows = Integer.parseInt(database.ask("SELECT COUNT(*) FROM sales.Orders"));
        database.awaitCaptured("dbo_Customers", 1);

        Drain envelopes = Drain.of(config("envelope"));
        database.run("DELETE FROM cdc_offsets");
        Drain lines = Drain.of(config("change"));

        List<JsonNode> changes = changeLines(lines, "sales.Orders");
        assertThat(changes).hasSameSizeAs(envelopeChanges(envelopes, "sales.Orders"));
        assertThat(replay(changes, "/metadata/OperationType"))
                .hasSize(rows)
                .isEqualTo(replay(envelopeChanges(envelopes, "sales.Orders"), "/change_type"));
        assertThat(lines.stdout())
                .hasSize(changes.size() + 1)
                .allMatch(line -> !Envelopes.parse(line).has("status"))
                .allMatch(line -> line.getBytes(UTF_8).length <= RELAY_LIMIT);
        JsonNode customer = changeLines(lines, "Customers").getFirst();
        assertThat(customer.at("/metadata/Server").asText())
                .isEqualTo(Envelopes.parse(envelopes.stdout().getFirst())
                        .path("server_name")
                        .asText());
        assertThat(customer.at("/metadata/Database").asText()).isEqualTo(database.ask("SELECT DB_NAME()"));
        assertThat(customer.at("/metadata/Schema").asText()).isEqualTo("dbo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"envelope", "change"})
    void aTableGoesOnBehindAChangeThatLostItsLargestValue(String format) throws Exception {
        database.run(
                "INSERT INTO dbo.Customers (id, memo) VALUES (1, N'before')",
                "INSERT INTO dbo.Customers (id, memo) VALUES (2, REPLICATE(CAST(N'€' AS nvarchar(max)), 100000))",
                "INSERT INTO dbo.Customers (id, memo) VALUES (3, N'after')");
        database.awaitCaptured("dbo_Customers", 3);

        Drain run = Drain.ofProcess(config(format).put("oversize_change", "omit"));

        assertThat(run.exitCode()).as("%s", run.stderr()).isZero();
        assertThat(run.stdout())
                .allMatch(line -> line.getBytes(UTF_8).length <= RELAY_LIMIT)
                .anyMatch(line -> line.contains("{\"id\":3,\"memo\":\"after\"}"))
                .anyMatch(line -> line.contains("\"data\":{\"id\":2}")
                        && line.contains(
                                format.equals("change")
                                        ? "\"OmittedColumns\":[\"memo\"]"
                                        : "\"omitted_columns\":[\"memo\"]"));
        assertThat(run.stderr())
                .filteredOn(line -> line.contains("were left out"))
                .singleElement()
                .asString()
                .contains("WARN", "table=dbo.Customers", "omitted_columns=[memo]", "omitted_bytes=300002");
    }

    @ParameterizedTest
    @ValueSource(strings = {"envelope", "change"})
    void aTableStopsBeforeAChangeThatNoLineCanHold(String format) throws Exception {
        database.run(
                "INSERT INTO dbo.Customers (id, memo) VALUES (1, N'before')",
                "INSERT INTO dbo.Customers (id, memo) VALUES (2, REPLICATE(CAST(N'€' AS nvarchar(max)), 100000))",
                "INSERT INTO dbo.Customers (id, memo) VALUES (3, N'after')",
                "INSERT INTO sales.Orders (id, memo) VALUES (1, N'other')");
        database.awaitCaptured("sales_Orders", 1);

        Drain run = Drain.ofProcess(config(format));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(String.join("", run.stdout()))
                .contains("before", "other")
                .doesNotContain("\"id\":2")
                .doesNotContain("after");
        assertThat(run.stderr())
                .anyMatch(line -> line.contains("Table stopped table=dbo.customers")
                        && line.contains("oversize_change is fail")
                        && line.contains("max_line_bytes is 65535"));
    }
}
