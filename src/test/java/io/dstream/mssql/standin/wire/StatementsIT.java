package io.dstream.mssql.standin.wire;

import static io.dstream.mssql.standin.wire.Answers.StatementKind.DDL;
import static io.dstream.mssql.standin.wire.Answers.StatementKind.DELETE;
import static io.dstream.mssql.standin.wire.Answers.StatementKind.INSERT;
import static io.dstream.mssql.standin.wire.Answers.StatementKind.SELECT;
import static io.dstream.mssql.standin.wire.Answers.StatementKind.UPDATE;
import static io.dstream.mssql.standin.wire.WireFixture.ID;
import static io.dstream.mssql.standin.wire.WireFixture.ID_AND_NAME;
import static io.dstream.mssql.standin.wire.WireFixture.answerMany;
import static io.dstream.mssql.standin.wire.WireFixture.answerOne;
import static io.dstream.mssql.standin.wire.WireFixture.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dstream.mssql.standin.wire.SqlType.Base;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Statements and procedures as the driver sends them, what they answer, and stopping them.
@Timeout(60)
class StatementsIT {

    @Test
    void preparesAtTheSecondExecutionAndReusesTheHandleAfterwards() throws Exception {
        List<SqlParameter> seen = new CopyOnWriteArrayList<>();
        List<String> statements = new CopyOnWriteArrayList<>();
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    statements.add(sql);
                    seen.addAll(parameters);
                    answers.columns(ID);
                    answers.row(new Object[] {parameters.getFirst().value()});
                    answers.done(SELECT, 1);
                });
                Connection connection = wire.connect();
                PreparedStatement statement = connection.prepareStatement("SELECT ? AS id")) {
            for (int i = 1; i <= 4; i++) {
                statement.setInt(1, i);
                try (ResultSet rows = statement.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt("id")).isEqualTo(i);
                }
            }
        }
        assertThat(statements).hasSize(4).allMatch(sql -> sql.startsWith("SELECT @P0 AS id"));
        assertThat(seen).extracting(SqlParameter::name).containsOnly("@P0");
        assertThat(seen).extracting(SqlParameter::value).containsExactly(1, 2, 3, 4);
    }

    @Test
    void preparesWithoutExecutingToo() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> answers.done(UPDATE, 3));
                Connection connection = wire.connect("encrypt=false;prepareMethod=prepare");
                PreparedStatement statement = connection.prepareStatement("UPDATE t SET a = ?, b = ?")) {
            for (int i = 0; i < 3; i++) {
                statement.setString(1, "x");
                statement.setBigDecimal(2, new BigDecimal("1.50"));
                assertThat(statement.executeUpdate()).isEqualTo(3);
            }
        }
    }

    @Test
    void givesResultsAndUpdateCountsInOrder() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    answers.done(INSERT, 7);
                    answerOne(answers);
                    answers.info(0, "half way");
                    answers.done(DELETE, 0);
                    answers.columns(ID_AND_NAME);
                    answers.done(SELECT, 0);
                });
                Connection connection = wire.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.execute("several")).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(7);
            assertThat(statement.getMoreResults()).isTrue();
            assertThat(count(statement.getResultSet())).isEqualTo(1);
            assertThat(statement.getMoreResults()).isFalse();
            assertThat(statement.getUpdateCount()).isZero();
            assertThat(statement.getWarnings().getMessage()).contains("half way");
            assertThat(statement.getMoreResults()).isTrue();
            assertThat(count(statement.getResultSet())).isZero();
            assertThat(statement.getMoreResults()).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(-1);
        }
    }

    @Test
    void runsEveryItemOfABatch() throws Exception {
        List<Object> inserted = new CopyOnWriteArrayList<>();
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    parameters.forEach(parameter -> inserted.add(String.valueOf(parameter.value())));
                    answers.done(INSERT, 1);
                });
                Connection connection = wire.connect();
                PreparedStatement statement = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
            for (int i = 0; i < 5; i++) {
                statement.setInt(1, i);
                statement.setString(2, i == 3 ? null : "n" + i);
                statement.addBatch();
            }
            assertThat(statement.executeBatch()).containsExactly(1, 1, 1, 1, 1);
        }
        assertThat(inserted).containsExactly("0", "n0", "1", "n1", "2", "n2", "3", "null", "4", "n4");
    }

    @Test
    void handsBackOutputParametersAndTheStatus() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    answerOne(answers);
                    for (int i = 0; i < parameters.size(); i++) {
                        if (parameters.get(i).output()) {
                            answers.output(i, parameters.get(i).type().base() == Base.INT ? 42 : "out");
                        }
                    }
                    answers.returnStatus(0);
                });
                Connection connection = wire.connect();
                CallableStatement call = connection.prepareCall("{? = call dbo.thing(?, ?)}")) {
            for (int i = 0; i < 3; i++) {
                call.registerOutParameter(1, Types.INTEGER);
                call.setString(2, "in");
                call.registerOutParameter(3, Types.NVARCHAR);
                assertThat(call.execute()).isTrue();
                assertThat(count(call.getResultSet())).isEqualTo(1);
                assertThat(call.getMoreResults()).isFalse();
                assertThat(call.getInt(1)).isEqualTo(42);
                assertThat(call.getString(3)).isEqualTo("out");
            }
        }
    }

    @Test
    void aDefinitionUpdatesNothing() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> answers.done(DDL, -1));
                Connection connection = wire.connect();
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement("CREATE TABLE t (id int)")) {
            assertThat(statement.executeUpdate("CREATE TABLE t (id int)")).isZero();
            assertThat(prepared.executeUpdate()).isZero();
        }
    }

    @Test
    void takesTextInTheCodePage() throws Exception {
        List<SqlParameter> seen = new CopyOnWriteArrayList<>();
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    seen.addAll(parameters);
                    answers.done(UPDATE, 1);
                });
                Connection connection = wire.connect("encrypt=false;sendStringParametersAsUnicode=false");
                PreparedStatement statement = connection.prepareStatement("UPDATE t SET v = ?")) {
            for (String text : List.of("", "Größe €", "x".repeat(10_000))) {
                statement.setString(1, text);
                statement.executeUpdate();
            }
        }
        assertThat(seen).extracting(SqlParameter::value).containsExactly("", "Größe €", "x".repeat(10_000));
        assertThat(seen).allMatch(parameter -> parameter.type().base() == Base.VARCHAR);
    }

    @Test
    void stopsInTheMiddleOfAResultWhenTheClientCancels() throws Exception {
        List<Exception> stopped = new CopyOnWriteArrayList<>();
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    if (sql.equals("SELECT 1")) {
                        answerOne(answers);
                        return;
                    }
                    try {
                        answerMany(answers, Integer.MAX_VALUE);
                    } catch (IOException e) {
                        stopped.add(e);
                        throw e;
                    }
                });
                Connection connection = wire.connect();
                Statement statement = connection.createStatement()) {
            for (int round = 0; round < 3; round++) {
                ResultSet rows = statement.executeQuery("SELECT many");
                assertThat(rows.next()).isTrue();
                statement.cancel();
                rows.close();
                assertThat(connection.isValid(5)).isTrue();
            }
            assertThat(wire.sessions).hasSize(1);
            assertThat(wire.sessions.getFirst().awaitCancelled()).isTrue();
        }
        assertThat(stopped).hasSize(3).allMatch(RequestCancelled.class::isInstance);
    }

    @Test
    void aTimeoutStopsAStatementThatAnswersNothing() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    if (sql.equals("SELECT 1")) {
                        answerOne(answers);
                    } else {
                        assertThat(session.awaitCancelled()).isTrue();
                        throw new SqlServerError(57014, "statement was stopped");
                    }
                });
                Connection connection = wire.connect();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            assertThatThrownBy(() -> statement.execute("WAITFOR"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("HY008"));
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void streamsAHundredThousandRows() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> answerMany(answers, 100_000));
                Connection connection = wire.connect("encrypt=false;responseBuffering=adaptive");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT many")) {
            long sum = 0;
            while (rows.next()) {
                sum += rows.getInt(1);
            }
            assertThat(sum).isEqualTo(100_000L * 99_999 / 2);
        }
    }

    @Test
    void sendsRowsEncodedAheadOfTime() throws Exception {
        TdsRowEncoder encoder = TdsRowEncoder.forColumns(ID_AND_NAME);
        for (int i = 0; i < 50_000; i++) {
            encoder.add(new Object[] {i, i % 7 == 0 ? null : "name " + i});
        }
        byte[] encoded = encoder.toByteArray();
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    answers.columns(ID_AND_NAME);
                    for (int i = 0; i < 20; i++) {
                        answers.encodedRows(encoded, encoder.count());
                    }
                    answers.done(SELECT, 20L * encoder.count());
                });
                Connection connection = wire.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT many")) {
            assertThat(count(rows)).isEqualTo(1_000_000);
        }
    }

    @Test
    void aValueThatDoesNotFitLeavesTheRowsBeforeItIntact() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    answers.columns(ID_AND_NAME);
                    answers.row(new Object[] {1, "fits"});
                    answers.row(new Object[] {2, 3.5});
                });
                Connection connection = wire.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString("name")).isEqualTo("fits");
            assertThatThrownBy(rows::next).hasMessageContaining("3.5 (java.lang.Double)");
        }
    }

    @Test
    void anOutputOfTheWrongClassIsAnErrorAndNoMore() throws Exception {
        try (WireFixture wire = new WireFixture((session, sql, parameters, answers) -> {
                    if (sql.equals("SELECT 1")) {
                        answerOne(answers);
                    } else {
                        answers.output(0, "not a number");
                    }
                });
                Connection connection = wire.connect();
                CallableStatement call = connection.prepareCall("{call dbo.thing(?)}")) {
            call.registerOutParameter(1, Types.INTEGER);
            assertThatThrownBy(call::execute).hasMessageContaining("ClassCastException");
            assertThat(connection.isValid(5)).isTrue();
        }
    }
}
