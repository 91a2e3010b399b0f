package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.cdc.ChangeCapture.SessionLog;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The transaction of one session, in one database. H2 never commits by itself; every end goes through the log.
final class Transactions {

    private record Point(Savepoint savepoint, long mark) {}

    private final Connection h2;
    private final SessionLog log;
    private final Runnable ended;
    private final Map<String, Point> savepoints = new LinkedHashMap<>();
    private int depth;

    /// `ended` is told after each end of a transaction that was begun.
    Transactions(Connection h2, SessionLog log, Runnable ended) {
        this.h2 = h2;
        this.log = log;
        this.ended = ended;
    }

    /// `@@TRANCOUNT`.
    int depth() {
        return depth;
    }

    void begin() {
        depth++;
    }

    /// Errors: 3902 without a transaction.
    void commit() throws SQLException, SqlServerError {
        if (depth == 0) {
            throw new SqlServerError(3902, "The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.");
        }
        if (--depth == 0) {
            log.commit();
            end();
        }
    }

    /// Errors: 3903 without a transaction.
    void rollback() throws SQLException, SqlServerError {
        if (depth == 0) {
            throw new SqlServerError(3903, "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.");
        }
        abandon();
    }

    /// Rolls back whatever there is.
    void abandon() throws SQLException {
        log.rollback();
        end();
    }

    private void end() {
        depth = 0;
        savepoints.clear();
        ended.run();
    }

    void save(String name) throws SQLException, SqlServerError {
        if (depth == 0) {
            throw new SqlServerError(628, "Cannot issue SAVE TRANSACTION when there is no active transaction.");
        }
        savepoints.put(name.toLowerCase(Locale.ROOT), new Point(h2.setSavepoint(), log.position()));
    }

    /// Errors: 6401 for a name nobody saved.
    void rollbackTo(String name) throws SQLException, SqlServerError {
        Point point = savepoints.get(name.toLowerCase(Locale.ROOT));
        if (point == null) {
            throw new SqlServerError(
                    6401, "Cannot roll back " + name + ". No transaction or savepoint of that name was found.");
        }
        h2.rollback(point.savepoint());
        log.truncate(point.mark());
    }

    /// Before a statement that changes rows, and before no other.
    long mark() {
        return log.mark();
    }

    /// After it worked: commits unless a transaction is open.
    void succeeded() throws SQLException {
        if (depth == 0) {
            log.commit();
        }
    }

    /// After it failed; `all` takes the whole transaction with it.
    void failed(Optional<Long> mark, boolean all) throws SQLException {
        if (all || depth == 0) {
            abandon();
        } else if (mark.isPresent()) {
            log.truncate(mark.get());
        }
    }
}
