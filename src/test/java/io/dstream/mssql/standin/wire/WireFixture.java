package io.dstream.mssql.standin.wire;

import io.dstream.mssql.standin.wire.ScriptedSession.Script;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server with scripted sessions, and the real driver to reach it.
final class WireFixture implements AutoCloseable {

    static final List<SqlColumn> ID = List.of(new SqlColumn("id", SqlType.of(Base.INT), false));
    static final List<SqlColumn> ID_AND_NAME = List.of(
            new SqlColumn("id", SqlType.of(Base.INT), false),
            new SqlColumn("name", new SqlType(Base.NVARCHAR, 50, 0, 0), true));

    final TdsServer server;
    final List<SqlSession.Login> logins = new CopyOnWriteArrayList<>();
    final List<ScriptedSession> sessions = new CopyOnWriteArrayList<>();

    WireFixture(Script script) throws IOException {
        server = TdsServer.start(login -> {
            logins.add(login);
            if (!login.password().equals("pässword€")) {
                throw new SqlServerError(18456, 14, 1, "Login failed for user '" + login.user() + "'.");
            }
            ScriptedSession session = new ScriptedSession(login, script);
            sessions.add(session);
            return session;
        });
    }

    String url(String more) {
        return "jdbc:sqlserver://127.0.0.1:" + server.port() + ";databaseName=shop;sendTimeAsDatetime=false;"
                + "applicationName=wire test;" + more;
    }

    Connection connect(String more) throws SQLException {
        return DriverManager.getConnection(url(more), "sa", "pässword€");
    }

    Connection connect() throws SQLException {
        return connect("encrypt=false");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    static void answerOne(Answers answers) throws IOException {
        answers.columns(ID);
        answers.row(new Object[] {1});
        answers.done(Answers.StatementKind.SELECT, 1);
    }

    static void answerMany(Answers answers, int count) throws IOException {
        answers.columns(ID_AND_NAME);
        for (int i = 0; i < count; i++) {
            answers.row(new Object[] {i, "name " + i});
        }
        answers.done(Answers.StatementKind.SELECT, count);
    }

    static int count(ResultSet rows) throws SQLException {
        int count = 0;
        while (rows.next()) {
            count++;
        }
        return count;
    }
}
