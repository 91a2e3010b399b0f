package io.dstream.mssql.process;

import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/// Commits pairs of transactions that overlap in time, each with several rows of both [#ORDERS] and [#CUSTOMERS], until
/// it is stopped. One thread writes.
final class Workload implements AutoCloseable {

    static final String ORDERS = "dbo.orders";
    static final String CUSTOMERS = "dbo.customers";

    private static final Duration PAUSE = Duration.ofMillis(4);

    /// Of each table: three inserts and three updates, one insert, two deletes.
    private static final int CHANGES_A_PAIR = 9;

    private final TestDatabase database;
    private final ExecutorService writer = Executors.newVirtualThreadPerTaskExecutor();
    private final Future<Integer> pairs;
    private volatile boolean stopped;

    private Workload(TestDatabase database) {
        this.database = database;
        this.pairs = writer.submit(this::write);
    }

    /// Creates both tables and captures them.
    static void createTables(TestDatabase database) {
        database.run(
                "CREATE TABLE dbo.orders (id int NOT NULL PRIMARY KEY, note nvarchar(100) NOT NULL)",
                "CREATE TABLE dbo.customers (id int NOT NULL PRIMARY KEY, note nvarchar(100) NOT NULL)");
        database.capture("dbo", "orders");
        database.capture("dbo", "customers");
    }

    /// Begins to write into empty tables.
    static Workload start(TestDatabase database) {
        return new Workload(database);
    }

    /// Ends after the pair that is being written; how many changes each table has had.
    int stop() throws InterruptedException {
        stopped = true;
        try {
            return pairs.get() * CHANGES_A_PAIR;
        } catch (ExecutionException e) {
            throw new AssertionError("the workload failed", e.getCause());
        }
    }

    @Override
    public void close() {
        stopped = true;
        writer.close();
    }

    private int write() throws SQLException {
        int written = 0;
        try (Connection first = database.connect();
                Connection second = database.connect();
                Statement one = first.createStatement();
                Statement other = second.createStatement()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            while (!stopped) {
                writePair(10 * written, one, other);
                second.commit();
                first.commit();
                written++;
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        return written;
    }

    private static void writePair(int id, Statement one, Statement other) throws SQLException {
        for (String table : new String[] {ORDERS, CUSTOMERS}) {
            one.execute("INSERT INTO " + table + " (id, note) VALUES (" + id + ", N'a'), (" + (id + 1) + ", N'b'), ("
                    + (id + 2) + ", N'c')");
            other.execute("INSERT INTO " + table + " (id, note) VALUES (" + (id + 3) + ", N'd')");
        }
        for (String table : new String[] {CUSTOMERS, ORDERS}) {
            for (int row = id; row < id + 3; row++) {
                one.execute("UPDATE " + table + " SET note = N'changed' WHERE id = " + row);
            }
            other.execute("DELETE FROM " + table + " WHERE id = " + (id + 3));
            one.execute("DELETE FROM " + table + " WHERE id = " + id);
        }
    }
}
