package io.dstream.mssql.db;

import io.dstream.mssql.config.ConnectionString;
import io.dstream.mssql.failure.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/// The database, through two pools so that a reader in the middle of a result can still have its position saved:
/// whoever holds a reading connection may ask for a control connection, never the other way round. Thread-safe.
///
/// The pools' sizes do not grow with the number of tables; who comes too many waits for a turn, interruptibly. Every
/// connection commits each statement by itself and reads committed rows. An interrupt ends a running statement, throws
/// its connection away and comes out as `InterruptedException`.
public final class Database implements AutoCloseable {

    private static final Duration CLOSE_WITHIN = Duration.ofMillis(900);

    private final String where;
    private final BoundedPool reading;
    private final BoundedPool control;
    private final DataSource controlConnections;
    private final DataSource dedicated;

    /// `where` says in errors what could not be reached.
    Database(String where, DataSource reading, DataSource control, DataSource dedicated, Sizes sizes) {
        this.where = where;
        this.reading = new BoundedPool("reading", sizes.reading(), reading);
        this.control = new BoundedPool("control", sizes.control(), control);
        this.controlConnections = control;
        this.dedicated = dedicated;
    }

    /// The most connections of each pool.
    public record Sizes(int reading, int control) {
        /// Enough for a thousand tables: most of them have nothing to read.
        public static final Sizes DEFAULT = new Sizes(8, 4);
    }

    /// What to do with a borrowed connection.
    @FunctionalInterface
    public interface Work<T> {
        /// Runs on the caller's thread; the connection goes back when it returns. Who leaves a result half read
        /// cancels its statement first, since closing it would read the rest.
        T run(Connection connection) throws SQLException, Failure, InterruptedException;
    }

    /// As below, with the default sizes.
    public static Database open(ConnectionString where) {
        return open(where, Sizes.DEFAULT);
    }

    /// Opens nothing yet: the first statement does.
    public static Database open(ConnectionString where, Sizes sizes) {
        return new Database(
                where.toString(),
                new DriverConnections(DriverProperties.forReading(where.driverProperties())),
                new DriverConnections(DriverProperties.forControl(where.driverProperties())),
                new DriverConnections(DriverProperties.forDedicated(where.driverProperties())),
                sizes);
    }

    /// What the first statement does, for its errors: "connect to db1.example.com/shop".
    public String connecting() {
        return "connect to " + where;
    }

    /// Long results: windows of changes. `operation` names it in errors: "read changes of dbo.orders".
    public <T> T reading(String operation, Work<T> work) throws Failure, InterruptedException {
        return reading.run(operation, work);
    }

    /// True where others wait for a connection to read by, as of this moment.
    public boolean isReadingAwaited() {
        return reading.isAwaited();
    }

    /// Short statements: watermarks, checkpoints, catalog. One that takes longer than 15 s is a
    /// `TransientFailure`.
    public <T> T control(String operation, Work<T> work) throws Failure, InterruptedException {
        return control.run(operation, work);
    }

    /// A connection of the caller's own, outside the pools, which the caller closes: for locks that a session owns. Its
    /// statements fail after five seconds, and where the network is gone after ten.
    public Connection dedicated(String operation) throws Failure, InterruptedException {
        try {
            return dedicated.getConnection();
        } catch (SQLException e) {
            throw Interruptions.orFailure(operation, e);
        }
    }

    /// A connection of the caller's own for short statements, which the caller closes. Opens nothing yet.
    public KeptConnection kept() {
        return new KeptConnection(controlConnections);
    }

    /// Closes every connection of the pools, also those in use. Takes less than a second, even when the server does
    /// not answer: what is left then ends with the process.
    @Override
    public void close() {
        long deadline = System.nanoTime() + CLOSE_WITHIN.toNanos();
        List<Thread> closing = List.of(closeInBackground(reading), closeInBackground(control));
        try {
            for (Thread thread : closing) {
                thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread closeInBackground(BoundedPool pool) {
        return Thread.ofVirtual().name("close pool").start(pool::close);
    }
}
