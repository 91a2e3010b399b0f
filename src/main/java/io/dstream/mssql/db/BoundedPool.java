package io.dstream.mssql.db;

import com.zaxxer.hikari.HikariDataSource;
import io.dstream.mssql.failure.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;

/// A pool of at most `size` connections with a fair queue in front: waiting for a turn is no error however long it
/// takes, and can be interrupted. Connects when first asked. Thread-safe.
///
/// The pool's own threads open, check and close connections; they are daemons.
final class BoundedPool implements AutoCloseable {

    /// How long one look into the pool takes; then we ask why there is none.
    private static final Duration LOOK = Duration.ofSeconds(2);

    /// A little more than the driver's bound on a login.
    private static final Duration PATIENCE = Duration.ofSeconds(11);

    private static final Duration IDLE = Duration.ofMinutes(2);

    private final Semaphore turns;
    private final HikariDataSource pool;

    BoundedPool(String name, int size, DataSource connections) {
        this.turns = new Semaphore(size, true);
        this.pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setDataSource(connections);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(0);
        pool.setIdleTimeout(IDLE.toMillis());
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(LOOK.toMillis());
        pool.setValidationTimeout(LOOK.toMillis());
        pool.setAutoCommit(true);
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    }

    /// Runs `work` on a connection of the pool.
    <T> T run(String operation, Database.Work<T> work) throws Failure, InterruptedException {
        turns.acquire();
        try {
            return borrowAndRun(work);
        } catch (SQLException e) {
            throw Interruptions.orFailure(operation, e);
        } finally {
            turns.release();
        }
    }

    private <T> T borrowAndRun(Database.Work<T> work) throws SQLException, Failure, InterruptedException {
        try (Connection connection = borrow()) {
            try {
                return work.run(connection);
            } catch (SQLException | Failure | InterruptedException | RuntimeException e) {
                discardIfInterrupted(connection, e);
                throw e;
            }
        }
    }

    /// The socket of an interrupted virtual thread is closed under the driver, or holds the rest of an answer that
    /// nobody read.
    private void discardIfInterrupted(Connection connection, Exception e) {
        if (Interruptions.isInterruption(e)) {
            pool.evictConnection(connection);
        }
    }

    private Connection borrow() throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                return pool.getConnection();
            } catch (SQLTransientConnectionException e) {
                // With a cause, connecting failed; without, it still goes on.
                boolean goesOn = e.getCause() == null && !Thread.currentThread().isInterrupted();
                if (!goesOn || System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw e;
                }
            }
        }
    }

    /// True where somebody waits for a turn, as of this moment.
    boolean isAwaited() {
        return turns.hasQueuedThreads();
    }

    /// Closes every connection, those in use too. May wait for a connection that is being opened.
    @Override
    public void close() {
        pool.close();
    }
}
