package io.dstream.mssql.process;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.process.Transcript.Written;
import io.dstream.mssql.testing.Azurite;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.StorageProxy;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Several instances of the program over the same tables of one database, with their leases in one container.
final class Instances implements AutoCloseable {

    /// What most tests follow.
    static final List<String> TWO_TABLES = List.of("dbo.t1", "dbo.t2");

    /// How long anything may take here that waits for a lease of a minute to end; reached only by a test that fails.
    static final Duration LIMIT = Duration.ofMinutes(2);

    /// Few processors start few virtual machines at a time; fair, so that nobody's tenth comes before anybody's first.
    private static final int MOST_STARTING = 2;

    private static final Semaphore STARTS = new Semaphore(MOST_STARTING, true);

    private final TestDatabase database;
    private final List<String> tables;
    private final Azurite azurite = Azurite.shared();
    private final String container = azurite.newContainerName();
    private final Transcript transcript = new Transcript();
    private final List<IngesterProcess> processes = new ArrayList<>();

    /// One of them. `name` is the test's.
    record Instance(String name, IngesterProcess process) {

        /// How many lines of its log say `text`.
        long timesSaid(String text) {
            return process.stderr().stream().filter(line -> line.contains(text)).count();
        }
    }

    private Instances(TestDatabase database, List<String> tables) {
        this.database = database;
        this.tables = tables;
        SteadyWriter.createTables(database, tables);
    }

    /// None yet, over [#TWO_TABLES] of a new database.
    static Instances overTwoTables() {
        return over(TestDatabase.create(), TWO_TABLES);
    }

    /// None yet, over `tables`, which are created in `database`. The database is closed with them.
    static Instances over(TestDatabase database, List<String> tables) {
        return new Instances(database, tables);
    }

    TestDatabase database() {
        return database;
    }

    Transcript transcript() {
        return transcript;
    }

    /// Where the lock blobs are.
    BlobContainerClient container() {
        return new BlobContainerClientBuilder()
                .connectionString(azurite.connectionString())
                .containerName(container)
                .buildClient();
    }

    /// In front of the storage.
    StorageProxy newProxy() throws IOException {
        return StorageProxy.to(azurite.port());
    }

    /// Begins to write all tables.
    SteadyWriter startWriter() {
        return SteadyWriter.start(database, tables);
    }

    /// All tables with leases, polled every `interval`, however long nothing changes.
    ObjectNode config(String interval) {
        return config(interval, azurite.port());
    }

    /// As above, with the storage behind `proxy`.
    ObjectNode config(String interval, StorageProxy proxy) {
        return config(interval, proxy.port());
    }

    private ObjectNode config(String interval, int storagePort) {
        ObjectNode config = Configs.of(database.connectionText(), tables)
                .put("poll_interval", interval)
                .put("max_poll_interval", interval);
        config.putObject("lock_config")
                .put("type", "azure_blob")
                .put("connection_string", azurite.connectionString(storagePort))
                .put("container_name", container);
        return config;
    }

    /// Starts one more, and returns once it has connected to everything.
    Instance start(String name, ObjectNode config) throws Exception {
        STARTS.acquire();
        try {
            IngesterProcess process = IngesterProcess.start(config.toString(), Map.of(), transcript.recorder(name));
            processes.add(process);
            Instance instance = new Instance(name, process);
            process.until(() -> instance.timesSaid("Started server=") == 1);
            return instance;
        } finally {
            STARTS.release();
        }
    }

    /// Returns when the other tests that run beside this one start nothing any more: before times are measured.
    static void awaitNoStarts() throws Exception {
        Poll.until(
                () -> STARTS.availablePermits() == MOST_STARTING && !STARTS.hasQueuedThreads(),
                () -> "instances are still being started");
    }

    /// Starts one more, which finds every table held by another.
    Instance startStandingBy(String name, ObjectNode config) throws Exception {
        Instance instance = start(name, config);
        instance.process().until(() -> instance.timesSaid("standing by") == tables.size());
        return instance;
    }

    /// Waits until the `number`-th holder of every table has written it.
    void awaitHolder(int number) throws Exception {
        for (String table : tables) {
            awaitHolder(table, number);
        }
    }

    /// The first line of the `number`-th holder of `table`.
    Written awaitHolder(String table, int number) throws Exception {
        Poll.until(
                LIMIT,
                () -> transcript.first(table, number).isPresent(),
                () -> "holder " + number + " of " + table + " in " + transcript + "; " + logs());
        return transcript.first(table, number).orElseThrow();
    }

    /// Ends the writer, and returns once everything that it wrote has come out of an instance.
    void awaitAllWritten(SteadyWriter writer) throws Exception {
        writer.stop();
        for (String table : tables) {
            long rows = Long.parseLong(database.ask("SELECT COUNT(*) FROM " + table));
            database.awaitCaptured(table.replace('.', '_'), rows);
            String newest = history(table).entries().getLast().identity();
            Poll.until(
                    LIMIT,
                    () -> transcript
                            .last(table)
                            .map(line -> line.changes().getLast())
                            .map(ChangeLine::identity)
                            .filter(newest::equals)
                            .isPresent(),
                    () -> newest + " in " + transcript + "; " + logs());
        }
    }

    /// Every change that must arrive.
    TableHistory history(String table) throws SQLException {
        return TableHistory.read(database, table);
    }

    private List<List<String>> logs() {
        return processes.stream().map(IngesterProcess::stderr).toList();
    }

    /// Kills who still runs, stopped ones too.
    @Override
    public void close() {
        processes.forEach(IngesterProcess::close);
        database.close();
    }
}
