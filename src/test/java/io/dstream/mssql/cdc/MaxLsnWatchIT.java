package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.faults.FailNth;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.StatementLog;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How often the server is asked for its highest LSN, and what else the answer tells.
final class MaxLsnWatchIT {

    private static final Duration NEVER_AGAIN = Duration.ofHours(1);

    private TestDatabase server;
    private Database database;
    private final StatementLog asked = new StatementLog();

    @BeforeEach
    void open() {
        server = TestDatabase.create();
        database = Database.open(server.connectionString());
        assumeTrue(server.standIn().isPresent(), "counts what the stand-in is asked");
    }

    @AfterEach
    void close() {
        database.close();
        server.close();
    }

    private long questions() {
        return asked.countContaining("MAX(m.start_lsn)");
    }

    @Test
    void asksOnceATickHoweverManyWantToKnow() throws ExecutionException, Failure, InterruptedException {
        MaxLsnWatch watch = new MaxLsnWatch(database, NEVER_AGAIN);
        try (Installed _ = Installed.in(server.standIn().orElseThrow(), asked);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Lsn>>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(threads.submit(watch::current));
            }
            for (Future<Optional<Lsn>> answer : answers) {
                assertThat(answer.get()).isEmpty();
            }

            assertThat(questions()).isEqualTo(1);
            watch.refreshed();
            assertThat(questions()).isEqualTo(2);
        }
    }

    @Test
    void seesWhatWasCapturedAfterATick() throws Exception {
        MaxLsnWatch watch = new MaxLsnWatch(database, Duration.ofMillis(1));
        assertThat(watch.current()).isEmpty();

        Lsn idle =
                server.standIn().orElseThrow().engine().capture(server.name()).advanceIdle();

        Poll.until(() -> watch.current().equals(Optional.of(idle)), () -> "not seen");
    }

    @Test
    void knowsTheServersOwnNameFromItsLastLook() throws Exception {
        MaxLsnWatch watch = new MaxLsnWatch(database, NEVER_AGAIN);
        assertThatIllegalStateException().isThrownBy(watch::serverName);

        watch.current();

        assertThat(watch.serverName()).isEqualTo(server.ask("SELECT @@SERVERNAME"));
    }

    @Test
    void noticesThatAnotherServerAnswersWithoutAskingMore() throws Exception {
        TestDatabase moving = TestDatabase.createIn(ZoneOffset.UTC);
        try (StandIn standIn = moving.standIn().orElseThrow();
                Database connected = Database.open(moving.connectionString());
                Installed _ = Installed.in(standIn, asked)) {
            MaxLsnWatch watch = new MaxLsnWatch(connected, NEVER_AGAIN);
            watch.current();
            String before = watch.serverName();

            standIn.rename("replica2");

            watch.current();
            assertThat(watch.serverName()).isEqualTo(before);
            watch.refreshed();
            assertThat(watch.serverName()).isEqualTo("replica2");
            assertThat(asked.countContaining("@@SERVERNAME")).isEqualTo(2);
        }
    }

    @Test
    void asksAgainAfterAFailure() throws Failure, InterruptedException {
        MaxLsnWatch watch = new MaxLsnWatch(database, NEVER_AGAIN);
        FailNth deadlock = FailNth.first(sql -> sql.contains("MAX(m.start_lsn)"), 1, 1205);
        try (Installed _ = Installed.in(server.standIn().orElseThrow(), asked, deadlock)) {
            assertThatExceptionOfType(TransientFailure.class).isThrownBy(watch::current);
            assertThat(watch.current()).isEmpty();
            assertThat(questions()).isEqualTo(2);
        }
    }
}
