package io.dstream.mssql.process;

import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.Answers.StatementKind;
import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// Makes windows of few transactions, a random number each, where the program would take hundreds: answers its
/// question for a window's end as if there were as many transactions as it asked for. Thread-safe.
final class WindowLimit implements StatementInterceptor, AutoCloseable {

    /// In what it asks itself.
    static final String MARK = "counted_by_the_test";

    private static final String WINDOW_END = "SELECT COUNT(*) AS " + MARK + ", MAX(w.start_lsn) AS last_lsn"
            + " FROM (SELECT TOP (?) m.start_lsn AS start_lsn FROM cdc.lsn_time_mapping AS m"
            + " WHERE m.start_lsn >= ? AND m.start_lsn <= ? ORDER BY m.start_lsn) AS w";

    private final Connection connection;
    private final int most;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();

    WindowLimit(TestDatabase database, int most, RandomGenerator random) throws SQLException {
        this.connection = database.connect();
        this.most = most;
        this.random = random;
    }

    @Override
    public boolean intercept(String sql, List<SqlParameter> parameters, Answers answers) throws IOException {
        if (!sql.contains("AS transaction_count")) {
            return false;
        }
        lock.lock();
        try {
            return answer(
                    (Integer) value(parameters, 0),
                    (byte[]) value(parameters, 1),
                    (byte[]) value(parameters, 2),
                    answers);
        } catch (SQLException e) {
            throw new IOException(e);
        } finally {
            lock.unlock();
        }
    }

    private static Object value(List<SqlParameter> parameters, int index) {
        Object value = parameters.get(index).value();
        if (value == null) {
            throw new IllegalArgumentException("parameter " + index + " is NULL");
        }
        return value;
    }

    private boolean answer(int asked, byte[] from, byte[] to, Answers answers) throws SQLException, IOException {
        int limit = random.nextInt(most) + 1;
        try (PreparedStatement statement = connection.prepareStatement(WINDOW_END)) {
            statement.setInt(1, limit);
            statement.setBytes(2, from);
            statement.setBytes(3, to);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getInt(1) < limit) {
                    return false; // There are no more: the true answer is as small.
                }
                answers.columns(List.of(
                        new SqlColumn("transaction_count", SqlType.of(Base.INT), true),
                        new SqlColumn("last_lsn", new SqlType(Base.VARBINARY, 10, 0, 0), true)));
                answers.row(new Object[] {asked, row.getBytes(2)});
                answers.done(StatementKind.SELECT, 1);
                return true;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
