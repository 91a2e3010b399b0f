package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dstream.mssql.config.ColumnChoice;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.StatementLog;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
                TableChecks.requireAll(entries, database);
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
            TableChecks.requireAll(List.of(entry("ORDERS")), database);

            assertThatExceptionOfType(PermanentFailure.class)
                    .isThrownBy(() -> TableChecks.requireAll(List.of(entry("Order")), database))
                    .withMessageStartingWith("table dbo.Order does not exist");
        }
    }

    private static TableEntry entry(String table) {
        return new TableEntry("dbo", table, new ColumnChoice.All(), "tables");
    }
}
