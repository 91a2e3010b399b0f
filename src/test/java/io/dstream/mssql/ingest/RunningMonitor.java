package io.dstream.mssql.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.FetchAheadLimit;
import io.dstream.mssql.cdc.MaxLsnWatch;
import io.dstream.mssql.cdc.RepeatedHours;
import io.dstream.mssql.cdc.ServerInfo;
import io.dstream.mssql.checkpoint.SqlCheckpointStore;
import io.dstream.mssql.config.ConfigException;
import io.dstream.mssql.config.ConfigReader;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.ingest.StopSignal.Reason;
import io.dstream.mssql.lock.TableLocker;
import io.dstream.mssql.output.LineBuffers;
import io.dstream.mssql.output.StdoutWriter;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One instance of the program, inside the test: a monitor for each table; connections, locker and output of its own.
final class RunningMonitor implements AutoCloseable {

    private final Database database;
    private final StdoutWriter stdout;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final StopSignal stop = new StopSignal();
    private final Monitoring shared;
    private final List<Thread> threads;

    private RunningMonitor(TestDatabase server, ObjectNode json, TableLocker locker)
            throws ConfigException, Failure, IOException, InterruptedException {
        IngesterConfig config = new ConfigReader(Map.of())
                .read(new ByteArrayInputStream(json.toString().getBytes(UTF_8)))
                .config();
        database = Database.open(server.connectionString());
        stdout = StdoutWriter.start(written, () -> stop.request(Reason.OUTPUT_LOST));
        SqlCheckpointStore checkpoints = new SqlCheckpointStore(database);
        checkpoints.prepare();
        shared = new Monitoring(
                config,
                database,
                ServerInfo.read(database, Optional.empty()),
                new RepeatedHours(ZoneOffset.UTC),
                new FetchAheadLimit(1),
                new MaxLsnWatch(database, Duration.ofMillis(10)),
                new WakeUps(stop, config.polling().interval()),
                locker,
                TableSlots.of(config.lock().maxTables(), stop),
                checkpoints,
                stdout,
                new LineBuffers(),
                Optional.empty(),
                new FailureLog(System::nanoTime),
                stop);
        threads = config.tables().named().stream()
                .map(table -> new TableMonitor(shared, table))
                .map(monitor -> Thread.ofVirtual().unstarted(monitor::call))
                .toList();
    }

    /// Follows the tables of `json`.
    static RunningMonitor start(TestDatabase server, ObjectNode json, TableLocker locker)
            throws ConfigException, Failure, IOException, InterruptedException {
        RunningMonitor started = new RunningMonitor(server, json, locker);
        started.threads.forEach(Thread::start);
        return started;
    }

    /// `insert 1`, `delete 2`: type and `id` of every change written so far.
    List<String> changes() {
        return Envelopes.changes(written.toString(UTF_8).lines().toList()).stream()
                .map(change -> change.type() + " " + change.data().path("id"))
                .toList();
    }

    /// `dbo.orders 1`: table and `id` of every change written so far.
    List<String> changedRows() {
        return Envelopes.changes(written.toString(UTF_8).lines().toList()).stream()
                .map(change -> change.table() + " " + change.data().path("id"))
                .toList();
    }

    /// What the monitors share.
    Monitoring shared() {
        return shared;
    }

    /// True until it was asked to stop, or every table has ended.
    boolean isRunning() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    /// Asks it to stop, waits until it has, and closes what is its own.
    @Override
    public void close() {
        stop.request(Reason.ASKED);
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofSeconds(20));
            }
            stdout.close(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        database.close();
    }
}
