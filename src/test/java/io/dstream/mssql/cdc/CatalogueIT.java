package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import io.dstream.mssql.testing.TestDatabase;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is made of the catalogue's answers.
final class CatalogueIT {

    private static final SqlType NAME = new SqlType(Base.NVARCHAR, 128, 0, 0);
    private static final SqlType INT = SqlType.of(Base.INT);

    private TestDatabase server;
    private Database database;

    @BeforeEach
    void open() {
        server = TestDatabase.create();
        database = Database.open(server.connectionString());
    }

    @AfterEach
    void close() {
        database.close();
        server.close();
    }

    @Test
    void listsEveryCapturedTableOnceWithAllThatIsCaptured() throws Failure, InterruptedException {
        server.run(
                "CREATE SCHEMA sales",
                "CREATE TABLE sales.orders (id int NOT NULL PRIMARY KEY, v int NULL)",
                "CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)",
                "CREATE TABLE dbo.uncaptured (id int NOT NULL PRIMARY KEY)");
        server.capture("sales", "orders");
        server.capture("dbo", "t");
        server.run(
                "ALTER TABLE sales.orders ADD w int NULL",
                "EXEC sys.sp_cdc_enable_table @source_schema = N'sales', @source_name = N'orders', "
                        + "@role_name = NULL, @capture_instance = N'orders_2'");

        List<CapturedTable> tables = CapturedTable.all(database);

        assertThat(tables)
                .extracting(CapturedTable::name)
                .containsExactly(new TableName("dbo", "t"), new TableName("sales", "orders"));
        assertThat(tables.get(0).columns()).containsExactly("id");
        assertThat(tables.get(1).columns()).containsExactlyInAnyOrder("id", "v", "w");
    }

    @Test
    void findsATableWhateverItsCaseAndSaysWhereThereIsNone() throws Failure, InterruptedException {
        server.run("CREATE TABLE dbo.Orders (id int NOT NULL PRIMARY KEY)");

        SourceTable exact = SourceTable.find(database, "dbo", "Orders");
        SourceTable other = SourceTable.find(database, "DBO", "orders");

        assertThat(other).isEqualTo(exact);
        assertThat(exact.name()).hasToString("dbo.Orders");
        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> SourceTable.find(database, "dbo", "order"))
                .withMessageContaining("table dbo.order does not exist");
    }

    @Test
    void ofTablesThatDifferInCaseTheExactOneIsMeantOrNone() throws Exception {
        StatementInterceptor two = (sql, _, answers) -> {
            if (!sql.contains("LOWER(t.name)")) {
                return false;
            }
            answers.columns(List.of(
                    new SqlColumn("schema_name", NAME, false),
                    new SqlColumn("table_name", NAME, false),
                    new SqlColumn("object_id", INT, false)));
            answers.row(new Object[] {"dbo", "Orders", 1});
            answers.row(new Object[] {"dbo", "orders", 2});
            answers.done(StatementKind.SELECT, 2);
            return true;
        };
        answering(two, () -> {
            List<TableName> namesakes = new ArrayList<>();
            assertThat(SourceTable.find(database, "dbo", "orders", namesakes::addAll)
                            .objectId())
                    .isEqualTo(2);
            assertThat(namesakes).containsExactly(new TableName("dbo", "Orders"), new TableName("dbo", "orders"));
            assertThatExceptionOfType(PermanentFailure.class)
                    .isThrownBy(() -> SourceTable.find(database, "dbo", "ORDERS"))
                    .withMessageContaining("could be any of [dbo.Orders, dbo.orders]; write it in its exact case");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "3, 15.0.4430.1, false",
        "3, 16.0.4165.4, true",
        "3, 17.0.1000.7, true",
        "5, 12.0.2000.8, true",
        "8, 12.0.2000.8, true"
    })
    void theZoneIsAskedByNameWhereTheServerKnowsIt(int edition, String version, boolean byName) throws Exception {
        answering(aServer(edition, version, "W. Europe Standard Time"), () -> {
            ZoneId zone = ServerInfo.read(database, Optional.empty()).timeZone();
            assertThat(zone).isEqualTo(byName ? ZoneId.of("Europe/Berlin") : ZoneOffset.ofHoursMinutes(5, 30));
            assertThat(ServerInfo.read(database, Optional.of(ZoneId.of("Asia/Tokyo")))
                            .timeZone())
                    .isEqualTo(ZoneId.of("Asia/Tokyo"));
        });
    }

    @Test
    void aZoneThatIsNotKnownHereCanBeConfigured() throws Exception {
        answering(
                aServer(3, "16.0.4165.4", "Middle Earth Standard Time"),
                () -> assertThatExceptionOfType(PermanentFailure.class)
                        .isThrownBy(() -> ServerInfo.read(database, Optional.empty()))
                        .withMessageContaining("`Middle Earth Standard Time`")
                        .withMessageContaining("set `server_time_zone`"));
    }

    private static StatementInterceptor aServer(int edition, String version, String zone) {
        return (sql, _, answers) -> {
            if (sql.contains("is_cdc_enabled")) {
                answers.columns(List.of(
                        new SqlColumn("server_name", NAME, true),
                        new SqlColumn("database_name", NAME, false),
                        new SqlColumn("is_cdc_enabled", SqlType.of(Base.BIT), false),
                        new SqlColumn("engine_edition", INT, false),
                        new SqlColumn("product_version", NAME, false)));
                answers.row(new Object[] {"s", "d", true, edition, version});
            } else if (sql.contains("CURRENT_TIMEZONE_ID")) {
                answers.columns(List.of(new SqlColumn("time_zone", NAME, false)));
                answers.row(new Object[] {zone});
            } else if (sql.contains("GETUTCDATE")) {
                answers.columns(List.of(new SqlColumn("offset_minutes", INT, false)));
                answers.row(new Object[] {330});
            } else {
                return false;
            }
            answers.done(StatementKind.SELECT, 1);
            return true;
        };
    }

    /// Something that asks the catalogue.
    private interface Question {
        void ask() throws Exception;
    }

    private void answering(StatementInterceptor catalogue, Question question) throws Exception {
        assumeTrue(server.standIn().isPresent(), "answers in the server's place");
        try (Installed _ = Installed.in(server.standIn().orElseThrow(), catalogue)) {
            question.ask();
        }
    }
}
