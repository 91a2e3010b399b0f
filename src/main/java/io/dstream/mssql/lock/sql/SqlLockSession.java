package io.dstream.mssql.lock.sql;

import io.dstream.mssql.db.SqlErrors;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.TransientFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Application locks that belong to one connection.
final class SqlLockSession implements LockSession {

    private static final Logger log = LoggerFactory.getLogger(SqlLockSession.class);

    private final Connection connection;

    /// Takes over `connection`.
    SqlLockSession(Connection connection) {
        this.connection = connection;
    }

    @Override
    public boolean tryLock(String resource) throws Failure {
        String operation = "lock " + resource;
        try (PreparedStatement statement = connection.prepareStatement(AppLockSql.GET)) {
            statement.setNString(1, resource);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return isGranted(operation, row.getInt("result"));
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(operation, e);
        }
    }

    private static boolean isGranted(String operation, int result) throws TransientFailure {
        if (result < AppLockSql.HELD_ELSEWHERE) {
            throw new TransientFailure(operation + ": sp_getapplock answered " + result);
        }
        return result >= 0;
    }

    @Override
    public void unlock(String resource) throws Failure {
        try (PreparedStatement statement = connection.prepareStatement(AppLockSql.RELEASE)) {
            statement.setNString(1, resource);
            statement.execute();
        } catch (SQLException e) {
            throw SqlErrors.translate("unlock " + resource, e);
        }
    }

    @Override
    public void ping() throws Failure {
        try (Statement statement = connection.createStatement()) {
            statement.execute(AppLockSql.PING);
        } catch (SQLException e) {
            throw SqlErrors.translate("ping the connection that holds the table locks", e);
        }
    }

    @Override
    public void close() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("could not close the connection that held the table locks cause={}", e.getMessage());
        }
    }
}
