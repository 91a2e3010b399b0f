package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.FetchAheadLimit;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.MaxLsnWatch;
import io.dstream.mssql.cdc.RepeatedHours;
import io.dstream.mssql.cdc.ServerInfo;
import io.dstream.mssql.checkpoint.CheckpointStore;
import io.dstream.mssql.checkpoint.SqlCheckpointStore;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.config.TableEntry;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.ingest.StopSignal.Reason;
import io.dstream.mssql.lock.TableLocker;
import io.dstream.mssql.output.LineBuffers;
import io.dstream.mssql.output.StdoutWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows all tables, each on a virtual thread of its own, until everybody is asked to stop or none is left.
public final class Ingester {

    private static final Logger log = LoggerFactory.getLogger(Ingester.class);

    /// Whoever launched us has its answer within 20 s: on a busy machine the virtual machine takes some of them, and
    /// closing what was opened takes up to two.
    private static final Duration START_WITHIN = Duration.ofSeconds(15);

    /// How long a stopping table may take to finish its line, flush and save before it is interrupted; then how long
    /// to save what was written. Together with what [io.dstream.mssql.Main] adds it stays under 5 s.
    private static final Duration GRACE = Duration.ofMillis(1200);

    private static final Duration LAST_SAVE = Duration.ofSeconds(1);

    private static final Duration SLOWEST_TICK = Duration.ofSeconds(1);

    /// Is told that everything was checked.
    @FunctionalInterface
    public interface Started {
        /// Comes before the first line: until it returns there is nothing to write, save or release.
        void started() throws Failure, InterruptedException;
    }

    private final IngesterConfig config;
    private final boolean allTables;
    private final StdoutWriter stdout;
    private final StopSignal stop;

    /// With `allTables` one that cannot be followed is a failure to start; otherwise it stops alone. `stop` ends the
    /// run from outside. `stdout` stays the caller's to close.
    public Ingester(IngesterConfig config, boolean allTables, StdoutWriter stdout, StopSignal stop) {
        this.config = config;
        this.allTables = allTables;
        this.stdout = stdout;
        this.stop = stop;
    }

    /// Starts, follows the tables, and returns once everything is written, saved and released that can be. Throws
    /// `PermanentFailure` where it could not start.
    public Ending run(Started listener) throws Failure, InterruptedException {
        try (Database database = Database.open(config.database())) {
            StartUp start = new StartUp(START_WITHIN, stop, System::nanoTime);
            ServerInfo server = start.step(
                    database.connecting(),
                    () -> ServerInfo.read(database, config.reading().serverTimeZone()));
            List<TableEntry> tables = start.step("find the tables", () -> findTables(database));
            CheckpointStore checkpoints = new SqlCheckpointStore(database);
            start.step("prepare the table cdc_offsets", () -> {
                checkpoints.prepare();
                return checkpoints;
            });
            MaxLsnWatch highestLsn = new MaxLsnWatch(database, tick());
            Optional<Lsn> highestAtStart = start.step("read the highest LSN", highestLsn::current);
            try (TableLocker locker =
                    Lockers.open(config.lock(), database, highestLsn::serverName, server.databaseName())) {
                start.step("prepare the locks", () -> {
                    locker.prepare();
                    return locker;
                });
                listener.started();
                log.info(
                        "Started server={} database={} tables={} lock={}",
                        server.serverName(),
                        server.databaseName(),
                        tables.size(),
                        config.lock().type().name().toLowerCase(Locale.ROOT));
                Monitoring shared = new Monitoring(
                        config,
                        database,
                        server,
                        new RepeatedHours(server.timeZone()),
                        FetchAheadLimit.ofThisMachine(),
                        highestLsn,
                        new WakeUps(stop, config.polling().interval()),
                        locker,
                        TableSlots.of(config.lock().maxTables(), stop),
                        checkpoints,
                        stdout,
                        new LineBuffers(),
                        highestAtStart,
                        new FailureLog(System::nanoTime),
                        stop);
                return followAll(tables, shared);
            }
        }
    }

    private List<TableEntry> findTables(Database database) throws Failure, InterruptedException {
        List<TableEntry> tables = FollowedTables.find(config.tables(), database);
        if (allTables) {
            TableChecks.requireAll(tables, config.reading().mode(), database);
        }
        return tables;
    }

    /// A quarter of the poll interval: fresh enough not to be noticed.
    private Duration tick() {
        Duration quarter = config.polling().interval().dividedBy(4);
        return quarter.compareTo(SLOWEST_TICK) < 0 ? quarter : SLOWEST_TICK;
    }

    private Ending followAll(List<TableEntry> tables, Monitoring shared) throws InterruptedException {
        AtomicInteger followed = new AtomicInteger(tables.size());
        ExecutorService monitors = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("table-", 0).factory());
        List<Future<TableEnding>> endings = tables.stream()
                .map(entry -> monitors.submit(() -> followOne(shared, entry, followed)))
                .toList();
        monitors.shutdown();
        Thread probing = Thread.ofVirtual().name("probe").start(new Probing(shared));
        Reason reason = stop.await();
        probing.interrupt();
        if (reason == Reason.OUTPUT_LOST) {
            log.error("Stdout was closed by its reader, everything stops");
        } else {
            log.info("Stopping reason={}", reason);
        }
        if (reason == Reason.OUTPUT_LOST || !monitors.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
            monitors.shutdownNow();
            if (!monitors.awaitTermination(LAST_SAVE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("Some tables did not end in time, their changes after the last checkpoint will be repeated");
            }
        }
        return switch (reason) {
            case ASKED -> Ending.STOPPED;
            case OUTPUT_LOST -> Ending.OUTPUT_LOST;
            case BROKEN, LAUNCHER_GONE -> Ending.FAILED;
            case ALL_TABLES_ENDED -> anyFailed(endings) ? Ending.FAILED : Ending.CAUGHT_UP;
        };
    }

    private static TableEnding followOne(Monitoring shared, TableEntry entry, AtomicInteger followed) {
        try {
            return new TableMonitor(shared, entry).call();
        } finally {
            if (followed.decrementAndGet() == 0) {
                shared.stop().request(Reason.ALL_TABLES_ENDED);
            }
        }
    }

    private static boolean anyFailed(List<Future<TableEnding>> endings) {
        return endings.stream().anyMatch(ending -> ending.resultNow() == TableEnding.FAILED);
    }
}
