package io.dstream.mssql.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.ConnectionString;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.standin.faults.FailNth;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The promises of every store, and what a table that the original program made asks for.
final class SqlCheckpointStoreIT extends CheckpointStoreContract {

    private static final TableName ORDERS = new TableName("dbo", "orders");
    private static final String LSN = "0x00000020000001000001";

    private static final String PASSWORD = "Limited.1234";

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

    @Override
    CheckpointStore instance() throws Failure, InterruptedException {
        SqlCheckpointStore store = new SqlCheckpointStore(database);
        store.prepare();
        return store;
    }

    @Test
    void instancesMayPrepareAtTheSameTime() throws ExecutionException, Failure, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CheckpointStore>> instances = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                instances.add(threads.submit(this::instance));
            }
            for (Future<CheckpointStore> instance : instances) {
                assertThat(instance.get().open(ORDERS).position()).isEmpty();
            }
        }
    }

    @Test
    void adoptsARowOfATableWithoutSequences() throws Failure, InterruptedException, SQLException {
        execute("CREATE TABLE cdc_offsets (table_name nvarchar(255) PRIMARY KEY, last_lsn varbinary(10),"
                + " updated_at datetime DEFAULT GETDATE())");
        execute("INSERT INTO cdc_offsets (table_name, last_lsn) VALUES (N'orders', " + LSN + ")");

        TableCheckpoint checkpoint = instance().open(ORDERS);
        assertThat(checkpoint.position()).contains(Position.before(new Lsn(0x00000020_00000100L, 1)));
        checkpoint.save(position(0x00000020_00000101L, 5));

        assertThat(instance().open(ORDERS).position()).contains(position(0x00000020_00000101L, 5));
    }

    @Test
    void goesOnFromARowWithoutSequence() throws Failure, InterruptedException, SQLException {
        CheckpointStore store = instance();
        execute("INSERT INTO cdc_offsets (table_name, last_lsn) VALUES (N'dbo.orders', " + LSN + ")");

        store.open(ORDERS).save(position(0x21_00000000L, 5));

        assertThat(store.open(ORDERS).position()).contains(position(0x21_00000000L, 5));
    }

    @Test
    void addsTheCommandIdToATableWithoutOne() throws Failure, InterruptedException, SQLException {
        execute("CREATE TABLE cdc_offsets (table_name nvarchar(255) PRIMARY KEY, last_lsn varbinary(10),"
                + " updated_at datetime DEFAULT GETDATE(), last_seq varbinary(10))");
        execute("INSERT INTO cdc_offsets (table_name, last_lsn, last_seq) VALUES (N'dbo.orders', " + LSN + ", " + LSN
                + ")");
        Lsn lsn = new Lsn(0x00000020_00000100L, 1);

        TableCheckpoint checkpoint = instance().open(ORDERS);
        assertThat(checkpoint.position()).contains(new Position(lsn, lsn));
        checkpoint.save(position(0x00000020_00000101L, 3, 5));

        assertThat(instance().open(ORDERS).position()).contains(position(0x00000020_00000101L, 3, 5));
    }

    @Test
    void whoMayNotAddAColumnIsToldWhichStatementTheOwnerMustRun() throws Exception {
        execute("CREATE TABLE cdc_offsets (table_name nvarchar(255) PRIMARY KEY, last_lsn varbinary(10),"
                + " updated_at datetime DEFAULT GETDATE())");
        String login = login();
        execute("GRANT SELECT, INSERT, UPDATE ON dbo.cdc_offsets TO " + login);

        assertRefused(login, "ALTER TABLE cdc_offsets ADD last_seq varbinary(10) NULL;");
        execute("ALTER TABLE cdc_offsets ADD last_seq varbinary(10) NULL");
        assertRefused(login, "ALTER TABLE cdc_offsets ADD last_command_id int NULL;");
        execute("ALTER TABLE cdc_offsets ADD last_command_id int NULL");
        try (Database limited = openAs(login)) {
            SqlCheckpointStore store = new SqlCheckpointStore(limited);
            store.prepare();
            assertThat(store.open(ORDERS).position()).isEmpty();
        }
    }

    @Test
    void whoMayNotCreateTheTableIsToldWhichStatementTheOwnerMustRun() throws Exception {
        assertRefused(login(), "CREATE TABLE cdc_offsets ( table_name nvarchar(255) NOT NULL PRIMARY KEY, ");
    }

    private String login() throws SQLException {
        String login = server.name() + "_limited";
        execute("CREATE LOGIN " + login + " WITH PASSWORD = '" + PASSWORD + "'");
        execute("CREATE USER " + login + " FOR LOGIN " + login);
        return login;
    }

    private Database openAs(String login) {
        ConnectionString all = server.connectionString();
        Map<String, String> properties = new HashMap<>(all.driverProperties());
        properties.put("user", login);
        properties.put("password", PASSWORD);
        return Database.open(new ConnectionString(all.host(), all.database(), properties));
    }

    private void assertRefused(String login, String statement) {
        try (Database limited = openAs(login)) {
            assertThatExceptionOfType(PermanentFailure.class)
                    .isThrownBy(() -> new SqlCheckpointStore(limited).prepare())
                    .withMessageContaining("run, in the login's default schema: " + statement);
        }
    }

    @Test
    void aPositionPutBackByHandNeedsNoWordOnCommands() throws Failure, InterruptedException, SQLException {
        instance().open(ORDERS).save(position(1, 7, 9));
        execute("UPDATE cdc_offsets SET last_seq = 0x00000000000000000000");

        TableCheckpoint checkpoint = instance().open(ORDERS);
        assertThat(checkpoint.position()).contains(Position.before(new Lsn(1, 0)));
        checkpoint.save(position(1, 2, 3));

        assertThat(instance().open(ORDERS).position()).contains(position(1, 2, 3));
    }

    @Test
    void refusesARowWhoseCommandIdIsNone() throws Failure, InterruptedException, SQLException {
        instance().open(ORDERS).save(position(1, 7, 9));
        execute("UPDATE cdc_offsets SET last_command_id = -2");

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> instance().open(ORDERS))
                .withMessageContaining("last_command_id is -2");
    }

    @Test
    void refusesARowThatHoldsNoLsn() throws Failure, InterruptedException, SQLException {
        CheckpointStore store = instance();
        execute("INSERT INTO cdc_offsets (table_name, last_lsn) VALUES (N'dbo.orders', 0x0102)");

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> store.open(ORDERS))
                .withMessageContaining("dbo.orders")
                .withMessageContaining("last_lsn is 2 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {2627, 2601})
    void aRowThatAnotherInstanceMadeFirstIsALostLease(int duplicateKey) throws Exception {
        TableCheckpoint checkpoint = instance().open(ORDERS);
        failing(
                "INSERT INTO",
                duplicateKey,
                () -> assertThatExceptionOfType(LeaseLost.class)
                        .isThrownBy(() -> checkpoint.save(Position.after(new Lsn(1, 1)))));
    }

    @Test
    void anyOtherRefusalToSaveIsSaidAsItIs() throws Exception {
        TableCheckpoint checkpoint = instance().open(ORDERS);
        failing(
                "INSERT INTO",
                1205,
                () -> assertThatExceptionOfType(TransientFailure.class)
                        .isThrownBy(() -> checkpoint.save(Position.after(new Lsn(1, 1)))));
        failing(
                "INSERT INTO",
                229,
                () -> assertThatExceptionOfType(PermanentFailure.class)
                        .isThrownBy(() -> checkpoint.save(Position.after(new Lsn(1, 1)))));
    }

    @ParameterizedTest
    @CsvSource({"CREATE TABLE, 2714", "ADD last_seq, 2705", "ADD last_command_id, 2705"})
    void whatAnotherInstancePreparesAtTheSameTimeIsPrepared(String statement, int done) throws Exception {
        instance();
        failing(statement, done, () -> assertThat(instance()).isNotNull());
        failing(
                statement,
                262,
                () -> assertThatExceptionOfType(PermanentFailure.class)
                        .isThrownBy(this::instance)
                        .withMessageContaining("cdc_offsets"));
    }

    /// Something that fails, or does not.
    private interface Try {
        void run() throws Exception;
    }

    private void failing(String statement, int error, Try work) throws Exception {
        assumeTrue(server.standIn().isPresent(), "answers in the server's place");
        FailNth once = FailNth.first(sql -> sql.contains(statement), 1, error);
        try (Installed _ = Installed.in(server.standIn().orElseThrow(), once)) {
            work.run();
        }
        assertThat(once.matches()).as("statements with " + statement).isPositive();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
