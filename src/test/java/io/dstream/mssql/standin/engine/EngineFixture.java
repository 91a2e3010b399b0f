package io.dstream.mssql.standin.engine;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlSession;
import java.io.IOException;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A server with one database, `shop`, and `sa` in it.
final class EngineFixture implements AutoCloseable {

    static final String PASSWORD = "Secret1!";

    final Engine engine;
    final SqlSession sa;
    private final AtomicReference<@Nullable FakeCapture> capture = new AtomicReference<>();

    EngineFixture() throws SQLException, SqlServerError {
        engine = new Engine(new EngineSettings(PASSWORD, ZoneId.of("UTC"), (database, connections, catalog) -> {
            FakeCapture opened = new FakeCapture(database, connections, catalog);
            capture.set(opened);
            return opened;
        }));
        engine.createDatabase("shop");
        sa = login("sa", PASSWORD);
    }

    SqlSession login(String user, String password) throws SqlServerError {
        return engine.open(new SqlSession.Login(user, password, "shop", "client", "test"));
    }

    /// Of the database that was created last.
    FakeCapture capture() {
        return Objects.requireNonNull(capture.get());
    }

    RecordingAnswers run(String sql) throws SqlServerError, IOException {
        return run(sa, sql);
    }

    static RecordingAnswers run(SqlSession session, String sql, SqlParameter... parameters)
            throws SqlServerError, IOException {
        RecordingAnswers answers = new RecordingAnswers();
        session.execute(sql, List.of(parameters), answers);
        return answers;
    }

    @Nullable
    Object value(String sql) throws SqlServerError, IOException {
        return run(sql).value();
    }

    /// The number of the error that `sql` ends with.
    int error(String sql) {
        return error(sa, sql);
    }

    static int error(SqlSession session, String sql) {
        SqlServerError error = catchThrowableOfType(SqlServerError.class, () -> run(session, sql));
        return error == null ? 0 : error.number();
    }

    @Override
    public void close() throws SQLException {
        engine.close();
    }
}
