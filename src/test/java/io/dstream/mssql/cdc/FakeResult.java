package io.dstream.mssql.cdc;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A result of numbered rows, as a [RowQuery] in function mode without before images brings them: each a transaction of
/// its own. Counts how far it was read. Thread-safe as far as a result set is.
final class FakeResult {

    private final int rows;
    private final AtomicInteger current = new AtomicInteger();
    private final Optional<SQLException> atTheEnd;

    private FakeResult(int rows, Optional<SQLException> atTheEnd) {
        this.rows = rows;
        this.atTheEnd = atTheEnd;
    }

    /// Rows 1 to `rows`.
    static FakeResult of(int rows) {
        return new FakeResult(rows, Optional.empty());
    }

    /// The same, then an error instead of an end.
    static FakeResult failing(int rows, SQLException error) {
        return new FakeResult(rows, Optional.of(error));
    }

    /// The last row that was reached.
    int current() {
        return Math.min(rows, current.get());
    }

    ResultSet resultSet() {
        return (ResultSet) Proxy.newProxyInstance(
                FakeResult.class.getClassLoader(), new Class<?>[] {ResultSet.class}, this::answer);
    }

    private Object answer(Object proxy, Method method, Object[] arguments) throws SQLException {
        return switch (method.getName()) {
            case "next" -> next();
            case "isClosed" -> false;
            case "getBytes" -> new Lsn(current.get(), 0).toBytes();
            case "getInt" -> Operation.INSERT.number();
            case "getLong" -> (long) current.get();
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private boolean next() throws SQLException {
        if (current.incrementAndGet() > rows && atTheEnd.isPresent()) {
            throw atTheEnd.get();
        }
        return current.get() <= rows;
    }
}
