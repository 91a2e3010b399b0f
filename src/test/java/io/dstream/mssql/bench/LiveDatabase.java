package io.dstream.mssql.bench;

import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.StatementLog;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlParameter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;

/// A stand-in with small tables that are really changed and captured, and that counts what it is asked. Used by one
/// thread.
final class LiveDatabase implements AutoCloseable {

    private static final String DATABASE = "bench";

    private final StandIn server;
    private final Connection writer;
    private final StatementLog asked = new StatementLog();
    private final Freshness freshness = new Freshness();
    private final int tables;
    private int lastId;

    /// By the clock of [System#nanoTime]; 0 for not yet.
    private volatile long firstStatementNanos;

    private LiveDatabase(StandIn server, Connection writer, int tables) {
        this.server = server;
        this.writer = writer;
        this.tables = tables;
    }

    /// With `tables` empty tables.
    static LiveDatabase start(int tables) throws Exception {
        StandIn server = StandIn.start();
        server.engine().createDatabase(DATABASE);
        Connection writer = DriverManager.getConnection("jdbc:sqlserver://127.0.0.1:" + server.port()
                + ";databaseName=" + DATABASE + ";user=" + StandIn.USER + ";password=" + StandIn.PASSWORD
                + ";encrypt=false");
        LiveDatabase database = new LiveDatabase(server, writer, tables);
        database.create();
        server.engine().capture(DATABASE).onVisible(database.freshness::visible);
        Installed.in(server, database.asked, database::noteFirst);
        return database;
    }

    private void create() throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute("EXEC sys.sp_cdc_enable_db");
            for (String table : tables()) {
                statement.execute("CREATE TABLE " + table + " (id int NOT NULL PRIMARY KEY, note nvarchar(50) NULL)");
                statement.execute("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'"
                        + table.substring("dbo.".length()) + "', @role_name = NULL");
            }
        }
        server.engine().capture(DATABASE).advanceIdle();
    }

    List<String> tables() {
        return IntStream.range(0, tables).mapToObj(LiveDatabase::table).toList();
    }

    private static String table(int index) {
        return "dbo.bench_" + index;
    }

    /// Inserts a row into table number `index`.
    void change(int index) throws SQLException {
        try (PreparedStatement insert =
                writer.prepareStatement("INSERT INTO " + table(index) + " (id, note) VALUES (?, ?)")) {
            insert.setInt(1, ++lastId);
            insert.setString(2, "a change");
            insert.executeUpdate();
        }
    }

    private boolean noteFirst(String sql, List<SqlParameter> parameters, Answers answers) {
        if (firstStatementNanos == 0) {
            firstStatementNanos = System.nanoTime();
        }
        return false;
    }

    /// Waits for the next one.
    void forgetFirstStatement() {
        firstStatementNanos = 0;
    }

    /// When the first statement came since, by the clock of [System#nanoTime].
    long firstStatementNanos() {
        return firstStatementNanos;
    }

    /// Every statement of anybody, this writer included.
    StatementLog asked() {
        return asked;
    }

    /// How soon changes are there.
    Freshness freshness() {
        return freshness;
    }

    /// In the program's spelling.
    String connectionString() {
        return server.connectionString(DATABASE);
    }

    @Override
    public void close() throws SQLException, IOException {
        writer.close();
        server.close();
    }
}
