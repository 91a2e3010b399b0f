package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.ChangeReader;
import io.dstream.mssql.cdc.NextWindow.Ready;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.cdc.Window;
import io.dstream.mssql.checkpoint.TableCheckpoint;
import io.dstream.mssql.config.ConfigException;
import io.dstream.mssql.config.ReadingConfig.OnGap;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.lock.InMemoryLocker;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.lock.LeaseAttempt.Held;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A window from the server to the lines.
final class WindowEmitterIT {

    private static final TableName NUMBERS = new TableName("dbo", "numbers");
    private static final int KEY_UPDATES = 2_000;

    private TestDatabase server;
    private RunningMonitor idle;

    /// Keeps every position.
    private static final class RecordedCheckpoint implements TableCheckpoint {

        private final List<Position> saved = new ArrayList<>();

        @Override
        public Optional<Position> position() {
            return saved.isEmpty() ? Optional.empty() : Optional.of(saved.getLast());
        }

        @Override
        public void save(Position position) {
            saved.add(position);
        }
    }

    @BeforeEach
    void open() throws ConfigException, Failure, IOException, InterruptedException {
        server = TestDatabase.create();
        server.run(
                "CREATE TABLE dbo.numbers (id int NOT NULL PRIMARY KEY)", "CREATE TABLE dbo.other (id int NOT NULL)");
        server.capture("dbo", "numbers");
        server.capture("dbo", "other");
        // Its table never changes: it only lends its parts.
        idle = RunningMonitor.start(server, Configs.of(server, "dbo.other"), new InMemoryLocker());
    }

    @AfterEach
    void close() {
        idle.close();
        server.close();
    }

    private Window wholeWindow(ChangeReader reader) throws Failure, InterruptedException {
        return ((Ready) reader.next(
                        reader.earliest(),
                        idle.shared().highestLsn().refreshed().orElseThrow(),
                        100_000))
                .window();
    }

    private WindowEmitter emitter(Database database, ChangeReader reader, RecordedCheckpoint saved) throws Failure {
        Lease lease = ((Held) new InMemoryLocker().tryAcquire(NUMBERS)).lease();
        PacedCheckpoint checkpoint = new PacedCheckpoint(NUMBERS, saved, lease, Duration.ZERO);
        Monitoring shared = idle.shared();
        Monitoring own = new Monitoring(
                shared.config(),
                database,
                shared.server(),
                shared.repeatedHours(),
                shared.fetchAhead(),
                shared.highestLsn(),
                shared.wakeUps(),
                shared.locker(),
                shared.slots(),
                shared.checkpoints(),
                shared.stdout(),
                shared.lineBuffers(),
                shared.highestAtStart(),
                shared.failures(),
                shared.stop());
        return new WindowEmitter(own, NUMBERS, reader, lease, checkpoint, new GapGuard(NUMBERS, OnGap.FAIL, reader));
    }

    private ChangeReader reader(Database database) throws Failure, InterruptedException {
        SourceTable table = SourceTable.find(database, "dbo", "numbers");
        return new ChangeReader(
                database,
                table,
                idle.shared().config().reading(),
                idle.shared().repeatedHours(),
                idle.shared().fetchAhead());
    }

    @Test
    void savesOnTheWayAlsoWhereChangesComeInPairs() throws Exception {
        server.run(
                "INSERT INTO dbo.numbers VALUES (0)",
                "DECLARE @i int = 0; WHILE @i < " + KEY_UPDATES
                        + " BEGIN SET @i = @i + 1; UPDATE dbo.numbers SET id = @i; END");
        server.awaitCaptured("dbo_numbers", 1 + 2 * KEY_UPDATES);
        Database database = idle.shared().database();
        ChangeReader reader = reader(database);
        RecordedCheckpoint saved = new RecordedCheckpoint();

        WindowEmitter emitter = emitter(database, reader, saved);
        emitter.emit(wholeWindow(reader), Duration.ofSeconds(5));

        assertThat(emitter.rows()).isEqualTo(1 + 2 * KEY_UPDATES);
        assertThat(saved.saved).isNotEmpty().isSorted();
    }

    @Test
    void waitingForAConnectionIsNoSlowQuery() throws Exception {
        server.run("INSERT INTO dbo.numbers VALUES (0)");
        server.awaitCaptured("dbo_numbers", 1);
        try (Database database = Database.open(server.connectionString(), new Database.Sizes(1, 1))) {
            ChangeReader reader = reader(database);
            Window window = wholeWindow(reader);
            WindowEmitter emitter = emitter(database, reader, new RecordedCheckpoint());
            CountDownLatch taken = new CountDownLatch(1);
            CountDownLatch giveBack = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> occupy(database, taken, giveBack));
            taken.await();

            Thread emitting = Thread.ofVirtual().start(() -> emit(emitter, window));
            Poll.until(() -> emitting.getState() == Thread.State.WAITING, emitting::getState);
            long waitingSince = System.nanoTime();
            Poll.until(
                    () -> System.nanoTime() - waitingSince
                            > Duration.ofMillis(1500).toNanos(),
                    () -> "");
            giveBack.countDown();
            emitting.join();

            assertThat(emitter.rows()).isEqualTo(1);
            assertThat(emitter.timeToFirstRow()).isLessThan(Duration.ofMillis(1500));
        }
    }

    private static void occupy(Database database, CountDownLatch taken, CountDownLatch giveBack) {
        try {
            database.reading("occupy the only connection", connection -> {
                taken.countDown();
                giveBack.await();
                return connection;
            });
        } catch (Failure e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void emit(WindowEmitter emitter, Window window) {
        try {
            emitter.emit(window, Duration.ofSeconds(5));
        } catch (Failure e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
