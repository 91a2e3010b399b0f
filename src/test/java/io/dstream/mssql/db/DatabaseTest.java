package io.dstream.mssql.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.config.ConnectionString;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The pools over another database; what only SQL Server's own driver does has its tests where a server is.
final class DatabaseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Database database = new Database("h2", h2(), h2(), h2(), new Database.Sizes(2, 1));

    private static JdbcDataSource h2() {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:");
        return source;
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void runsWorkOnConnectionsThatCommitByThemselves() throws Failure, InterruptedException {
        assertThat(database.reading("read", DatabaseTest::one)).isEqualTo(1);
        assertThat(database.control("ask", DatabaseTest::one)).isEqualTo(1);
        assertThat(database.control("ask", Connection::getAutoCommit)).isTrue();
        assertThat(database.control("ask", Connection::getTransactionIsolation))
                .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
    }

    @Test
    void aKeptConnectionIsTheSameUntilItFails() throws Failure, InterruptedException {
        try (KeptConnection kept = database.kept()) {
            Connection first = kept.run("ask", connection -> connection);
            assertThat(kept.<Connection>run("ask", connection -> connection)).isSameAs(first);

            assertThatExceptionOfType(TransientFailure.class)
                    .isThrownBy(() -> kept.run("ask", _ -> {
                        throw new SQLException("broken on purpose");
                    }));

            assertThat(kept.<Connection>run("ask", connection -> connection)).isNotSameAs(first);
        }
    }

    @Test
    void whoReadsMayAskBesides() throws Failure, InterruptedException {
        int answer = database.reading(
                "read", outer -> database.reading("read", inner -> database.control("ask", DatabaseTest::one)));

        assertThat(answer).isEqualTo(1);
    }

    @Test
    void moreReadersThanConnectionsWaitForTheirTurn() throws InterruptedException, ExecutionException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                readers.add(threads.submit(() -> database.reading("read", connection -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    int answer = one(connection);
                    running.decrementAndGet();
                    return answer;
                })));
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isEqualTo(1);
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void anErrorIsTranslatedAndTheConnectionGivenBack() throws Failure, InterruptedException {
        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(PermanentFailure.class)
                    .isThrownBy(() -> database.control("ask", connection -> {
                        throw new SQLException("denied", "S0001", 229);
                    }))
                    .withMessageStartingWith("ask: denied (error 229, state S0001)");
        }

        assertThat(database.control("ask", DatabaseTest::one)).isEqualTo(1);
    }

    @Test
    void aFailureOfTheWorkComesOutAsItIs() {
        TransientFailure failure = new TransientFailure("later");

        assertThatExceptionOfType(TransientFailure.class)
                .isThrownBy(() -> database.reading("read", connection -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void whoWaitsForATurnCanBeInterrupted() throws Failure, InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        boolean ended = database.control("ask", connection -> {
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    database.control("ask", DatabaseTest::one);
                } catch (Failure e) {
                    throw new AssertionError(e);
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            waiting.interrupt();
            return waiting.join(PATIENCE);
        });

        assertThat(ended).isTrue();
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void anErrorUnderAnInterruptIsAnInterruptAndItsConnectionIsThrownAway() throws Failure, InterruptedException {
        Connection before = database.control("ask", connection -> connection.unwrap(Connection.class));

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> database.control("ask", connection -> {
                    Thread.currentThread().interrupt();
                    throw new SQLException("Closed by interrupt", "08S01");
                }));

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Connection after = database.control("ask", connection -> connection.unwrap(Connection.class));
        assertThat(after).isNotSameAs(before);
    }

    @Test
    void closesInTimeWhileAConnectionIsInUse() throws InterruptedException {
        CountDownLatch borrowed = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Thread stuck = Thread.ofVirtual().start(() -> {
            try {
                database.reading("read", connection -> {
                    borrowed.countDown();
                    never.await();
                    return 1;
                });
            } catch (Failure | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        borrowed.await();

        long start = System.nanoTime();
        database.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
        stuck.interrupt();
        assertThat(stuck.join(PATIENCE)).isTrue();
    }

    @Test
    void aServerThatRefusesIsATransientFailureWithoutThePassword() throws IOException {
        int port = freePort();
        ConnectionString where = new ConnectionString(
                "localhost",
                "shop",
                Map.of(
                        "serverName",
                        "localhost",
                        "portNumber",
                        String.valueOf(port),
                        "databaseName",
                        "shop",
                        "user",
                        "etl",
                        "password",
                        "S3cr3t!x"));
        try (Database nobody = Database.open(where)) {
            assertThatExceptionOfType(TransientFailure.class)
                    .isThrownBy(() -> nobody.control("read the catalog", DatabaseTest::one))
                    .withMessageStartingWith("read the catalog: ")
                    .withMessageContaining(String.valueOf(port))
                    .satisfies(failure -> assertThat(failure).hasStackTraceContaining("localhost"))
                    .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("S3cr3t"));
            assertThatExceptionOfType(TransientFailure.class)
                    .isThrownBy(() -> nobody.dedicated("connect for locks"))
                    .withMessageStartingWith("connect for locks: ");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int one(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT 1")) {
            row.next();
            return row.getInt(1);
        }
    }
}
