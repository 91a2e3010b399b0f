package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.lock.InMemoryLocker;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.lock.LeaseAttempt.Held;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an instance does that may take fewer tables than there are.
final class TableSlotsIT {

    private static final TableName A = new TableName("dbo", "a");
    private static final TableName B = new TableName("dbo", "b");

    /// Many poll intervals.
    private static final Duration A_WHILE = Duration.ofSeconds(1);

    private TestDatabase server;
    private final Map<TableName, Lease> holders = new ConcurrentHashMap<>();
    private final InMemoryLocker store = new InMemoryLocker(holders);
    private final AskedLocker locker = new AskedLocker(store);

    @BeforeEach
    void createTables() {
        server = TestDatabase.create();
        for (TableName table : List.of(A, B)) {
            server.run("CREATE TABLE " + table + " (id int NOT NULL PRIMARY KEY)");
            server.capture(table.schema(), table.table());
            server.run("INSERT INTO " + table + " VALUES (1)");
        }
    }

    @AfterEach
    void drop() {
        server.close();
    }

    private RunningMonitor startWithOneSlot() throws Exception {
        return startWithOneSlot("50ms");
    }

    private RunningMonitor startWithOneSlot(String pollInterval) throws Exception {
        ObjectNode json = Configs.of(server, A.toString(), B.toString())
                .put("poll_interval", pollInterval)
                .put("max_poll_interval", "1h");
        json.putObject("lock_config").put("type", "sql_server").put("max_tables", 1);
        return RunningMonitor.start(server, json, locker);
    }

    private static void await(RunningMonitor monitor, TableName table) throws Exception {
        Poll.until(() -> monitor.changedRows().contains(table + " 1"), monitor::changedRows);
    }

    private static void letTimePass() throws Exception {
        long began = System.nanoTime();
        Poll.until(() -> System.nanoTime() - began > A_WHILE.toNanos(), () -> "time stands still");
    }

    @Test
    void aFullInstanceDoesNotAskTheLockStore() throws Exception {
        try (RunningMonitor monitor = startWithOneSlot()) {
            Poll.until(() -> !monitor.changedRows().isEmpty(), monitor::changedRows);

            letTimePass();

            assertThat(locker.asked()).hasSize(1);
            assertThat(monitor.changedRows()).containsExactly(locker.asked().getFirst() + " 1");
        }
        assertThat(locker.asked()).as("nor when everybody stops").hasSize(1);
    }

    @Test
    void aTableThatSomebodyElseHoldsKeepsNoSlot() throws Exception {
        Lease elsewhere = ((Held) new InMemoryLocker(holders).tryAcquire(A)).lease();
        try (RunningMonitor monitor = startWithOneSlot()) {
            await(monitor, B);
            letTimePass();
            long before = locker.asked(A);
            elsewhere.release();
            letTimePass();

            assertThat(locker.asked(A)).as("full, so it need not know").isEqualTo(before);
            assertThat(monitor.changedRows()).containsExactly(B + " 1");
        }
    }

    @Test
    void theNextNeedNotWaitWhileATableStandsBy() throws Exception {
        InMemoryLocker elsewhere = new InMemoryLocker(holders);
        elsewhere.tryAcquire(A);
        elsewhere.tryAcquire(B);
        try (RunningMonitor _ = startWithOneSlot("1h")) {
            Poll.until(() -> locker.asked().containsAll(List.of(A, B)), locker::asked);
        }
    }

    @Test
    void aLostLeaseFreesItsSlot() throws Exception {
        try (RunningMonitor monitor = startWithOneSlot()) {
            Poll.until(() -> !monitor.changedRows().isEmpty(), monitor::changedRows);
            TableName first = locker.asked().getFirst();
            TableName second = first.equals(A) ? B : A;

            store.lose(first);

            await(monitor, second);
        }
    }

    @Test
    void aTableKeepsNoSlotWhileItWaitsAfterAFailure() throws Exception {
        store.failNextAttempts(1);
        try (RunningMonitor monitor = startWithOneSlot()) {
            Poll.until(() -> locker.asked().size() >= 2, locker::asked);

            TableName failed = locker.asked().getFirst();
            await(monitor, failed.equals(A) ? B : A);
            letTimePass();
            assertThat(locker.asked()).as("its turn comes no more").hasSize(2);
        }
    }

    @Test
    void aTableThatEndsLeavesItsSlotToTheNext() throws Exception {
        try (RunningMonitor monitor = startWithOneSlot()) {
            Poll.until(() -> !monitor.changedRows().isEmpty(), monitor::changedRows);
            TableName first = locker.asked().getFirst();

            server.run("EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N'" + first.table()
                    + "', @capture_instance = N'all'");
            server.run("INSERT INTO " + (first.equals(A) ? B : A) + " VALUES (2)");

            await(monitor, first.equals(A) ? B : A);
        }
    }
}
