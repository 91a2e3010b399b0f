package io.dstream.mssql.testing;

import io.dstream.mssql.config.ConnectionString;
import io.dstream.mssql.standin.StandIn;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/// A fresh, empty database with CDC on, on whichever server the tests run against.
public final class TestDatabase implements AutoCloseable {

    private static final int IN_USE = 3702;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final TestServer server;
    private final String name;

    private TestDatabase(TestServer server, String name) {
        this.server = server;
        this.name = name;
    }

    /// Starts the server, if this is the first, and creates a database.
    public static TestDatabase create() {
        TestDatabase database = createWithoutCdc();
        database.run("EXEC sys.sp_cdc_enable_db");
        return database;
    }

    /// As above, with CDC off.
    public static TestDatabase createWithoutCdc() {
        return createOn(TestServer.shared());
    }

    /// With CDC on, on a stand-in of its own whose clock shows the time of `zone`; the caller closes that one too.
    public static TestDatabase createIn(ZoneId zone) throws IOException {
        TestDatabase database = createOn(TestServer.standInIn(zone));
        database.run("EXEC sys.sp_cdc_enable_db");
        return database;
    }

    private static TestDatabase createOn(TestServer server) {
        String name = "test_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
        new TestDatabase(server, "master").run("CREATE DATABASE " + name);
        return new TestDatabase(server, name);
    }

    /// Its name on the server.
    public String name() {
        return name;
    }

    /// As configurations spell it: for `db_connection_string`.
    public String connectionText() {
        return server.connectionString(name);
    }

    /// As above, for another login.
    public String connectionText(String user, String password) {
        return server.connectionString(name, user, password);
    }

    /// How the program itself would connect, as a login that may do everything.
    public ConnectionString connectionString() {
        return new ConnectionString(server.host(), name, server.driverProperties(name));
    }

    /// The stand-in behind it; empty on a real server.
    public Optional<StandIn> standIn() {
        return server.standIn();
    }

    /// A connection for the test's own statements; the caller closes it.
    public Connection connect() throws SQLException {
        Map<String, String> properties = new HashMap<>(server.driverProperties(name));
        Properties driver = new Properties();
        driver.putAll(properties);
        return DriverManager.getConnection("jdbc:sqlserver://", driver);
    }

    /// Runs each statement on a connection of its own.
    public void run(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError("in " + name + ": " + String.join("; ", statements), e);
        }
    }

    /// Enables CDC for `schema.table` with the default capture instance and no gating role.
    public void capture(String schema, String table) {
        run("EXEC sys.sp_cdc_enable_table @source_schema = N'" + schema.replace("'", "''") + "', @source_name = N'"
                + table.replace("'", "''") + "', @role_name = NULL");
    }

    /// The first column of the first row, as text.
    public String ask(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
                throw new AssertionError("no row: " + query);
            }
            return String.valueOf(row.getString(1));
        }
    }

    /// Waits until the change table of `captureInstance` has `rows` rows: capture is asynchronous.
    public void awaitCaptured(String captureInstance, long rows) throws Exception {
        String count = "SELECT COUNT(*) FROM cdc.[" + captureInstance.replace("]", "]]") + "_CT]";
        Poll.until(() -> Long.parseLong(ask(count)) >= rows, () -> "rows captured for " + captureInstance);
    }

    /// Drops the database, once the server has noticed that the sessions of ended processes are gone.
    @Override
    public void close() {
        try {
            Poll.until(this::dropUnlessInUse, () -> name + " is still in use");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while dropping " + name, e);
        } catch (Exception e) {
            throw new AssertionError("drop " + name, e);
        }
    }

    private boolean dropUnlessInUse() throws SQLException {
        try (Connection connection = new TestDatabase(server, "master").connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE " + name);
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == IN_USE) {
                return false;
            }
            throw e;
        }
    }
}
