package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.checkpoint.InMemoryCheckpointStore;
import io.dstream.mssql.ingest.StopSignal.Reason;
import io.dstream.mssql.ingest.WakeUp.Rest;
import io.dstream.mssql.output.StdoutWriter;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of the probe, and of those who wait for it, while every look fails.
final class ProbingIT {

    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final Position START = Position.before(Lsn.ZERO);

    /// The fifth look comes after 3.75 s at the earliest, the second after half a second at the latest.
    private static final Duration WATCHED = Duration.ofMillis(3600);

    private TestDatabase server;
    private Follow parts;
    private Monitoring shared;
    private WakeUp wakeUp;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger looks = new AtomicInteger();

    @BeforeEach
    void open() throws Exception {
        server = TestDatabase.create();
        assumeTrue(server.standIn().isPresent(), "only the stand-in can refuse");
        server.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
        server.capture("dbo", "t");
        server.run("INSERT INTO dbo.t VALUES (1)");
        server.awaitCaptured("dbo_t", 1);
        parts = new Follow(server, "dbo.t", json -> json.put("poll_interval", "10ms"));
        StdoutWriter stdout = StdoutWriter.start(OutputStream.nullOutputStream(), () -> {});
        shared = parts.sharing(new InMemoryCheckpointStore(), stdout);
        wakeUp = shared.wakeUps().of(SourceTable.find(parts.database(), "dbo", "t"));
    }

    @AfterEach
    void close() {
        shared.stop().request(Reason.ASKED);
        threads.close();
        parts.close();
        server.close();
    }

    private StatementInterceptor refusing(int error) {
        return (sql, parameters, answers) -> {
            if (sql.contains("AS last_lsn")) {
                looks.incrementAndGet();
                throw new SqlServerError(error, "Refused on purpose.");
            }
            return false;
        };
    }

    @Test
    void leavesATenthOfAPollIntervalForTheLookAndTheReading() {
        assertThat(Probing.interval(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(900));
        assertThat(Probing.interval(Duration.ofMillis(1))).isEqualTo(Duration.ofNanos(900_000));
    }

    @Test
    void looksLessAndLessOftenWhileItFailsAndWakesEverybodyOnceWhereThatLasts() throws Exception {
        try (Installed _ = Installed.in(server.standIn().orElseThrow(), refusing(229))) {
            Future<Rest> woken = threads.submit(() -> wakeUp.await(START, Lsn.ZERO, FOR_EVER));
            Poll.until(this::waits, () -> "nobody waits");
            long began = System.nanoTime();
            threads.execute(new Probing(shared));

            assertThat(woken.get()).isEqualTo(new Rest(START, Optional.empty()));
            Future<Rest> again = threads.submit(() -> wakeUp.await(START, Lsn.ZERO, FOR_EVER));
            Poll.until(() -> System.nanoTime() - began > WATCHED.toNanos(), looks::get);
            assertThat(looks).hasValueBetween(2, 5);
            assertThat(again.isDone()).isFalse();
            assertThat(waits()).isTrue();
        }
    }

    @Test
    void wakesNobodyByAFailureThatMayPass() throws Exception {
        try (Installed _ = Installed.in(server.standIn().orElseThrow(), refusing(1205))) {
            Future<Rest> waiting = threads.submit(() -> wakeUp.await(START, Lsn.ZERO, FOR_EVER));
            Poll.until(this::waits, () -> "nobody waits");
            threads.execute(new Probing(shared));

            Poll.until(() -> looks.get() >= 2, looks::get);
            assertThat(waits()).isTrue();
            assertThat(waiting.isDone()).isFalse();
        }
    }

    private boolean waits() {
        shared.wakeUps().lock().lock();
        try {
            return shared.wakeUps().lock().hasWaiters(wakeUp.changed);
        } finally {
            shared.wakeUps().lock().unlock();
        }
    }
}
