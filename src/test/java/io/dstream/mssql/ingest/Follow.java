package io.dstream.mssql.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.FetchAheadLimit;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.MaxLsnWatch;
import io.dstream.mssql.cdc.RepeatedHours;
import io.dstream.mssql.cdc.ServerInfo;
import io.dstream.mssql.checkpoint.CheckpointStore;
import io.dstream.mssql.config.ConfigException;
import io.dstream.mssql.config.ConfigReader;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.lock.NoLocker;
import io.dstream.mssql.output.LineBuffers;
import io.dstream.mssql.output.StdoutWriter;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The parts of a run inside this process, put together over one connected [Database]: many short runs cost little.
final class Follow implements AutoCloseable {

    private final IngesterConfig config;
    private final Database database;
    private final ServerInfo server;

    /// Follows `table` of `where`; `change` may change the configuration.
    Follow(TestDatabase where, String table, Consumer<ObjectNode> change)
            throws IOException, ConfigException, Failure, InterruptedException {
        ObjectNode json = Configs.of(where, table).put("stop_when_caught_up", true);
        change.accept(json);
        this.config = new ConfigReader(Map.of())
                .read(new ByteArrayInputStream(json.toString().getBytes(UTF_8)))
                .config();
        this.database = Database.open(config.database());
        this.server = ServerInfo.read(database, Optional.empty());
    }

    IngesterConfig config() {
        return config;
    }

    Database database() {
        return database;
    }

    Lsn highestLsn() throws Failure, InterruptedException {
        return new MaxLsnWatch(database, Duration.ZERO).current().orElseThrow();
    }

    /// What the parts of a run share that writes to `stdout`.
    Monitoring sharing(CheckpointStore checkpoints, StdoutWriter stdout) throws Failure, InterruptedException {
        StopSignal stop = new StopSignal();
        return new Monitoring(
                config,
                database,
                server,
                new RepeatedHours(server.timeZone()),
                new FetchAheadLimit(1),
                new MaxLsnWatch(database, Duration.ZERO),
                new WakeUps(stop, config.polling().interval()),
                new NoLocker(),
                TableSlots.of(config.lock().maxTables(), stop),
                checkpoints,
                stdout,
                new LineBuffers(),
                Optional.of(highestLsn()),
                new FailureLog(System::nanoTime),
                stop);
    }

    /// Reads all there is, or until stdout is gone.
    TableEnding run(CheckpointStore checkpoints, StdoutWriter stdout) throws Failure, InterruptedException {
        Monitoring shared = sharing(checkpoints, stdout);
        return new TableMonitor(shared, config.tables().named().getFirst()).call();
    }

    @Override
    public void close() {
        database.close();
    }
}
