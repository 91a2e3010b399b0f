package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The main job, as people run it: the packaged program, a database, lines on stdout.
final class FollowTablesIT {

    private static TestDatabase database;

    @BeforeAll
    static void createTables() {
        database = TestDatabase.create();
        database.run(
                "CREATE TABLE dbo.customers (id int NOT NULL PRIMARY KEY, name nvarchar(50) NULL)",
                "CREATE TABLE dbo.orders (id int NOT NULL PRIMARY KEY, customer_id int NOT NULL, total decimal(10,2))");
        database.capture("dbo", "customers");
        database.capture("dbo", "orders");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @Test
    void writesEveryChangeOfEveryTableAndStopsWithZero() throws Exception {
        database.run(
                "INSERT INTO dbo.customers (id, name) VALUES (1, N'John'), (2, N'Zoë')",
                "INSERT INTO dbo.orders (id, customer_id, total) VALUES (10, 1, 19.90)",
                "UPDATE dbo.customers SET name = N'Jane' WHERE id = 1",
                "DELETE FROM dbo.orders WHERE id = 10");
        try (IngesterProcess process = IngesterProcess.start(
                Configs.of(database, "dbo.customers", "orders").toString())) {
            process.until(() -> Envelopes.changes(process.stdout()).size() >= 5);
            process.signal("TERM");

            assertThat(process.awaitExit(Duration.ofSeconds(20))).isZero();
            List<ChangeLine> changes = Envelopes.changes(process.stdout());
            assertThat(changes.stream().filter(change -> change.table().equals("dbo.customers")))
                    .extracting(change -> change.type() + " " + change.data())
                    .containsExactly(
                            "insert {\"id\":1,\"name\":\"John\"}",
                            "insert {\"id\":2,\"name\":\"Zoë\"}",
                            "update {\"id\":1,\"name\":\"Jane\"}");
            assertThat(changes.stream().filter(change -> change.table().equals("dbo.orders")))
                    .extracting(change -> change.type() + " " + change.data())
                    .containsExactly(
                            "insert {\"id\":10,\"customer_id\":1,\"total\":19.90}",
                            "delete {\"id\":10,\"customer_id\":1,\"total\":19.90}");
            assertThat(process.stderr())
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).startsWith("[MSSQL-CDC] "));
        }
    }
}
