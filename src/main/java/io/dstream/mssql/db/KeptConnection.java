package io.dstream.mssql.db;

import io.dstream.mssql.failure.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection outside the pools, for who asks again and again: nobody looks whether it lives before each use. After
/// a failure the next use opens another. Used by one thread.
public final class KeptConnection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KeptConnection.class);

    private final DataSource connections;
    private Optional<Connection> kept = Optional.empty();

    KeptConnection(DataSource connections) {
        this.connections = connections;
    }

    /// Runs `work` on it. `operation` names that in errors.
    public <T> T run(String operation, Database.Work<T> work) throws Failure, InterruptedException {
        boolean done = false;
        try {
            Connection connection = kept.isPresent() ? kept.get() : connections.getConnection();
            kept = Optional.of(connection);
            T result = work.run(connection);
            done = true;
            return result;
        } catch (SQLException e) {
            throw Interruptions.orFailure(operation, e);
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /// Ends the connection at once, whatever the server does.
    @Override
    public void close() {
        kept.ifPresent(KeptConnection::end);
        kept = Optional.empty();
    }

    private static void end(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("could not close a connection cause={}", e.getMessage());
        }
    }
}
