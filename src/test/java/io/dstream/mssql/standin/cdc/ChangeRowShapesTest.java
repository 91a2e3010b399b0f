package io.dstream.mssql.standin.cdc;

import static io.dstream.mssql.standin.cdc.CaptureFixture.column;
import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.standin.engine.Catalog;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ChangeRowShapesTest {

    private static final String OP_ROW = "\"__$operation\", id, v";
    private static final String PLACE = "\"__$start_lsn\", \"__$seqval\"";

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
    void numbersStatementsAndKeepsBothImagesOfAnUpdateTogether() throws Exception {
        shop.capture("orders", null);
        client.run("INSERT INTO dbo.orders VALUES (1, 'a', 0), (2, 'b', 0)");
        client.run("UPDATE dbo.orders SET n = 7", "UPDATE dbo.orders SET n = 7 WHERE id = 1");
        client.commit("DELETE FROM dbo.orders WHERE id = 2");
        shop.captured();

        assertThat(shop.changes("dbo_orders", "\"__$command_id\", \"__$operation\", id, n, \"__$update_mask\""))
                .containsExactly(
                        "1|2|1|0|07",
                        "1|2|2|0|07",
                        "2|3|1|0|04",
                        "2|4|1|7|04",
                        "2|3|2|0|04",
                        "2|4|2|7|04",
                        "4|1|2|7|07");
        assertThat(shop.changes("dbo_orders", PLACE).stream().distinct()).hasSize(5);
        assertThat(shop.changes("dbo_orders", PLACE)).isSorted();
    }

    @Test
    void aKeyUpdateOfOneRowIsDeleteAndInsertAtOneSeqval() throws Exception {
        shop.capture("orders", null);
        client.commit("INSERT INTO dbo.orders VALUES (1, 'a', 0), (5, 'b', 0)");
        client.commit("UPDATE dbo.orders SET id = 2 WHERE id = 1");
        shop.captured();

        assertThat(shop.changes("dbo_orders", OP_ROW).subList(2, 4)).containsExactly("1|1|a", "2|2|a");
        assertThat(shop.changes("dbo_orders", PLACE).subList(2, 4).stream().distinct())
                .hasSize(1);
    }

    @Test
    void aKeyUpdateOfManyRowsIsInOrderByCommandAndOutOfItBySeqval() throws Exception {
        shop.capture("orders", null);
        client.commit("INSERT INTO dbo.orders VALUES (1, 'a', 0), (2, 'b', 0), (3, 'c', 0)");
        client.commit("UPDATE dbo.orders SET id = id + 1");
        shop.captured();

        assertThat(shop.changes("dbo_orders", OP_ROW).subList(3, 9))
                .containsExactly("1|1|a", "1|2|b", "1|3|c", "2|2|a", "2|3|b", "2|4|c");
        assertThat(shop.query("SELECT \"__$operation\", id FROM \"cdc\".\"dbo_orders_CT\""
                        + " ORDER BY \"__$start_lsn\", \"__$seqval\", \"__$operation\" OFFSET 3 ROWS"))
                .containsExactly("1|1", "2|2", "1|2", "2|3", "1|3", "2|4");
    }

    @Test
    void leavesOutLargeObjectsAsSqlServerDoes() throws Exception {
        shop.table(
                "pages",
                column("id", SqlType.Base.INT, 0),
                column("old", SqlType.Base.TEXT, 0),
                column("body", SqlType.Base.NVARCHAR, -1),
                column("n", SqlType.Base.INT, 0),
                new Catalog.Column(
                        "twice",
                        SqlType.of(SqlType.Base.INT),
                        true,
                        false,
                        Optional.of("\"n\" * 2"),
                        Optional.empty()));
        shop.capture("pages", null);
        client.commit("INSERT INTO dbo.pages(id, old, body, n) VALUES (1, 'text', REPEAT('x', 3), 0)");
        client.commit("UPDATE dbo.pages SET n = 1");
        client.commit("UPDATE dbo.pages SET body = 'new'");
        client.commit("DELETE FROM dbo.pages");
        shop.captured();

        assertThat(shop.changes("dbo_pages", "\"__$operation\", old, body, n, twice"))
                .containsExactly(
                        "2|text|xxx|0|null",
                        "3|null|null|0|null",
                        "4|text|xxx|1|null",
                        "3|null|xxx|1|null",
                        "4|text|new|1|null",
                        "1|null|new|1|null");
    }

    @Test
    void keepsLargeObjectsAndTimesToTheLastDigit() throws Exception {
        shop.table(
                "exact",
                column("id", SqlType.Base.INT, 0),
                column("t", SqlType.Base.TIME, 0),
                column("d", SqlType.Base.DATE, 0),
                column("dt", SqlType.Base.DATETIME2, 0),
                column("b", SqlType.Base.VARBINARY, -1));
        shop.capture("exact", null);
        client.commit("INSERT INTO dbo.exact VALUES (1, TIME '23:59:59.9999999', DATE '0001-01-01',"
                + " TIMESTAMP '0001-01-01 02:30:00.1234567', CAST(REPEAT('ab', 1000000) AS BLOB))");
        client.commit("DELETE FROM dbo.exact");
        shop.captured();

        assertThat(shop.changes("dbo_exact", "t, d, dt, OCTET_LENGTH(b)"))
                .hasSize(2)
                .allSatisfy(
                        row -> assertThat(row).startsWith("23:59:59.9999999|0001-01-01|0001-01-01 02:30:00.1234567|"));
        assertThat(shop.query("SELECT DISTINCT OCTET_LENGTH(b) FROM \"cdc\".\"dbo_exact_CT\""))
                .hasSize(1);
    }

    @Test
    void countsTheMasksBitsFromItsLastByte() throws Exception {
        List<Catalog.Column> columns = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            columns.add(column("c" + i, SqlType.Base.INT, 0));
        }
        shop.table("wide", columns.toArray(Catalog.Column[]::new));
        shop.capture("wide", null);
        client.commit("INSERT INTO dbo.wide(c1) VALUES (1)");
        client.commit("UPDATE dbo.wide SET c2 = 1, c9 = 1");
        shop.captured();

        assertThat(shop.changes("dbo_wide", "\"__$update_mask\"")).containsExactly("03ff", "0102", "0102");
    }

    @Test
    void shiftingAllKeysTwiceReplaysToTheSourceByCommand() throws Exception {
        shop.capture("orders", null);
        client.commit("INSERT INTO dbo.orders SELECT X, 'v' || X, 0 FROM SYSTEM_RANGE(1, 20)");
        client.commit("UPDATE dbo.orders SET id = id + 1", "UPDATE dbo.orders SET id = id + 1");
        shop.captured();

        TreeMap<Integer, String> state = new TreeMap<>();
        for (String change : shop.changes("dbo_orders", OP_ROW)) {
            String[] parts = change.split("\\|", -1);
            int id = Integer.parseInt(parts[1]);
            if (parts[0].equals("1")) {
                assertThat(state.remove(id)).isEqualTo(parts[2]);
            } else {
                assertThat(state.put(id, parts[2])).isNull();
            }
        }
        assertThat(state.keySet()).hasSize(20).startsWith(3).endsWith(22);
        assertThat(List.copyOf(state.values())).isEqualTo(shop.query("SELECT v FROM dbo.orders ORDER BY id"));
    }
}
