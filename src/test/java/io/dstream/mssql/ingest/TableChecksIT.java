package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dstream.mssql.config.ColumnChoice;
import io.dstream.mssql.config.ConnectionString;
import io.dstream.mssql.config.ReadingConfig.ReadMode;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.StatementLog;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class TableChecksIT {

    private static final Logger log = LoggerFactory.getLogger(TableChecksIT.class);

    private static final int MANY = 200;
    private static final int CATALOGUE_QUERIES = 3;

    @Test
    void asksThreeQuestionsHoweverManyTablesThereAre() throws Exception {
        try (TestDatabase server = TestDatabase.create();
                Database database = Database.open(server.connectionString())) {
            assumeTrue(server.standIn().isPresent(), "only the stand-in counts statements");
            List<TableEntry> entries = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                server.run("CREATE TABLE dbo.t" + i + " (id int NOT NULL PRIMARY KEY, a nvarchar(9), b datetime2)");
                server.capture("dbo", "t" + i);
                entries.add(entry("t" + i));
            }
            StatementLog statements = new StatementLog();
            try (Installed _ = Installed.in(server.standIn().orElseThrow(), statements)) {
                long beganAtNanos = System.nanoTime();
                TableChecks.requireAll(entries, ReadMode.FUNCTION, database);
                Duration took = Duration.ofNanos(System.nanoTime() - beganAtNanos);
                log.info("Figure: tables={} checked_in={}ms", MANY, took.toMillis());
            }

            assertThat(statements.countContaining("FROM "))
                    .as(statements.counts().toString())
                    .isEqualTo(CATALOGUE_QUERIES);
        }
    }

    @Test
    void findsATableByTheRulesOfTheFollower() throws Exception {
        try (TestDatabase server = TestDatabase.create();
                Database database = Database.open(server.connectionString())) {
            server.run("CREATE TABLE dbo.Orders (id int NOT NULL PRIMARY KEY)");
            server.capture("dbo", "Orders");
            TableChecks.requireAll(List.of(entry("ORDERS")), ReadMode.FUNCTION, database);

            assertThatExceptionOfType(PermanentFailure.class)
                    .isThrownBy(() -> TableChecks.requireAll(List.of(entry("Order")), ReadMode.FUNCTION, database))
                    .withMessageStartingWith("table dbo.Order does not exist");
        }
    }

    @Test
    void asksWhetherTheChangeTableMayBeReadWhereItWillBe() throws Exception {
        try (TestDatabase server = TestDatabase.create()) {
            server.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
            server.capture("dbo", "t");
            String login = "half_of_" + server.name();
            server.run(
                    "CREATE LOGIN " + login + " WITH PASSWORD = 'Reader.1234'",
                    "CREATE USER half FOR LOGIN " + login,
                    "GRANT SELECT ON dbo.t TO half",
                    "GRANT SELECT ON cdc.change_tables TO half",
                    "GRANT SELECT ON cdc.captured_columns TO half");
            ConnectionString admin = server.connectionString();
            Map<String, String> properties = new HashMap<>(admin.driverProperties());
            properties.put("user", login);
            properties.put("password", "Reader.1234");
            try (Database limited = Database.open(new ConnectionString(admin.host(), admin.database(), properties))) {
                assertThatExceptionOfType(PermanentFailure.class)
                        .isThrownBy(() -> TableChecks.requireAll(List.of(entry("t")), ReadMode.CHANGE_TABLE, limited))
                        .withMessageContaining("GRANT SELECT ON OBJECT::[cdc].[dbo_t_CT] TO the login");
            } finally {
                server.run("DROP USER half", "DROP LOGIN " + login);
            }
            try (Database all = Database.open(server.connectionString())) {
                TableChecks.requireAll(List.of(entry("t")), ReadMode.CHANGE_TABLE, all);
            }
        }
    }

    private static TableEntry entry(String table) {
        return new TableEntry("dbo", table, new ColumnChoice.All(), "tables");
    }
}
