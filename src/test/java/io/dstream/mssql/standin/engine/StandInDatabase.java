package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.cdc.ChangeCapture;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.h2.engine.Mode;

/// One database of the server: its H2, catalogue, principals, application locks and change data capture.
final class StandInDatabase implements AutoCloseable {

    private static final String SETTINGS = ";MODE=MSSQLServer;DATABASE_TO_UPPER=FALSE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
            + ";LAZY_QUERY_EXECUTION=1;OPTIMIZE_REUSE_RESULTS=0;DEFAULT_ESCAPE=;DB_CLOSE_DELAY=-1";

    static {
        // Otherwise the alias of a column hides which table's column it is, and so its declared type.
        Mode.getInstance("MSSQLServer").aliasColumnName = false;
    }

    private final String name;
    private final int id;
    private final String url;
    private final String timeZone;
    private final Connection admin;
    private final SystemViews views;
    private final DatabaseCatalog catalog;
    private final Permissions permissions = new Permissions();
    private final AppLocks appLocks = new AppLocks();
    private final AgentViews agent;
    private final ChangeCapture capture;

    StandInDatabase(String name, int id, EngineSettings settings) throws SQLException, SqlServerError {
        this.name = name;
        this.id = id;
        this.url = "jdbc:h2:mem:" + UUID.randomUUID() + SETTINGS;
        this.timeZone = settings.zone().getId();
        this.admin = DriverManager.getConnection(url);
        try (Statement statement = admin.createStatement()) {
            for (String schema : List.of("dbo", "guest", "sys", SessionFunctions.SCHEMA)) {
                statement.execute("CREATE SCHEMA \"" + schema + "\"");
            }
            for (String alias : SessionFunctions.aliases()) {
                statement.execute(alias);
            }
        }
        this.views = new SystemViews(admin);
        this.catalog = new DatabaseCatalog(views);
        this.agent = new AgentViews(admin, id, settings.zone());
        agent.create(catalog);
        this.capture = settings.capture().open(name, this::open, catalog);
    }

    String name() {
        return name;
    }

    int id() {
        return id;
    }

    DatabaseCatalog catalog() {
        return catalog;
    }

    Permissions permissions() {
        return permissions;
    }

    AppLocks appLocks() {
        return appLocks;
    }

    AgentViews agent() {
        return agent;
    }

    ChangeCapture capture() {
        return capture;
    }

    /// With schema `dbo` current and the server's time zone; the caller closes it.
    Connection open() throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SCHEMA \"dbo\"");
            statement.execute("SET TIME ZONE '" + timeZone + "'");
            statement.execute("SET LOCK_TIMEOUT 30000");
        }
        return connection;
    }

    void setDatabases(List<StandInDatabase> databases) throws SQLException {
        synchronized (catalog) {
            views.setDatabases(databases);
        }
    }

    void refreshTracked() throws SQLException {
        synchronized (catalog) {
            views.refreshTracked(capture.isEnabled());
        }
    }

    /// Ends H2 with all its connections.
    @Override
    public void close() throws SQLException {
        capture.close();
        try (Statement statement = admin.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        }
    }
}
