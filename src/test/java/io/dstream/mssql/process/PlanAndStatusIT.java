package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Azurite;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.StorageProxy;
import io.dstream.mssql.testing.TestDatabase;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `plan` and `status` on a set-up that works and on each that does not, held to golden files. Some are asked
/// of the packaged program, the others inside this process.
@Execution(CONCURRENT)
final class PlanAndStatusIT {

    private static final String KEY_OF_ANOTHER = "c29tZWJvZHkgZWxzZSdzIHNlY3JldCBhY2NvdW50IGtleQ==";
    private static final AtomicInteger LOGINS = new AtomicInteger();
    private static final int OK = 0;
    private static final int BROKEN = 1;

    @Test
    void healthy() throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            assertThat(Drain.of(config(database)).changes()).hasSize(3);
            database.run("INSERT INTO dbo.orders VALUES (3)");
            database.awaitCaptured("dbo_orders", 2);

            CommandRun.of(config(database), "plan").requireSame("healthy-plan.txt", OK);
            CommandRun.of(config(database), "status").requireSame("healthy-status.txt", OK);
            CommandRun.of(config(database), "plan", "--json").requireSame("healthy-plan.json", OK);
            CommandRun.of(config(database), "status", "--json").requireSame("healthy-status.json", OK);
            String enveloped = "{\"command\":\"status\",\"config\":" + config(database) + "}";
            CommandRun.of(enveloped).requireSame("healthy-status.json", OK);
        }
    }

    @Test
    void beforeTheFirstRun() throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            require("new", config(database), OK, OK);
        }
    }

    @Test
    void withoutCdcInTheDatabase() throws Exception {
        try (TestDatabase database = TestDatabase.createWithoutCdc()) {
            database.run("CREATE TABLE dbo.customers (id int PRIMARY KEY)", "CREATE TABLE dbo.orders (id int)");
            require("database-without-cdc", config(database), BROKEN, BROKEN);
            CommandRun.of(config(database), "plan", "--json").requireSame("database-without-cdc-plan.json", BROKEN);
        }
    }

    @Test
    void withoutCdcOfATableAndWithoutTheOther() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            database.run("CREATE TABLE dbo.customers (id int PRIMARY KEY)");
            require("table-without-cdc", config(database), BROKEN, BROKEN);
        }
    }

    @Test
    void withAStoppedCaptureJob() throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            database.run("EXEC sys.sp_cdc_stop_job @job_type = N'capture'");
            require("job-stopped", config(database), BROKEN, BROKEN);
        }
    }

    /// It was killed, so its job still counts as running; then as stopped too. `plan` says the same.
    @Test
    void withAStoppedAgent() throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            assumeTrue(database.standIn().isPresent(), "other tests need the agent of a real server");
            database.run("EXEC xp_servicecontrol N'STOP', N'SQLServerAGENT'");
            require("agent-stopped", config(database), BROKEN, BROKEN);

            database.run("EXEC sys.sp_cdc_stop_job @job_type = N'capture'");
            require("agent-stopped", config(database), BROKEN, BROKEN);

            database.run(
                    "EXEC xp_servicecontrol N'START', N'SQLServerAGENT'",
                    "EXEC sys.sp_cdc_start_job @job_type = N'capture'");
            require("new", config(database), OK, OK);
        }
    }

    @Test
    void withACaptureThatStandsStill() throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            database.run("UPDATE cdc.lsn_time_mapping SET tran_end_time = DATEADD(MINUTE, -20, tran_end_time)");
            require("capture-stands-still", config(database), BROKEN, BROKEN);
        }
    }

    @Test
    void withAShortRetention() throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            database.run("EXEC sys.sp_cdc_change_job @job_type = N'cleanup', @retention = 120");
            require("retention-short", config(database), OK, OK);

            ObjectNode seldom = config(database).put("max_poll_interval", "3h");
            require("retention-shorter-than-a-poll", seldom, BROKEN, BROKEN);
            assertThat(CommandRun.inside(seldom.put("max_poll_interval", "80h"), "plan")
                            .stdout())
                    .anyMatch(line -> line.endsWith("@retention = 9600"));
        }
    }

    @Test
    void withAGap() throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            Drain.of(config(database));
            database.run("INSERT INTO dbo.orders VALUES (3)", "INSERT INTO dbo.orders VALUES (4)");
            database.awaitCaptured("dbo_orders", 3);
            database.run("""
                    DECLARE @low binary(10);
                    SELECT @low = MAX(start_lsn) FROM cdc.lsn_time_mapping;
                    EXEC sys.sp_cdc_cleanup_change_table @capture_instance = N'dbo_orders', @low_water_mark = @low""");

            require("gap", config(database), BROKEN, BROKEN);
            require("gap-resume", config(database).put("on_gap", "resume"), OK, OK);
            CommandRun.inside(config(database), "plan", "--json").requireSame("gap-plan.json", BROKEN);
        }
    }

    @Test
    void withALoginThatMayAlmostNothing() throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            String connection = login(database, "nobody", "GRANT SELECT ON dbo.customers TO [nobody]");
            require("login-without-anything", config(database, connection), BROKEN, BROKEN);
        }
    }

    @Test
    void withALoginThatSeesNoLowWatermark() throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            database.run(
                    "CREATE TABLE dbo.gated (id int PRIMARY KEY)",
                    "EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'gated',"
                            + " @role_name = N'cdc_readers'");
            String connection = login(
                    database,
                    "half",
                    "GRANT SELECT ON SCHEMA::cdc TO [half]",
                    "GRANT SELECT ON dbo.customers TO [half]",
                    "GRANT SELECT ON dbo.gated TO [half]",
                    "GRANT VIEW DEFINITION ON dbo.orders TO [half]",
                    "GRANT CREATE TABLE TO [half]",
                    "GRANT ALTER ON SCHEMA::dbo TO [half]");
            ObjectNode config = config(database, connection).put("read_mode", "change_table");
            config.withArray("tables").add("dbo.gated");
            require("login-without-low-watermark", config, BROKEN, BROKEN);
        }
    }

    @ParameterizedTest
    @CsvSource({"last_seq varbinary(10), last_command_id", "last_command_id int, last_seq"})
    void mendsOnlyTheColumnOfCdcOffsetsThatIsMissing(String there, String missing) throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            database.run("CREATE TABLE dbo.cdc_offsets (table_name nvarchar(255) NOT NULL PRIMARY KEY,"
                    + " last_lsn varbinary(10) NULL, updated_at datetime, " + there + " NULL)");
            String connection = login(
                    database,
                    "reader",
                    "GRANT SELECT ON SCHEMA::cdc TO [reader]",
                    "GRANT SELECT ON dbo.customers TO [reader]",
                    "GRANT SELECT ON dbo.orders TO [reader]",
                    "GRANT SELECT ON dbo.cdc_offsets TO [reader]");
            ObjectNode config = config(database, connection);

            assertThat(CommandRun.inside(config, "plan").stdout())
                    .filteredOn(line -> line.contains("mend:"))
                    .singleElement()
                    .asString()
                    .contains("ADD " + missing + " ")
                    .containsOnlyOnce(" ADD ");
            assertThat(mended(config, database)).isOne();
            assertThat(CommandRun.inside(config, "plan").exitCode()).isZero();
        }
    }

    @Test
    void withADatabaseThatRefusesTheLogin() throws Exception {
        try (TestDatabase database = customersAndOrders()) {
            String connection = database.connectionText("sa", "wrong");
            require("login-refused", config(database, connection), BROKEN, BROKEN);
        }
    }

    @Test
    void withoutTheContainerAndThenWithAHolder() throws Exception {
        Azurite azurite = Azurite.shared();
        try (TestDatabase database = customersAndOrders()) {
            ObjectNode config = azure(database, azurite.connectionString(), azurite.newContainerName());
            require("container-missing", config, OK, OK);
            try (IngesterProcess process = IngesterProcess.start(config.toString())) {
                process.until(() -> process.stdout().size() >= 2);
                CommandRun.of(config, "status").requireSame("held-status.txt", OK);
                CommandRun.of(config, "destroy").requireSame("held-destroy.txt", BROKEN);
            }
        }
    }

    @Test
    void withAnotherAccountsKeyAndAStorageThatIsAway() throws Exception {
        Azurite azurite = Azurite.shared();
        try (TestDatabase database = customersAndOrders();
                StorageProxy storage = StorageProxy.to(azurite.port())) {
            storage.refuse();
            String wrong = azurite.connectionString().replace(azurite.accountKey(), KEY_OF_ANOTHER);
            require("container-wrong-key", azure(database, wrong, "locks"), BROKEN, BROKEN);
            String away = azurite.connectionString(storage.port());
            require("container-unreachable", azure(database, away, "locks"), BROKEN, BROKEN);
        }
    }

    @Test
    void whatPlanSaysMendsIt() throws Exception {
        try (TestDatabase database = TestDatabase.createWithoutCdc()) {
            database.run("CREATE TABLE dbo.customers (id int PRIMARY KEY)", "CREATE TABLE dbo.[or'd]]ers] (id int)");
            String connection = login(
                    database,
                    "user ]1",
                    "GRANT SELECT ON dbo.customers TO [user ]]1]",
                    "GRANT SELECT ON dbo.[or'd]]ers] TO [user ]]1]");
            ObjectNode config = config(database, connection).put("read_mode", "change_table");
            config.withArray("tables").removeAll().add("dbo.customers").add("dbo.[or'd]]ers]");

            // The tables cannot be looked at before the database is mended.
            assertThat(mended(config, database)).isPositive();
            mended(config, database);
            mended(config, database);
            database.run("EXEC sys.sp_cdc_stop_job @job_type = N'capture'");

            assertThat(CommandRun.inside(config, "plan").exitCode()).isZero();
            // This login cannot know that the job is stopped, another one can.
            config.put("db_connection_string", database.connectionText());
            assertThat(mended(config, database)).isPositive();
            assertThat(mended(config, database)).isZero();
        }
    }

    /// Runs what `plan` says for each error, as one who may; how many that were.
    private static int mended(ObjectNode config, TestDatabase database) throws Exception {
        JsonNode plan = Envelopes.parse(
                CommandRun.inside(config, "plan", "--json").stdout().getFirst());
        int errors = 0;
        for (JsonNode finding : plan.path("findings")) {
            if (finding.path("severity").asText().equals("error")) {
                assertThat(finding.path("mend").isTextual())
                        .as(finding.toString())
                        .isTrue();
                database.run(finding.path("mend").asText());
                errors++;
            }
        }
        return errors;
    }

    private static void require(String name, ObjectNode config, int planCode, int statusCode) throws Exception {
        CommandRun.inside(config, "plan").requireSame(name + "-plan.txt", planCode);
        CommandRun.inside(config, "status").requireSame(name + "-status.txt", statusCode);
    }

    private static TestDatabase customersAndOrders() throws Exception {
        TestDatabase database = TestDatabase.create();
        database.run(
                "CREATE TABLE dbo.customers (id int PRIMARY KEY, name nvarchar(20) NULL)",
                "CREATE TABLE dbo.orders (id int PRIMARY KEY)");
        database.capture("dbo", "customers");
        database.capture("dbo", "orders");
        database.run("INSERT INTO dbo.customers VALUES (1, N'Ann')", "INSERT INTO dbo.customers VALUES (2, N'Bob')");
        database.run("INSERT INTO dbo.orders VALUES (1)");
        database.awaitCaptured("dbo_customers", 2);
        database.awaitCaptured("dbo_orders", 1);
        return database;
    }

    /// A user of the name `user`, of a login that no other test has.
    private static String login(TestDatabase database, String user, String... grants) {
        String login =
                user.replaceAll("\\W", "") + "_" + ProcessHandle.current().pid() + "_" + LOGINS.incrementAndGet();
        database.run(
                "CREATE LOGIN [" + login + "] WITH PASSWORD = N'Some-password-1'",
                "CREATE USER [" + user.replace("]", "]]") + "] FOR LOGIN [" + login + "] WITH DEFAULT_SCHEMA = dbo");
        database.run(grants);
        return database.connectionText(login, "Some-password-1");
    }

    private static ObjectNode config(TestDatabase database) {
        return config(database, database.connectionText());
    }

    private static ObjectNode config(TestDatabase database, String connection) {
        ObjectNode config = Configs.of(database, "dbo.customers", "dbo.orders");
        config.put("db_connection_string", connection);
        config.putObject("lock_config").put("type", "sql_server");
        return config;
    }

    private static ObjectNode azure(TestDatabase database, String connectionString, String container) {
        ObjectNode config = config(database);
        config.putObject("lock_config")
                .put("type", "azure_blob")
                .put("connection_string", connectionString)
                .put("container_name", container);
        return config;
    }
}
