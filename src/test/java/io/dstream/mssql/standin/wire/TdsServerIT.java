package io.dstream.mssql.standin.wire;

import static io.dstream.mssql.standin.wire.Answers.StatementKind.OTHER;
import static io.dstream.mssql.standin.wire.WireFixture.answerMany;
import static io.dstream.mssql.standin.wire.WireFixture.answerOne;
import static io.dstream.mssql.standin.wire.WireFixture.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.sqlserver.jdbc.SQLServerConnectionPoolDataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.IntStream;
import javax.sql.PooledConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Connections: logging in, encrypting, errors, pools, leaving.
@Timeout(60)
class TdsServerIT {

    @Test
    void logsInWithWhatTheClientSays() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> answerOne(answers));
                Connection connection = wire.connect()) {
            assertThat(connection.getCatalog()).isEqualTo("shop");
            assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(16);
            SqlSession.Login login = wire.logins.getFirst();
            assertThat(login.user()).isEqualTo("sa");
            assertThat(login.applicationName()).isEqualTo("wire test");
        }
    }

    @Test
    void refusesALoginWithTheSessionsError() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> answerOne(answers))) {
            assertThatThrownBy(() -> DriverManager.getConnection(wire.url("encrypt=false"), "sa", "wrong"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getErrorCode()).isEqualTo(18456));
        }
    }

    @Test
    void encryptsWhenAsked() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> answerMany(answers, 2_000));
                Connection connection = wire.connect("encrypt=true;trustServerCertificate=true");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT many")) {
            assertThat(count(rows)).isEqualTo(2_000);
        }
    }

    @Test
    void passesErrorsOnWithNumberAndState() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    if (sql.equals("SELECT 1")) {
                        answerOne(answers);
                    } else if (sql.startsWith("boom")) {
                        throw new IllegalStateException("not thought of");
                    } else {
                        throw new SqlServerError(1205, 13, 45, "deadlock victim");
                    }
                });
                Connection connection = wire.connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("anything")).isInstanceOfSatisfying(SQLException.class, e -> {
                assertThat(e.getErrorCode()).isEqualTo(1205);
                assertThat(e.getSQLState()).isEqualTo("40001");
            });
            assertThatThrownBy(() -> statement.execute("boom")).isInstanceOfSatisfying(SQLException.class, e -> {
                assertThat(e.getErrorCode()).isEqualTo(50000);
                assertThat(e.getMessage()).contains("IllegalStateException: not thought of");
            });
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void hangsUpAfterAFatalError() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    throw new SqlServerError(596, 21, 1, "session killed");
                });
                Connection connection = wire.connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("anything")).isInstanceOf(SQLException.class);
            assertThat(wire.sessions.getFirst().awaitClosed()).isTrue();
            assertThat(connection.isValid(1)).isFalse();
        }
    }

    @Test
    void servesAPool() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    if (sql.equals("SELECT 1")) {
                        answerOne(answers);
                    } else {
                        answers.done(OTHER, -1);
                    }
                });
                HikariDataSource pool = new HikariDataSource(pool(wire))) {
            for (int i = 0; i < 5; i++) {
                try (Connection connection = pool.getConnection()) {
                    assertThat(connection.isValid(5)).isTrue();
                    connection.setAutoCommit(false);
                    connection.commit();
                }
            }
            wire.server.dropConnections();
            // A pool trusts a connection for a moment without asking, so the first borrower may meet a dead one.
            assertThat(IntStream.range(0, 5).anyMatch(i -> borrowsAValidOne(pool)))
                    .isTrue();
        }
    }

    private static boolean borrowsAValidOne(HikariDataSource pool) {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    @Test
    void aConnectionThatIsResetGetsANewSession() throws Exception {
        SQLServerConnectionPoolDataSource source = new SQLServerConnectionPoolDataSource();
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> answerOne(answers))) {
            source.setURL(wire.url("encrypt=false"));
            source.setUser("sa");
            source.setPassword("pässword€");
            PooledConnection pooled = source.getPooledConnection();
            for (int user = 1; user <= 3; user++) {
                try (Connection connection = pooled.getConnection();
                        Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT")) {
                    assertThat(count(rows)).isEqualTo(1);
                }
            }
            pooled.close();
            assertThat(wire.sessions).hasSizeGreaterThan(1);
            assertThat(wire.sessions).allMatch(ScriptedSession::awaitClosed);
        }
    }

    @Test
    void closesTheSessionOfAClientThatLeaves() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> answerOne(answers))) {
            wire.connect().close();
            assertThat(wire.sessions.getFirst().awaitClosed()).isTrue();
        }
    }

    private static HikariConfig pool(WireFixture wire) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(wire.url("encrypt=false"));
        config.setUsername("sa");
        config.setPassword("pässword€");
        config.setMaximumPoolSize(2);
        return config;
    }
}
