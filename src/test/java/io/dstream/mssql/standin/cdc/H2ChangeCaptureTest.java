package io.dstream.mssql.standin.cdc;

import static io.dstream.mssql.standin.cdc.CaptureFixture.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.engine.Catalog;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class H2ChangeCaptureTest {

    private static final String OP_ROW = "\"__$operation\", id, v";

    private CaptureFixture shop;
    private CaptureFixture.Client client;

    @BeforeEach
    void open() throws SQLException, SqlServerError {
        shop = CaptureFixture.enabled();
        shop.table("orders");
        client = shop.client();
    }

    @AfterEach
    void close() throws SQLException {
        client.close();
        shop.close();
    }

    @Test
    void ordersTransactionsByCommitAndNotByStart() throws Exception {
        shop.capture("orders", null);
        try (CaptureFixture.Client second = shop.client()) {
            client.run("INSERT INTO dbo.orders VALUES (1, 'first to start', 0)");
            second.commit("INSERT INTO dbo.orders VALUES (2, 'first to commit', 0)");
            client.commit();
        }
        shop.captured();

        assertThat(shop.changes("dbo_orders", OP_ROW)).containsExactly("2|2|first to commit", "2|1|first to start");
        assertThat(shop.query("SELECT COUNT(*) FROM \"cdc\".\"lsn_time_mapping\" WHERE \"tran_id\" <> X'00'"))
                .containsExactly("2");
    }

    @Test
    void forgetsRolledBackStatementsSavepointsAndTransactions() throws Exception {
        shop.capture("orders", null);
        client.run("INSERT INTO dbo.orders VALUES (1, 'kept', 0)");
        assertThatThrownBy(() -> client.run("INSERT INTO dbo.orders VALUES (2, 'failed', 0), (1, 'twice', 0)"))
                .isInstanceOf(SQLException.class);
        long mark = client.log.mark();
        Savepoint savepoint = client.h2.setSavepoint();
        client.run("INSERT INTO dbo.orders VALUES (3, 'back to savepoint', 0)");
        client.h2.rollback(savepoint);
        client.log.truncate(mark);
        client.commit("INSERT INTO dbo.orders VALUES (4, 'kept too', 0)");
        client.run("DELETE FROM dbo.orders");
        client.log.rollback();
        shop.captured();

        assertThat(shop.changes("dbo_orders", OP_ROW)).containsExactly("2|1|kept", "2|4|kept too");
    }

    @Test
    void showsNothingWhilePausedAndTheMaximumOnlyWithItsRows() throws Exception {
        shop.capture("orders", null);
        assertThat(shop.capture.maxLsn()).isEmpty();
        shop.capture.pause();
        client.commit("INSERT INTO dbo.orders SELECT X, 'many', 0 FROM SYSTEM_RANGE(1, 20000)");
        assertThat(shop.capture.maxLsn()).isEmpty();
        assertThat(shop.changes("dbo_orders", OP_ROW)).isEmpty();

        shop.capture.resume();
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            while (shop.capture.maxLsn().isEmpty()) {
                Thread.onSpinWait();
            }
        });

        assertThat(shop.query("SELECT COUNT(*) FROM \"cdc\".\"dbo_orders_CT\"")).containsExactly("20000");
    }

    @Test
    void refusesWhatSqlServerRefusesOfCaptureInstances() throws Exception {
        shop.capture("orders", null);
        assertError(22926, () -> shop.capture("orders", "dbo_orders"));
        shop.capture("orders", "second");
        assertError(22962, () -> shop.capture("orders", "third"));
        assertError(22931, () -> shop.capture("missing", null));
        assertError(22960, () -> shop.capture.disableTable("dbo", "orders", "third"));
        shop.capture.disableTable("dbo", "orders", "second");
        assertError(22930, () -> shop.capture("orders", "third", "id", "missing"));
        shop.capture.disableDatabase();
        assertError(22901, () -> shop.capture("orders", null));
        assertThat(shop.capture.isEnabled()).isFalse();
    }

    @Test
    void twoInstancesEachSeeWhatCommitsAfterTheirStart() throws Exception {
        shop.capture("orders", null);
        client.commit("INSERT INTO dbo.orders VALUES (1, 'a', 0)");
        shop.capture("orders", "narrow", "n", "id");
        client.commit("INSERT INTO dbo.orders VALUES (2, 'b', 5)");
        client.commit("UPDATE dbo.orders SET v = 'c' WHERE id = 2");
        shop.captured();

        assertThat(shop.changes("dbo_orders", OP_ROW)).containsExactly("2|1|a", "2|2|b", "3|2|b", "4|2|c");
        assertThat(shop.changes("narrow", "\"__$operation\", id, n")).containsExactly("2|2|5");
        assertThat(shop.capture.minLsn("narrow")).isGreaterThan(shop.capture.minLsn("dbo_orders"));
        assertThat(shop.query("SELECT column_name, column_ordinal, column_id FROM \"cdc\".\"captured_columns\" c JOIN"
                        + " \"cdc\".\"change_tables\" t ON t.object_id = c.object_id AND capture_instance = 'narrow'"))
                .containsExactlyInAnyOrder("id|1|1", "n|2|3");
    }

    @Test
    void capturesNoHalfOfATransactionThatIsOpenWhenItsTableIsEnabled()
            throws ExecutionException, InterruptedException, SQLException, TimeoutException {
        client.run("INSERT INTO dbo.orders VALUES (1, 'before', 0)");
        FutureTask<Boolean> enabling = new FutureTask<>(() -> {
            shop.capture("orders", null);
            return true;
        });
        Thread.ofPlatform().start(enabling);
        client.commit("INSERT INTO dbo.orders VALUES (2, 'before too', 0)");
        assertThat(enabling.get(30, TimeUnit.SECONDS)).isTrue();
        client.commit("INSERT INTO dbo.orders VALUES (3, 'after', 0)");
        shop.captured();

        assertThat(shop.changes("dbo_orders", OP_ROW)).containsExactly("2|3|after");
    }

    @Test
    void aReaderInATransactionDoesNotHoldUpDdl() throws Exception {
        assertThat(client.log.position()).isZero();
        shop.capture("orders", null);
        assertThat(shop.capture.isCaptured("DBO", "Orders")).isTrue();
    }

    @Test
    void startsAnewWhenTheDatabaseIsEnabledAgain() throws Exception {
        shop.capture("orders", null);
        shop.capture.pause();
        client.commit("INSERT INTO dbo.orders VALUES (1, 'a', 0)");
        shop.capture.disableDatabase();
        shop.capture.enableDatabase();
        shop.capture("orders", null);
        assertThat(shop.capture.maxLsn()).isEmpty();
        client.commit("INSERT INTO dbo.orders VALUES (2, 'b', 0)");
        shop.captured();

        assertThat(shop.changes("dbo_orders", OP_ROW)).containsExactly("2|2|b");
    }

    @Test
    void cleanupDropsRowsAndMovesTheStart() throws Exception {
        shop.capture("orders", null);
        client.commit("INSERT INTO dbo.orders VALUES (1, 'a', 0)");
        Lsn low = shop.captured();
        client.commit("INSERT INTO dbo.orders VALUES (2, 'b', 0)");
        shop.captured();
        shop.capture.cleanup("dbo_orders", low);

        assertThat(shop.capture.minLsn("dbo_orders")).isEqualTo(low);
        assertThat(shop.changes("dbo_orders", OP_ROW)).containsExactly("2|2|b");
        assertThat(shop.query("SELECT MIN(\"start_lsn\") FROM \"cdc\".\"lsn_time_mapping\""))
                .isEqualTo(shop.query("SELECT \"start_lsn\" FROM \"cdc\".\"change_tables\""))
                .containsExactly(HexFormat.of().formatHex(low.toBytes()));
        assertError(22957, () -> shop.capture.cleanup("dbo_orders", Lsn.MAX));
        assertError(22964, () -> shop.capture.cleanup("dbo_orders", low.next()));
    }

    @Test
    void answersAllChangesInsideTheRangeAnd313Outside() throws Exception {
        shop.capture("orders", null);
        client.commit("INSERT INTO dbo.orders VALUES (1, 'a', 0)");
        client.commit("UPDATE dbo.orders SET v = 'b'");
        Lsn max = shop.captured();
        Lsn min = shop.capture.minLsn("dbo_orders");

        assertThat(shop.query(shop.capture.allChanges("dbo_orders", min, max, "all")))
                .hasSize(2);
        assertThat(shop.query(shop.capture.allChanges("dbo_orders", min, max, " All Update Old")))
                .hasSize(3);
        assertError(313, () -> shop.capture.allChanges("dbo_orders", Lsn.ZERO, max, "all"));
        assertError(313, () -> shop.capture.allChanges("dbo_orders", min, max.next(), "all"));
        assertError(313, () -> shop.capture.allChanges("dbo_orders", max, min, "all"));
        assertError(313, () -> shop.capture.allChanges("dbo_orders", min, max, "net"));
        assertError(208, () -> shop.capture.allChanges("missing", min, max, "all"));
        assertThat(shop.query("EXPLAIN " + shop.capture.allChanges("dbo_orders", min, max, "all"))
                        .toString())
                .contains("idx");
    }

    @Test
    void aDroppedColumnIsLostToItsInstanceAndAnAddedOneUnknown() throws Exception {
        shop.capture("orders", null);
        client.commit("INSERT INTO dbo.orders VALUES (1, 'a', 7)");
        alter("ALTER TABLE \"dbo\".\"orders\" DROP COLUMN v", "id", "n");
        client.commit("INSERT INTO dbo.orders VALUES (2, 8)");
        alter("ALTER TABLE \"dbo\".\"orders\" ADD COLUMN v INT", "id", "n", "v");
        client.commit("INSERT INTO dbo.orders VALUES (3, 9, 1)");
        shop.capture("orders", "second");
        client.commit("INSERT INTO dbo.orders VALUES (4, 10, 2)");
        shop.captured();

        assertThat(shop.changes("dbo_orders", "id, v, n"))
                .containsExactly("1|a|7", "2|null|8", "3|null|9", "4|null|10");
        assertThat(shop.changes("second", "id, v, n")).containsExactly("4|2|10");
    }

    @Test
    void aTypeChangeGoesOnToTheChangeTables() throws Exception {
        shop.capture("orders", null);
        client.commit("INSERT INTO dbo.orders VALUES (1, 'a', 7)");
        Catalog.Table before = shop.catalog.table("dbo", "orders").orElseThrow();
        shop.capture.whileAltering(
                "dbo",
                "orders",
                () -> shop.catalog.alterColumn(shop.h2, before, column("n", SqlType.Base.NVARCHAR, 20)));
        client.commit("INSERT INTO dbo.orders VALUES (2, 'b', 'eight')");
        shop.captured();

        assertThat(shop.changes("dbo_orders", "id, v, n")).containsExactly("1|a|7", "2|b|eight");
        assertThat(shop.query("SELECT \"column_type\" FROM \"cdc\".\"captured_columns\" WHERE \"column_name\" = 'n'"))
                .containsExactly("nvarchar");
    }

    @Test
    void disablingATableDropsItsChangesAndLeavesWritersAlone() throws Exception {
        shop.capture("orders", null);
        client.commit("INSERT INTO dbo.orders VALUES (1, 'a', 0)");
        shop.capture.beforeDrop("dbo", "orders");
        client.commit("INSERT INTO dbo.orders VALUES (2, 'b', 0)");
        shop.captured();

        assertThat(shop.capture.isCaptured("dbo", "orders")).isFalse();
        assertThat(shop.capture.minLsn("dbo_orders")).isEqualTo(Lsn.ZERO);
        assertThat(shop.catalog.table("cdc", "dbo_orders_CT")).isEmpty();
        assertThat(shop.query("SELECT * FROM \"cdc\".\"change_tables\"")).isEmpty();
    }

    @Test
    void appendsEmptyTransactionsForHarnesses() throws Exception {
        Lsn next = shop.capture.appendEmpty(Optional.empty());
        Lsn given = shop.capture.appendEmpty(Optional.of(new Lsn(0x0000_0099_0000_FFFFL, 0xFFFF)));
        Lsn max = shop.captured();

        assertThat(given).isGreaterThan(next).isLessThan(max);
        assertThat(shop.query("SELECT \"tran_id\" FROM \"cdc\".\"lsn_time_mapping\" ORDER BY \"start_lsn\""))
                .hasSize(3)
                .endsWith("00");
        assertThatThrownBy(() -> shop.capture.appendEmpty(Optional.of(next)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void alter(String sql, String... columns) throws SQLException, SqlServerError {
        shop.capture.whileAltering("dbo", "orders", () -> {
            shop.h2.createStatement().execute(sql);
            Catalog.Table old = shop.catalog.table("dbo", "orders").orElseThrow();
            shop.catalog.declare(new Catalog.Table(
                    old.objectId(), "dbo", "orders", declared(old, List.of(columns)), old.primaryKey()));
        });
    }

    private static List<Catalog.Column> declared(Catalog.Table old, List<String> names) {
        return names.stream()
                .map(name -> old.columns().stream()
                        .filter(column -> column.name().equals(name))
                        .findAny()
                        .orElseGet(() -> column(name, SqlType.Base.INT, 0)))
                .toList();
    }

    private static void assertError(int number, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SqlServerError.class,
                        error -> assertThat(error.number()).isEqualTo(number));
    }
}
