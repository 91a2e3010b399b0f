package io.dstream.mssql.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.MaxLsnWatch;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One instance of the program that follows one table, inside the test: connections, locker and output of its own.
final class RunningMonitor implements AutoCloseable {

    private final Database database;
    private final StdoutWriter stdout;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final StopSignal stop = new StopSignal();
    private final Monitoring shared;
    private final Thread thread;

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
                new MaxLsnWatch(database, Duration.ofMillis(10)),
                locker,
                checkpoints,
                stdout,
                new LineBuffers(),
                Optional.empty(),
                new FailureLog(System::nanoTime),
                stop);
        TableMonitor monitor = new TableMonitor(shared, config.tables().getFirst());
        thread = Thread.ofVirtual().unstarted(monitor::call);
    }

    /// Follows the first table of `json`.
    static RunningMonitor start(TestDatabase server, ObjectNode json, TableLocker locker)
            throws ConfigException, Failure, IOException, InterruptedException {
        RunningMonitor started = new RunningMonitor(server, json, locker);
        started.thread.start();
        return started;
    }

    /// `insert 1`, `delete 2`: type and `id` of every change written so far.
    List<String> changes() {
        return Envelopes.changes(written.toString(UTF_8).lines().toList()).stream()
                .map(change -> change.type() + " " + change.data().path("id"))
                .toList();
    }

    /// What the monitor shares with others.
    Monitoring shared() {
        return shared;
    }

    /// True until it was asked to stop, or has failed.
    boolean isRunning() {
        return thread.isAlive();
    }

    /// Asks it to stop, waits until it has, and closes what is its own.
    @Override
    public void close() {
        stop.request(Reason.ASKED);
        try {
            thread.join(Duration.ofSeconds(20));
            stdout.close(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        database.close();
    }
}
