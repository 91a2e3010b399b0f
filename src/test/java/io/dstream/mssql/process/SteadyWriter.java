package io.dstream.mssql.process;

import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Inserts one row into each of some tables every [#PAUSE], until it is stopped: enough that a table is never quiet,
/// little enough that many of these run at once. Goes on after a few broken connections. One thread writes.
final class SteadyWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SteadyWriter.class);

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int MOST_FAILURES = 20;

    private final TestDatabase database;
    private final List<String> tables;
    private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
    private final Future<?> writing;
    private volatile boolean stopped;

    private SteadyWriter(TestDatabase database, List<String> tables) {
        this.database = database;
        this.tables = tables;
        this.writing = thread.submit(this::write);
    }

    /// Creates and captures `tables`, each with an `id` that the server counts.
    static void createTables(TestDatabase database, List<String> tables) {
        for (String table : tables) {
            database.run("CREATE TABLE " + table + " (id int IDENTITY(1,1) NOT NULL PRIMARY KEY, note nvarchar(20))");
            database.capture("dbo", table.substring("dbo.".length()));
        }
    }

    /// Begins to write.
    static SteadyWriter start(TestDatabase database, List<String> tables) {
        return new SteadyWriter(database, tables);
    }

    /// Ends after the transaction that is being written.
    void stop() throws InterruptedException {
        stopped = true;
        try {
            writing.get();
        } catch (ExecutionException e) {
            throw new AssertionError("the writer failed", e.getCause());
        }
    }

    @Override
    public void close() {
        stopped = true;
        thread.close();
    }

    private Void write() throws SQLException {
        int failures = 0;
        while (!stopped) {
            try {
                writeOnOneConnection();
            } catch (SQLException e) {
                failures++;
                if (failures > MOST_FAILURES) {
                    throw e;
                }
                log.debug("A connection broke", e);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        return null;
    }

    private void writeOnOneConnection() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stopped) {
                for (String table : tables) {
                    statement.execute("INSERT INTO " + table + " (note) VALUES (N'steady')");
                }
                connection.commit();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }
}
