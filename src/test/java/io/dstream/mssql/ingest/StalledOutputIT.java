package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.ChangeReader;
import io.dstream.mssql.cdc.FetchAheadLimit;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.MaxLsnWatch;
import io.dstream.mssql.cdc.NextWindow;
import io.dstream.mssql.cdc.NextWindow.Ready;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.RepeatedHours;
import io.dstream.mssql.cdc.ServerInfo;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.cdc.Window;
import io.dstream.mssql.checkpoint.SqlCheckpointStore;
import io.dstream.mssql.config.ConfigException;
import io.dstream.mssql.config.ConfigReader;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.config.ReadingConfig.OnGap;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.lock.LeaseAttempt.Held;
import io.dstream.mssql.lock.NoLocker;
import io.dstream.mssql.output.LineBuffers;
import io.dstream.mssql.output.StdoutWriter;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A reader of our output that does not read must not keep a query of ours open on the server.
final class StalledOutputIT {

    private static final int ROWS = 4000;

    private final CountDownLatch outputBlocks = new CountDownLatch(1);
    private final CountDownLatch outputGoesOn = new CountDownLatch(1);

    /// Takes nothing until [#outputGoesOn].
    private final OutputStream output = new OutputStream() {
        @Override
        public void write(int b) {
            awaitReader();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            awaitReader();
        }

        private void awaitReader() {
            outputBlocks.countDown();
            try {
                outputGoesOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    };

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @Timeout(120)
    void givesTheConnectionBackWhileTheOutputIsBlockedAndGoesOnWhereItStood(int fetchAhead) throws Exception {
        try (TestDatabase server = TestDatabase.create();
                Database database = Database.open(server.connectionString(), new Database.Sizes(1, 2));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.run("CREATE TABLE dbo.wide (id int NOT NULL PRIMARY KEY, text nvarchar(100))");
            server.capture("dbo", "wide");
            server.run("DECLARE @i int = 0; WHILE @i < " + ROWS
                    + " BEGIN SET @i = @i + 1; INSERT INTO dbo.wide VALUES (@i, N'" + "x".repeat(90) + "'); END");
            server.awaitCaptured("dbo_wide", ROWS);

            SourceTable table = SourceTable.find(database, "dbo", "wide");
            Monitoring shared = monitoring(server, database, new FetchAheadLimit(fetchAhead));
            ChangeReader reader = new ChangeReader(
                    database, table, shared.config().reading(), shared.repeatedHours(), shared.fetchAhead());
            Lease lease = ((Held) shared.locker().tryAcquire(table.name())).lease();
            PacedCheckpoint checkpoint = new PacedCheckpoint(
                    table.name(), shared.checkpoints().open(table.name()), lease, Duration.ofHours(1));
            WindowEmitter emitter = new WindowEmitter(
                    shared, table.name(), reader, lease, checkpoint, new GapGuard(table.name(), OnGap.FAIL, reader));
            Window window = window(reader, shared.highestLsn().current().orElseThrow());

            Future<Position> emitted = threads.submit(() -> {
                emitter.emit(window, Duration.ofSeconds(5));
                return emitter.writtenUpTo().orElseThrow();
            });
            outputBlocks.await();
            // The only reading connection: we get it once the blocked window has given it back.
            String one = database.reading("look", connection -> {
                try (var statement = connection.createStatement();
                        var row = statement.executeQuery("SELECT COUNT(*) FROM dbo.wide")) {
                    row.next();
                    return row.getString(1);
                }
            });
            assertThat(one).isEqualTo(Integer.toString(ROWS));
            assertThat(emitted.isDone()).isFalse();

            outputGoesOn.countDown();
            assertThat(emitted.get()).isLessThan(window.end());
            assertThat(emitter.rows()).isBetween(1L, ROWS - 1L);
        }
    }

    private static Window window(ChangeReader reader, Lsn highest) throws Failure, InterruptedException {
        NextWindow next = reader.next(reader.earliest(), highest, 100_000);
        return ((Ready) next).window();
    }

    private Monitoring monitoring(TestDatabase server, Database database, FetchAheadLimit fetchAhead)
            throws ConfigException, Failure, IOException, InterruptedException {
        ObjectNode json = Configs.of(server, "dbo.wide");
        IngesterConfig config = new ConfigReader(Map.of())
                .read(new ByteArrayInputStream(json.toString().getBytes(StandardCharsets.UTF_8)))
                .config();
        SqlCheckpointStore checkpoints = new SqlCheckpointStore(database);
        checkpoints.prepare();
        StopSignal stop = new StopSignal();
        return new Monitoring(
                config,
                database,
                ServerInfo.read(database, Optional.empty()),
                new RepeatedHours(ZoneOffset.UTC),
                fetchAhead,
                new MaxLsnWatch(database, Duration.ofMillis(10)),
                new WakeUps(stop, Duration.ofSeconds(1)),
                new NoLocker(),
                TableSlots.of(config.lock().maxTables(), stop),
                checkpoints,
                StdoutWriter.start(output, () -> {}),
                new LineBuffers(),
                Optional.empty(),
                new FailureLog(System::nanoTime),
                stop);
    }
}
