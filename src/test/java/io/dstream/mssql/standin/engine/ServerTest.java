package io.dstream.mssql.standin.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dstream.mssql.standin.wire.SqlColumn;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlSession;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerTest {

    private EngineFixture server;

    @BeforeEach
    void start() throws SQLException, SqlServerError, IOException {
        server = new EngineFixture();
        server.run("CREATE TABLE dbo.orders (id int PRIMARY KEY, at datetime2(3), note varchar(10))");
        server.run("INSERT INTO orders VALUES (1, NULL, 'x')");
    }

    @AfterEach
    void stop() throws SQLException {
        server.close();
    }

    @Test
    void enablesCaptureAndReadsItsFunctions() throws SqlServerError, IOException {
        server.run("EXEC sys.sp_cdc_enable_db");
        server.run("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'orders', @role_name = NULL,"
                + " @supports_net_changes = 0, @captured_column_list = N'id, [note]'");

        assertThat(server.run("SELECT is_cdc_enabled FROM sys.databases WHERE name = DB_NAME()").rows)
                .containsExactly(List.of(true));
        assertThat(server.run("SELECT name FROM sys.tables WHERE is_tracked_by_cdc = 1").rows)
                .containsExactly(List.of("orders"));
        assertThat(server.value("SELECT sys.fn_cdc_get_min_lsn(N'dbo_orders')"))
                .isEqualTo(new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 0, 1});
        assertThat(server.error("TRUNCATE TABLE orders")).isEqualTo(4711);

        RecordingAnswers answers = server.run("DECLARE @from binary(10) = sys.fn_cdc_get_min_lsn(N'dbo_orders')"
                + " SELECT * FROM cdc.fn_cdc_get_all_changes_dbo_orders(@from, sys.fn_cdc_get_max_lsn(), N'all') AS c"
                + " WHERE c.[__$operation] = 2 ORDER BY c.id");
        assertThat(answers.results.getFirst())
                .extracting(SqlColumn::type)
                .extracting(type -> type.base())
                .containsExactly(Base.INT, Base.INT, Base.DATETIME2, Base.VARCHAR);
        assertThat(answers.rows).hasSize(1);
        assertThat(server.capture().asked)
                .last()
                .isEqualTo("changes 00000000:00000001:0001 00000000:00000002:0002 all");
    }

    @Test
    void grantsOneApplicationLockAtATime() throws SqlServerError, IOException {
        String take = "DECLARE @r int; EXEC @r = sp_getapplock @Resource = N'a', @LockMode = N'Exclusive',"
                + " @LockOwner = N'Session', @LockTimeout = 0; SELECT @r";
        try (SqlSession other = server.login("sa", EngineFixture.PASSWORD)) {
            assertThat(server.value(take)).isEqualTo(0);
            assertThat(EngineFixture.run(other, take).value()).isEqualTo(-1);
            assertThat(server.value("SELECT APPLOCK_MODE(N'public', N'a', N'Session')"))
                    .isEqualTo("Exclusive");
            server.run("EXEC sp_releaseapplock N'a', N'Session'");
            assertThat(EngineFixture.run(other, take).value()).isEqualTo(0);
        }
        assertThat(server.value(take)).isEqualTo(0);
    }

    @Test
    void givesOnlyWhatWasGranted() throws SqlServerError, IOException {
        server.run("CREATE LOGIN reader WITH PASSWORD = 'Pass1!'");
        assertThatThrownBy(() -> server.login("reader", "Pass1!")).hasMessageContaining("Cannot open database");
        server.run("CREATE USER reader FOR LOGIN reader; CREATE ROLE gate; ALTER ROLE gate ADD MEMBER reader");
        try (SqlSession reader = server.login("reader", "Pass1!")) {
            assertThat(EngineFixture.error(reader, "SELECT * FROM orders")).isEqualTo(229);
            server.run("GRANT SELECT ON SCHEMA::dbo TO gate");
            assertThat(EngineFixture.error(reader, "SELECT * FROM orders")).isZero();
            assertThat(EngineFixture.error(reader, "DELETE FROM orders")).isEqualTo(229);
            server.run("DENY SELECT ON OBJECT::dbo.orders TO reader");
            assertThat(EngineFixture.error(reader, "SELECT * FROM orders")).isEqualTo(229);
            assertThat(EngineFixture.error(reader, "CREATE TABLE t (a int)")).isEqualTo(262);
            server.run("GRANT CREATE TABLE TO reader");
            assertThat(EngineFixture.error(reader, "CREATE TABLE t (a int)")).isZero();
        }
    }

    @Test
    void hidesInstancesBehindTheirGatingRole() throws SqlServerError, IOException {
        server.run("EXEC sys.sp_cdc_enable_db EXEC sys.sp_cdc_enable_table N'dbo', N'orders', N'gate'");
        server.run("CREATE LOGIN reader WITH PASSWORD = 'Pass1!' CREATE USER reader GRANT SELECT ON orders TO reader");
        try (SqlSession reader = server.login("reader", "Pass1!")) {
            String low = "SELECT sys.fn_cdc_get_min_lsn(N'dbo_orders')";
            assertThat(EngineFixture.run(reader, low).value()).isEqualTo(new byte[10]);
            assertThat(EngineFixture.error(
                            reader, "SELECT * FROM cdc.fn_cdc_get_all_changes_dbo_orders(0x00, 0x00, N'all')"))
                    .isEqualTo(229);
            server.run("EXEC sp_addrolemember N'gate', N'reader'");
            assertThat(EngineFixture.run(reader, low).value()).isNotEqualTo(new byte[10]);
        }
    }

    @Test
    void killsASession() throws SqlServerError, IOException {
        SqlSession victim = server.login("sa", EngineFixture.PASSWORD);
        Object spid = EngineFixture.run(victim, "BEGIN TRAN UPDATE orders SET note = 'y' SELECT @@SPID")
                .value();
        server.run("KILL " + spid);

        assertThat(EngineFixture.error(victim, "SELECT 1")).isEqualTo(596);
        assertThat(server.value("SELECT note FROM orders")).isEqualTo("x");
        victim.close();
    }

    @Test
    void interceptsAndChangesDatabases() throws SqlServerError, IOException {
        server.engine.addInterceptor((sql, parameters, answers) -> {
            if (sql.equals("SELECT ping")) {
                answers.info(0, "pong");
                return true;
            }
            return false;
        });

        assertThat(server.run("SELECT ping").infos).containsExactly("pong");
        assertThat(server.run("CREATE DATABASE other USE other").databases).containsExactly("other");
        assertThat(server.value("SELECT DB_NAME()")).isEqualTo("other");
        assertThat(server.error("USE nowhere")).isEqualTo(911);
        assertThat(server.run("USE shop DROP DATABASE other SELECT name FROM sys.databases ORDER BY database_id").rows)
                .containsExactly(List.of("master"), List.of("shop"));
        assertThatThrownBy(() -> server.login("sa", "wrong")).hasMessageContaining("Login failed");
    }

    @Test
    void knowsItsEnvironment() throws SqlServerError, IOException {
        assertThat(server.run("SELECT CAST(SERVERPROPERTY(N'EngineEdition') AS int), CURRENT_TIMEZONE_ID(),"
                                + " SUSER_SNAME(), USER_NAME(), SCHEMA_NAME(), COL_LENGTH(N'dbo.orders', N'note'),"
                                + " TYPE_NAME(231), ISNULL(NULL, 3), LEN(N'ab  '), CONVERT(varchar(20), 0x0A, 1)")
                        .rows)
                .containsExactly(List.of(3, "UTC", "sa", "dbo", "dbo", 10, "nvarchar", 3, 2, "0x0A"));
        assertThat(server.value("SELECT DATEDIFF(second, SYSUTCDATETIME(), SYSDATETIME())"))
                .isEqualTo(0);
        assertThat(server.run("SELECT GETDATE(), SYSDATETIMEOFFSET(), GETUTCDATE(), NEWID()").rows)
                .hasSize(1);
    }
}
