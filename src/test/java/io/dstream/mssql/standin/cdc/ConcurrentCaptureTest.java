package io.dstream.mssql.standin.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class ConcurrentCaptureTest {

    private static final int WRITERS = 4;
    private static final int TRANSACTIONS = 150;
    private static final int KEYS = 40;
    private static final int OWN_RANGE = 1000;

    private final long seed = System.nanoTime();

    @Test
    void theReplayedChangeTableEqualsItsSource()
            throws ExecutionException, InterruptedException, SQLException, SqlServerError {
        try (CaptureFixture shop = CaptureFixture.enabled();
                ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            shop.table("orders");
            shop.capture("orders", null);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(seed + i);
                int writer = i;
                running.add(writers.submit(() -> {
                    write(shop, writer, random);
                    return true;
                }));
            }
            shop.capture("orders", "enabled_under_writes");
            for (Future<?> writer : running) {
                writer.get();
            }
            shop.captured();

            assertThat(replay(shop.changes("dbo_orders", "\"__$operation\", id, v, n")))
                    .as("seed " + seed)
                    .containsExactlyElementsOf(shop.query("SELECT id, v, n FROM dbo.orders ORDER BY id"));
            assertThat(
                            shop.query(
                                    "SELECT COUNT(*) FROM \"cdc\".\"dbo_orders_CT\" WHERE \"__$start_lsn\" > (SELECT"
                                            + " \"start_lsn\" FROM \"cdc\".\"change_tables\" WHERE \"capture_instance\" <> 'dbo_orders')"))
                    .isEqualTo(shop.query("SELECT COUNT(*) FROM \"cdc\".\"enabled_under_writes_CT\""));
        }
    }

    private static void write(CaptureFixture shop, int writer, Random random) throws SQLException {
        try (CaptureFixture.Client client = shop.client()) {
            for (int i = 0; i < TRANSACTIONS; i++) {
                if (random.nextBoolean()) {
                    transaction(client, (writer + 1) * OWN_RANGE, random.nextInt(5) + 1, random);
                } else {
                    transaction(client, 0, 1, random);
                }
            }
        }
    }

    /// Statements may fail for duplicate keys. Only single statements meet keys of other writers: H2 2.4.240 loses
    /// committed rows of other sessions when it resolves a deadlock.
    private static void transaction(CaptureFixture.Client client, int firstKey, int statements, Random random)
            throws SQLException {
        for (int i = 0; i < statements; i++) {
            try {
                client.run(statement(firstKey, random));
            } catch (SQLException duplicate) {
                assertThat(duplicate.getSQLState()).startsWith("23");
            }
        }
        if (random.nextInt(5) > 0) {
            client.commit();
        } else {
            client.log.rollback();
        }
    }

    private static String statement(int firstKey, Random random) {
        int id = firstKey + random.nextInt(KEYS);
        int other = firstKey + random.nextInt(KEYS);
        return switch (random.nextInt(6)) {
            case 0 -> "DELETE FROM dbo.orders WHERE id = " + id;
            case 1 -> "UPDATE dbo.orders SET n = n + 1 WHERE id BETWEEN " + id + " AND " + (id + 2);
            case 2 -> "UPDATE dbo.orders SET id = " + other + " WHERE id = " + id;
            case 3 -> "UPDATE dbo.orders SET id = " + KEYS + " + id WHERE id BETWEEN " + id + " AND " + (id + 2);
            default -> "INSERT INTO dbo.orders VALUES (" + id + ", 'v" + other + "', 0)";
        };
    }

    private static List<String> replay(List<String> changes) {
        TreeMap<Integer, String> state = new TreeMap<>();
        for (String change : changes) {
            String row = change.substring(2);
            int id = Integer.parseInt(row.substring(0, row.indexOf('|')));
            switch (change.charAt(0)) {
                case '1', '3' -> assertThat(state.remove(id)).isEqualTo(row);
                case '2', '4' -> assertThat(state.put(id, row)).isNull();
                default -> throw new AssertionError(change);
            }
        }
        return List.copyOf(state.values());
    }
}
