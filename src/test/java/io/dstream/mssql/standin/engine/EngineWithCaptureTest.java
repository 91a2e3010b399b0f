package io.dstream.mssql.standin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.standin.cdc.H2ChangeCapture;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlSession;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineWithCaptureTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Engine engine;
    private SqlSession sa;

    @BeforeEach
    void start() throws SQLException, SqlServerError, IOException {
        engine = new Engine(new EngineSettings(
                EngineFixture.PASSWORD,
                ZoneOffset.UTC,
                (database, connections, catalog) -> new H2ChangeCapture(
                        connections::open, catalog, database, Clock.systemUTC(), Duration.ofMillis(5))));
        engine.createDatabase("shop");
        sa = engine.open(new SqlSession.Login("sa", EngineFixture.PASSWORD, "shop", "client", "test"));
        run("EXEC sys.sp_cdc_enable_db");
        run("CREATE TABLE dbo.orders (id int PRIMARY KEY, note nvarchar(10), twice AS (id * 2))");
        run("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'orders', @role_name = NULL");
    }

    @AfterEach
    void stop() throws SQLException {
        engine.close();
    }

    private RecordingAnswers run(String sql) throws SqlServerError, IOException {
        return EngineFixture.run(sa, sql);
    }

    private List<List<@Nullable Object>> changes(String instance, int count)
            throws SqlServerError, IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        List<List<@Nullable Object>> rows = List.of();
        while (rows.size() < count && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            if (run("SELECT 1 FROM cdc.lsn_time_mapping WHERE start_lsn >= sys.fn_cdc_get_min_lsn(N'" + instance
                            + "') AND tran_id <> 0x00")
                    .rows
                    .isEmpty()) {
                continue;
            }
            rows = run("""
                            DECLARE @from binary(10) = sys.fn_cdc_get_min_lsn(N'%1$s')
                            DECLARE @to binary(10) = sys.fn_cdc_get_max_lsn()
                            SELECT c.[__$operation], c.id, c.note
                            FROM cdc.fn_cdc_get_all_changes_%1$s(@from, @to, N'all') AS c
                            ORDER BY c.[__$start_lsn], c.[__$seqval], c.[__$operation]
                            """.formatted(instance)).rows;
        }
        return rows;
    }

    @Test
    void capturesWhatWasCommittedAndNothingElse() throws SqlServerError, IOException, InterruptedException {
        run("INSERT INTO orders VALUES (1, N'a'), (2, N'b')");
        run("BEGIN TRAN UPDATE orders SET note = N'x' SAVE TRAN s DELETE FROM orders ROLLBACK TRAN s"
                + " UPDATE orders SET id = 3 WHERE id = 2 COMMIT");
        run("BEGIN TRAN DELETE FROM orders ROLLBACK");
        assertThat(EngineFixture.error(sa, "INSERT INTO orders VALUES (7, N'a'), (1, N'b')"))
                .isEqualTo(2627);
        run("DELETE FROM orders WHERE id = 3");

        assertThat(changes("dbo_orders", 7))
                .containsExactlyInAnyOrder(
                        List.of(2, 1, "a"),
                        List.of(2, 2, "b"),
                        List.of(4, 1, "x"),
                        List.of(4, 2, "x"),
                        List.of(1, 2, "x"),
                        List.of(2, 3, "x"),
                        List.of(1, 3, "x"));
    }

    @Test
    void goesOnAfterColumnsAreAddedAndDropped() throws SqlServerError, IOException, InterruptedException {
        run("ALTER TABLE orders ADD extra varchar(5) NULL");
        run("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'orders', @role_name = NULL,"
                + " @capture_instance = N'second'");
        run("INSERT INTO orders (id, note, extra) VALUES (1, N'a', 'e')");
        assertThat(changes("second", 1)).containsExactly(List.of(2, 1, "a"));
        assertThat(run("SELECT extra FROM cdc.second_CT").rows).containsExactly(List.of("e"));
        assertThat(changes("dbo_orders", 1)).containsExactly(List.of(2, 1, "a"));

        run("ALTER TABLE orders DROP COLUMN extra");
        run("INSERT INTO orders VALUES (2, N'b')");
        assertThat(changes("second", 2)).containsExactly(List.of(2, 1, "a"), List.of(2, 2, "b"));

        assertThat(EngineFixture.error(sa, "TRUNCATE TABLE orders")).isEqualTo(4711);
        run("DROP TABLE orders");
        assertThat(run("SELECT capture_instance FROM cdc.change_tables").rows).isEmpty();
    }

    @Test
    void listsItsInstances() throws SqlServerError, IOException {
        List<@Nullable Object> instance =
                run("EXEC [shop].sys.sp_cdc_help_change_data_capture").rows.getFirst();
        assertThat(instance).startsWith("dbo", "orders", "dbo_orders");
        assertThat(instance).endsWith("[id]", "[id], [note], [twice]");
        assertThat(instance.get(5))
                .isEqualTo(run("SELECT sys.fn_cdc_get_min_lsn(N'dbo_orders')").value());
    }

    @Test
    void answersTheQuestionsOfAReader() throws SqlServerError, IOException {
        assertThat(run("""
                        SELECT c.capture_instance AS capture_instance, c.object_id AS object_id, c.start_lsn AS start_lsn,
                               sys.fn_cdc_get_min_lsn(c.capture_instance) AS low_watermark
                        FROM cdc.change_tables AS c
                        WHERE c.source_object_id = OBJECT_ID(N'dbo.orders')
                        ORDER BY c.create_date, c.object_id""").rows).hasSize(1);
        assertThat(run("""
                        SELECT cc.column_name AS column_name, cc.column_ordinal AS column_ordinal,
                               cc.is_computed AS is_computed, COALESCE(base.name, own.name) AS type_name,
                               col.max_length AS max_length, col.precision AS numeric_precision,
                               col.scale AS numeric_scale
                        FROM cdc.captured_columns AS cc
                        LEFT JOIN sys.columns AS col ON col.object_id = cc.object_id AND col.name = cc.column_name
                        LEFT JOIN sys.types AS own ON own.user_type_id = col.user_type_id
                        LEFT JOIN sys.types AS base ON base.user_type_id = col.system_type_id
                        ORDER BY cc.column_ordinal""").rows)
                .startsWith(List.of("id", 1, false, "int", 4, 10, 0), List.of("note", 2, false, "nvarchar", 20, 0, 0));
        assertThat(run("""
                        SELECT TOP (5) m.start_lsn AS start_lsn, m.tran_end_time AS tran_end_time
                        FROM cdc.lsn_time_mapping AS m WHERE m.start_lsn >= 0x00000000000000000000
                        ORDER BY m.start_lsn""").results).hasSize(1);
        assertThat(run("SELECT DATEDIFF(MINUTE, GETUTCDATE(), GETDATE()) AS offset_minutes")
                        .value())
                .isEqualTo(0);
    }
}
