package io.dstream.mssql.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The pools over the real driver.
final class DatabaseIT {

    private static final Duration LONG = Duration.ofSeconds(50);

    private static TestDatabase server;

    private Database database;

    @BeforeAll
    static void create() {
        server = TestDatabase.createWithoutCdc();
    }

    @AfterAll
    static void drop() {
        server.close();
    }

    @BeforeEach
    void open() {
        database = Database.open(server.connectionString(), new Database.Sizes(2, 1));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anInterruptEndsARunningStatementSoonAndThrowsItsConnectionAway() throws Failure, InterruptedException {
        List<Thread> waiting = new ArrayList<>();
        List<AtomicReference<@Nullable Throwable>> ends = new ArrayList<>();
        List<Integer> sessions = List.of(database.reading("ask", DatabaseIT::session));
        CountDownLatch running = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
            ends.add(end);
            waiting.add(Thread.ofVirtual().start(() -> waitLong(running, end)));
        }
        assertThat(running.await(Poll.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        long start = System.nanoTime();
        for (Thread thread : waiting) {
            thread.interrupt();
        }
        for (Thread thread : waiting) {
            assertThat(thread.join(Poll.LIMIT)).isTrue();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(2));
        assertThat(ends).allSatisfy(end -> assertThat(end.get()).isInstanceOf(InterruptedException.class));
        for (int i = 0; i < 3; i++) {
            assertThat(database.reading("ask", DatabaseIT::session)).isNotIn(sessions);
        }
    }

    private void waitLong(CountDownLatch running, AtomicReference<@Nullable Throwable> end) {
        try {
            database.reading("wait", connection -> {
                try (Statement statement = connection.createStatement()) {
                    running.countDown();
                    statement.execute("WAITFOR DELAY '00:00:" + LONG.toSeconds() + "'");
                }
                return running;
            });
        } catch (InterruptedException | Failure | RuntimeException e) {
            end.set(e);
        }
    }

    @Test
    void aReaderThatIsInterruptedInTheMiddleOfAResultLeavesAPoolThatWorks() throws Failure, InterruptedException {
        server.run("CREATE TABLE dbo.many (id int NOT NULL PRIMARY KEY, filler nchar(1000) NOT NULL)");
        server.run("INSERT INTO dbo.many VALUES " + rows(500));
        for (int i = 0; i < 6; i++) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> database.reading("read", connection -> {
                        try (Statement statement = connection.createStatement();
                                ResultSet row = statement.executeQuery("SELECT id, filler FROM dbo.many")) {
                            int sum = 0;
                            while (row.next()) {
                                sum += row.getInt(1);
                            }
                            return sum;
                        }
                    }));
            Thread.interrupted();
            assertThat(database.reading("ask", DatabaseIT::session)).isPositive();
        }
    }

    private static String rows(int count) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append(i == 0 ? "" : ", ").append("(").append(i).append(", N'x')");
        }
        return rows.toString();
    }

    @Test
    void manyMoreTablesThanConnectionsTakeTurns() throws ExecutionException, InterruptedException, TimeoutException {
        int tables = 300;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < tables; i++) {
                answers.add(threads.submit(() -> {
                    int reading = database.reading(
                            "read", outer -> session(outer) + database.control("ask", DatabaseIT::session));
                    return reading + database.control("ask", DatabaseIT::session);
                }));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get(Poll.LIMIT.toSeconds(), TimeUnit.SECONDS)).isPositive();
            }
        }
    }

    @Test
    void controlWorksWhileEveryReadingConnectionIsHeld() throws Failure, InterruptedException {
        CountDownLatch held = new CountDownLatch(2);
        CountDownLatch released = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
        List<Thread> holders = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            holders.add(Thread.ofVirtual().start(() -> hold(held, released, end)));
        }
        assertThat(held.await(Poll.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(database.control("ask", DatabaseIT::session)).isPositive();

        released.countDown();
        for (Thread holder : holders) {
            assertThat(holder.join(Poll.LIMIT)).isTrue();
        }
        assertThat(end.get()).isNull();
    }

    private void hold(CountDownLatch held, CountDownLatch released, AtomicReference<@Nullable Throwable> end) {
        try {
            database.reading("read", connection -> {
                held.countDown();
                released.await();
                return held;
            });
        } catch (InterruptedException | Failure | RuntimeException e) {
            end.set(e);
        }
    }

    @Test
    void aKilledSessionIsReplaced() throws Exception {
        int killed = database.reading("ask", DatabaseIT::session);
        server.run("KILL " + killed);

        Poll.until(() -> worksOn(killed), () -> "a session other than " + killed);
    }

    /// True where another session than `killed` answers; the first use of a broken one may fail.
    private boolean worksOn(int killed) throws Failure, InterruptedException {
        try {
            return database.reading("ask", DatabaseIT::session) != killed;
        } catch (TransientFailure e) {
            return false;
        }
    }

    private static int session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CAST(@@SPID AS int) AS session")) {
            row.next();
            return row.getInt(1);
        }
    }
}
