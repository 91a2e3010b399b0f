package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.lock.InMemoryLocker;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.lock.NoLocker;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.Stall;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One writer a table: what an instance does that is not it any more.
final class LeaseLossIT {

    private static final TableName ORDERS = new TableName("dbo", "orders");
    private static final String SAVED = "SELECT CONVERT(varchar(40), last_lsn, 1) FROM cdc_offsets";

    private TestDatabase server;
    private final Map<TableName, Lease> holders = new ConcurrentHashMap<>();
    private final InMemoryLocker firstLocker = new InMemoryLocker(holders);
    private final InMemoryLocker secondLocker = new InMemoryLocker(holders);

    @BeforeEach
    void createTable() {
        server = TestDatabase.create();
        server.run("CREATE TABLE dbo.orders (id int NOT NULL PRIMARY KEY)");
        server.capture("dbo", "orders");
    }

    @AfterEach
    void drop() {
        server.close();
    }

    private ObjectNode config() {
        return Configs.of(server, "dbo.orders");
    }

    private static void until(RunningMonitor monitor, List<String> changes) throws Exception {
        Poll.until(() -> monitor.changes().equals(changes), monitor::changes);
    }

    @Test
    void whoLostItsLeaseWhileItWasPausedWritesNothingAndSavesNothing() throws Exception {
        assumeTrue(server.standIn().isPresent(), "pauses a query inside the stand-in");
        AtomicBoolean first = new AtomicBoolean(true);
        Stall pause = new Stall(sql -> sql.contains("fn_cdc_get_all_changes") && first.getAndSet(false));
        try (Installed _ = Installed.in(server.standIn().orElseThrow(), pause);
                RunningMonitor paused = RunningMonitor.start(server, config(), firstLocker)) {
            server.run("INSERT INTO dbo.orders (id) VALUES (1)");
            Poll.until(() -> pause.reached() == 1, pause::reached);

            firstLocker.lose(ORDERS);
            try (RunningMonitor successor = RunningMonitor.start(server, config(), secondLocker)) {
                until(successor, List.of("insert 1"));
                Poll.until(() -> savedByNow(successor), () -> "saved");
                pause.release();
                server.run("INSERT INTO dbo.orders (id) VALUES (2)");
                until(successor, List.of("insert 1", "insert 2"));
                assertThat(paused.changes()).isEmpty();
            }

            // The successor has given the table back: the first goes on where the successor stood.
            server.run("INSERT INTO dbo.orders (id) VALUES (3)");
            until(paused, List.of("insert 3"));
        }
    }

    private boolean savedByNow(RunningMonitor monitor) throws Exception {
        return monitor.isRunning()
                && !server.ask("SELECT COUNT(*) FROM cdc_offsets").equals("0");
    }

    @Test
    void goesOnFromThePositionThatSomebodyElseSaved() throws Exception {
        try (RunningMonitor monitor = RunningMonitor.start(server, config(), new NoLocker())) {
            Poll.until(() -> savedByNow(monitor), () -> "saved");
            String beginning = server.ask(SAVED);
            server.run("INSERT INTO dbo.orders (id) VALUES (1)");
            until(monitor, List.of("insert 1"));
            Poll.until(() -> !server.ask(SAVED).equals(beginning), () -> "saved");

            server.run("UPDATE cdc_offsets SET last_lsn = " + beginning + ", last_seq = 0x00000000000000000000");
            server.run("INSERT INTO dbo.orders (id) VALUES (2)");

            until(monitor, List.of("insert 1", "insert 2", "insert 1", "insert 2"));
            Poll.until(() -> !server.ask(SAVED).equals(beginning), () -> "saved again");
            assertThat(monitor.isRunning()).isTrue();
        }
    }
}
