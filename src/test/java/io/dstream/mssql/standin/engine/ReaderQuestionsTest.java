package io.dstream.mssql.standin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.standin.wire.SqlParameter;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.io.IOException;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What other readers of change data capture ask, in the words of Debezium's connector.
class ReaderQuestionsTest {

    private EngineFixture server;

    @BeforeEach
    void start() throws SQLException, SqlServerError, IOException {
        server = new EngineFixture();
        server.run("CREATE TABLE dbo.orders (id int PRIMARY KEY, at datetime2(3), note varchar(10))");
    }

    @AfterEach
    void stop() throws SQLException {
        server.close();
    }

    @Test
    void callsFunctionsByTheDatabaseTheyAreIn() throws SqlServerError, IOException {
        server.run("EXEC sys.sp_cdc_enable_db");
        assertThat(server.value("SELECT [shop].sys.fn_cdc_increment_lsn(0x00000000000000000001)"))
                .isEqualTo(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 2});
        assertThat(server.value("SELECT [SHOP].sys.fn_cdc_get_min_lsn(N'none')"))
                .isEqualTo(new byte[10]);
        assertThat(server.error("SELECT [elsewhere].sys.fn_cdc_get_max_lsn()")).isEqualTo(195);
        assertThat(server.error(
                        "SELECT * FROM [elsewhere].cdc.[fn_cdc_get_all_changes_dbo_orders](0x00, 0x00, N'all')"))
                .isEqualTo(208);
    }

    @Test
    void selectsFromWhatStandsBeforeTheSelect() throws SqlServerError, IOException {
        server.run("INSERT INTO orders VALUES (1, NULL, 'a'), (2, NULL, 'a'), (3, NULL, 'b')");
        String ranked =
                "WITH ranked AS (SELECT ROW_NUMBER() OVER (PARTITION BY o.note, o.at ORDER BY o.id DESC) AS place,"
                        + " o.* FROM dbo.orders AS o WHERE o.id <= @most) SELECT id, note FROM ranked WHERE place = 1 ORDER BY id";
        SqlParameter most = new SqlParameter("@most", SqlType.of(Base.INT), 3, false);
        RecordingAnswers answers = EngineFixture.run(server.sa, ranked, most);
        assertThat(answers.rows).containsExactly(List.of(2, "a"), List.of(3, "b"));
        assertThat(answers.results.getFirst().get(1).type()).isEqualTo(new SqlType(Base.VARCHAR, 10, 0, 0));
        assertThat(server.value("WITH a AS (SELECT 1 AS n), b AS (SELECT 2 AS n) SELECT a.n + b.n FROM a, b"))
                .isEqualTo(3);
        assertThat(server.error("WITH a (n) AS (SELECT 1) SELECT n FROM a")).isEqualTo(102);
        assertThat(server.error("SELECT id FROM ranked")).isEqualTo(208);
    }

    @Test
    void givesTimesTheOffsetOfTheServer() throws SqlServerError, IOException {
        assertThat(server.value("SELECT DATEPART(TZOFFSET, CAST('2025-01-01T00:00:00-05:30' AS datetimeoffset))"))
                .isEqualTo(-330);
        assertThat(server.value("SELECT DATEPART(TZOFFSET, SYSDATETIMEOFFSET())"))
                .isEqualTo(0);
        assertThat(server.value("SELECT TODATETIMEOFFSET(CAST('2025-01-01T10:00:00' AS datetime), 330)"))
                .isEqualTo(OffsetDateTime.parse("2025-01-01T10:00:00+05:30"));
        assertThat(server.value("SELECT TODATETIMEOFFSET(CAST(NULL AS datetime), 0)"))
                .isNull();
    }

    @Test
    void namesObjectsByTheirIds() throws SqlServerError, IOException {
        assertThat(server.run(
                                "SELECT OBJECT_SCHEMA_NAME(OBJECT_ID(N'orders'), DB_ID(N'shop')),"
                                        + " OBJECT_NAME(OBJECT_ID(N'orders'), DB_ID()), OBJECT_SCHEMA_NAME(OBJECT_ID(N'orders'))")
                        .rows)
                .containsExactly(List.of("dbo", "orders", "dbo"));
        assertThat(server.value("SELECT OBJECT_NAME(OBJECT_ID(N'orders'), DB_ID(N'elsewhere'))"))
                .isNull();
    }

    @Test
    void refusesToTellWhereCaptureIsNot() throws SqlServerError, IOException {
        assertThat(server.error("EXEC [shop].sys.sp_cdc_help_change_data_capture"))
                .isEqualTo(22901);
        assertThat(server.error("EXEC [elsewhere].sys.sp_cdc_enable_db")).isEqualTo(2812);
        server.run("EXEC sys.sp_cdc_enable_db");
        assertThat(server.error("EXEC sys.sp_cdc_help_change_data_capture @source_schema = N'dbo'"))
                .isEqualTo(8145);
    }

    @Test
    void tellsAboutJobs() throws SqlServerError, IOException {
        server.run("EXEC sys.sp_cdc_enable_db EXEC sys.sp_cdc_enable_table N'dbo', N'orders', NULL");
        RecordingAnswers answers = server.run("EXEC sys.sp_cdc_help_jobs");
        assertThat(answers.rows)
                .extracting(row -> row.subList(1, 3))
                .containsExactly(List.of("capture", "cdc.shop_capture"), List.of("cleanup", "cdc.shop_cleanup"));
        assertThat(answers.rows.getFirst().subList(3, 9)).containsExactly(500, 10, true, 5L, 0L, 0L);
        assertThat(server.run("SELECT TOP 1 start_lsn FROM sys.dm_cdc_log_scan_sessions ORDER BY session_id DESC").rows)
                .containsExactly(List.of("00000000:00000000:0000"));
    }
}
