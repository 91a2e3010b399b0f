package io.dstream.mssql.standin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InterpreterTest {

    private EngineFixture server;

    @BeforeEach
    void start() throws SQLException, SqlServerError, IOException {
        server = new EngineFixture();
        server.run("""
                CREATE TABLE dbo.Customers (
                    id int IDENTITY(1,1) NOT NULL CONSTRAINT pk PRIMARY KEY CLUSTERED,
                    name nvarchar(20) NOT NULL,
                    age tinyint NULL,
                    born datetime2(3),
                    balance money DEFAULT 0,
                    created datetime DEFAULT getdate(),
                    twice AS (id * 2),
                    v rowversion)
                """);
    }

    @AfterEach
    void stop() throws SQLException {
        server.close();
    }

    @Test
    void insertsAndReadsBackWithDeclaredTypes() throws SqlServerError, IOException {
        server.run("INSERT INTO dbo.Customers (name, age, born) VALUES (N'Zoë', 255, '2024-01-02T03:04:05.678')");

        RecordingAnswers answers = server.run("SELECT id, name AS who, age, born, balance, created, v, COUNT(*) OVER ()"
                + " FROM [dbo].[customers] c WITH (NOLOCK) WHERE c.name = 'zoË'");

        assertThat(answers.results.getFirst())
                .extracting(SqlColumn::name)
                .containsExactly("id", "who", "age", "born", "balance", "created", "v", "");
        assertThat(answers.results.getFirst())
                .extracting(column -> column.type().base())
                .containsExactly(
                        Base.INT,
                        Base.NVARCHAR,
                        Base.TINYINT,
                        Base.DATETIME2,
                        Base.MONEY,
                        Base.DATETIME,
                        Base.ROWVERSION,
                        Base.BIGINT);
        assertThat(answers.results.getFirst().get(3).type().scale()).isEqualTo(3);
        assertThat(answers.rows.getFirst()).startsWith(1, "Zoë", 255);
        assertThat(answers.done).containsExactly("SELECT 1");
    }

    @Test
    void bindsParametersAndVariables() throws SqlServerError, IOException {
        server.run("INSERT Customers VALUES (N'a', 1, NULL, 5, NULL), (N'b', 2, NULL, 6, NULL)");

        SqlParameter name = new SqlParameter("@P0", new SqlType(Base.NVARCHAR, 4000, 0, 0), "b", false);
        assertThat(EngineFixture.run(server.sa, "SELECT TOP (1) age FROM Customers WHERE name = @P0 ORDER BY id", name)
                        .value())
                .isEqualTo(2);
        assertThat(server.value("DECLARE @n int = 1, @s nvarchar(5) = N'x'; SET @n = @n + 1"
                        + " SELECT @s = name FROM Customers WHERE age = @n SELECT @s + N'!'"))
                .isEqualTo("b!");
    }

    @Test
    void followsConditionsAndLoops() throws SqlServerError, IOException {
        RecordingAnswers answers = server.run("""
                DECLARE @i int = 0
                WHILE @i < 3 BEGIN
                  INSERT INTO Customers (name) VALUES (CONCAT(N'c', @i));
                  SET @i = @i + 1
                  IF @i = 2 BREAK ELSE PRINT 'on'
                END
                SELECT COUNT(*), CASE WHEN MAX(id) = 2 THEN 'two' ELSE 'other' END FROM Customers
                """);

        assertThat(answers.rows).containsExactly(List.of(2, "two"));
        assertThat(answers.infos).containsExactly("on");
        assertThat(answers.done).containsExactly("INSERT 1", "INSERT 1", "SELECT 1");
    }

    @Test
    void commitsAndRollsBack() throws SqlServerError, IOException {
        server.run("BEGIN TRAN INSERT INTO Customers (name) VALUES (N'a') SAVE TRAN s"
                + " INSERT INTO Customers (name) VALUES (N'b') ROLLBACK TRAN s COMMIT");
        server.run("set implicit_transactions on");
        server.run("INSERT INTO Customers (name) VALUES (N'c')");
        assertThat(server.value("SELECT @@TRANCOUNT")).isEqualTo(1);
        server.run("IF @@TRANCOUNT > 0 ROLLBACK TRAN");
        server.run("IF @@TRANCOUNT > 0 COMMIT TRAN set implicit_transactions off");

        assertThat(server.run("SELECT name FROM Customers").rows).containsExactly(List.of("a"));
        assertThat(server.error("BEGIN TRAN CREATE TABLE x (a int)")).isEqualTo(226);
        assertThat(server.error("COMMIT COMMIT")).isEqualTo(3902);
    }

    @Test
    void refusesWhatSqlServerRefuses() {
        assertThat(server.error("SELECT * FROM Customers LIMIT 5")).isEqualTo(102);
        assertThat(server.error("SELECT 'a' || 'b'")).isEqualTo(102);
        assertThat(server.error("SELECT id FROM Customers WHERE id = TRUE")).isEqualTo(207);
        assertThat(server.error("CREATE TABLE IF NOT EXISTS x (a int)")).isEqualTo(156);
        assertThat(server.error(
                        "MERGE Customers AS t USING (SELECT 1 AS k) AS s ON t.id = s.k WHEN MATCHED THEN DELETE"))
                .isEqualTo(10713);
        assertThat(server.error("UPDATE Customers SET name = o.name FROM Customers o"))
                .isEqualTo(156);
        assertThat(server.error("SELECT nope FROM Customers")).isEqualTo(207);
        assertThat(server.error("SELECT * FROM nope")).isEqualTo(208);
        assertThat(server.error("SELECT nope(1)")).isEqualTo(195);
        assertThat(server.error("EXEC nope")).isEqualTo(2812);
        assertThat(server.error("SELECT @x")).isEqualTo(137);
        assertThat(server.error("EXPLAIN SELECT 1")).isEqualTo(102);
        assertThat(server.error("SET WHATEVER ON")).isEqualTo(102);
        assertThat(server.error("SELECT * FROM INFORMATION_SCHEMA.TABLES")).isEqualTo(208);
        assertThat(server.error("CREATE TABLE Customers (a int)")).isEqualTo(2714);
    }

    @Test
    void givesErrorsTheirNumbers() throws SqlServerError, IOException {
        server.run("CREATE TABLE t (id int PRIMARY KEY, s varchar(3) NOT NULL, n decimal(4,2))");
        server.run("INSERT INTO t VALUES (1, 'a', 1)");

        assertThat(server.error("INSERT INTO t VALUES (1, 'a', 1)")).isEqualTo(2627);
        assertThat(server.error("INSERT INTO t VALUES (2, NULL, 1)")).isEqualTo(515);
        assertThat(server.error("INSERT INTO t VALUES (2, 'abcd', 1)")).isEqualTo(2628);
        assertThat(server.error("INSERT INTO t VALUES (2, 'a', 1000)")).isEqualTo(8115);
        assertThat(server.error("INSERT INTO t VALUES (2, 'a')")).isEqualTo(213);
        assertThat(server.error("SELECT CAST('x' AS int)")).isEqualTo(245);
        assertThat(server.error("INSERT INTO Customers (id, name) VALUES (1, N'a')"))
                .isEqualTo(544);
        assertThat(server.error("INSERT INTO Customers (name, age) VALUES (N'a', 256)"))
                .isEqualTo(220);
        assertThat(server.error("THROW 50001, N'mine', 1")).isEqualTo(50001);
        assertThat(server.value("BEGIN TRY SELECT 1/0 END TRY BEGIN CATCH SELECT ERROR_NUMBER() END CATCH"))
                .isEqualTo(8134);
    }

    @Test
    void mergesUpdatesDeletesAndJoins() throws SqlServerError, IOException {
        server.run("CREATE TABLE o (k nvarchar(10) PRIMARY KEY, pos binary(10))");
        for (int i = 0; i < 2; i++) {
            server.run("MERGE dbo.o WITH (HOLDLOCK) AS t USING (SELECT N'a' AS k, 0x00000000000000000001 AS pos) AS s"
                    + " ON t.k = s.k WHEN MATCHED THEN UPDATE SET pos = s.pos"
                    + " WHEN NOT MATCHED THEN INSERT (k, pos) VALUES (s.k, s.pos);");
        }
        assertThat(server.run("UPDATE o SET pos = NULL WHERE k IN (N'a', N'b') SELECT @@ROWCOUNT").rows)
                .containsExactly(List.of(1));
        assertThat(server.run("SELECT a.k, b.k FROM o a LEFT JOIN (SELECT k FROM o WHERE 1 = 0) AS b ON a.k = b.k"
                                + " WHERE EXISTS (SELECT 1 FROM o) AND a.pos IS NULL UNION ALL SELECT 'x', 'y'")
                        .rows)
                .hasSize(2);
        assertThat(server.run("DELETE FROM o").done).containsExactly("DELETE 1");
    }

    @Test
    void answersTheKeyThatAnInsertMade() throws SqlServerError, IOException {
        RecordingAnswers answers =
                server.run("INSERT INTO Customers (name) VALUES (N'a') select SCOPE_IDENTITY() AS GENERATED_KEYS");

        assertThat(answers.value()).isEqualTo(BigDecimal.ONE);
        assertThat(answers.done).containsExactly("INSERT 1", "SELECT 1");
    }

    @Test
    void altersTables() throws SqlServerError, IOException {
        server.run("CREATE TYPE dbo.Phone FROM nvarchar(20) NOT NULL; CREATE TABLE p (a int, b dbo.Phone)");
        server.run("ALTER TABLE p ADD c varchar(5) NULL, d datetimeoffset");
        server.run("ALTER TABLE p ALTER COLUMN c varchar(9) NULL ALTER TABLE p DROP COLUMN a");

        assertThat(server.run("""
                        SELECT c.name, c.column_id, t.name, c.max_length, c.scale, c.is_nullable
                        FROM sys.columns AS c JOIN sys.types AS t ON t.user_type_id = c.user_type_id
                        WHERE c.object_id = OBJECT_ID(N'dbo.p', N'U') ORDER BY c.column_id
                        """).rows)
                .containsExactly(
                        List.of("b", 2, "Phone", 40, 0, false),
                        List.of("c", 3, "varchar", 9, 0, true),
                        List.of("d", 4, "datetimeoffset", 10, 7, true));
    }
}
