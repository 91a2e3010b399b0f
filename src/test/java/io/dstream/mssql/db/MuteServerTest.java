package io.dstream.mssql.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.config.ConnectionString;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.TransientFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The real driver at a host that takes connections and never says a word.
final class MuteServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final CountDownLatch accepted = new CountDownLatch(1);
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                // Kept open by nobody reading it.
                server.accept();
                accepted.countDown();
            } catch (IOException e) {
                accepted.countDown();
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Database open(int loginSeconds) {
        return Database.open(new ConnectionString(
                "localhost",
                "shop",
                Map.of(
                        "serverName",
                        "127.0.0.1",
                        "portNumber",
                        String.valueOf(server.getLocalPort()),
                        "user",
                        "etl",
                        "password",
                        "secret",
                        "encrypt",
                        "false",
                        "loginTimeout",
                        String.valueOf(loginSeconds))));
    }

    @Test
    void aLoginWithoutAnswerIsATransientFailure() {
        try (Database database = open(1)) {
            assertThatExceptionOfType(TransientFailure.class)
                    .isThrownBy(() -> database.dedicated("connect for locks"))
                    .withMessageStartingWith("connect for locks: ");
        }
    }

    @Test
    void anInterruptEndsWhatWaitsForTheServer() throws InterruptedException {
        try (Database database = open(10)) {
            AtomicReference<Exception> thrown = new AtomicReference<>();
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    database.dedicated("connect for locks").close();
                } catch (Failure | InterruptedException | SQLException e) {
                    thrown.set(e);
                }
            });
            assertThat(accepted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            waiting.interrupt();

            assertThat(waiting.join(PATIENCE)).isTrue();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void closesInTimeWhileAConnectionIsBeingOpened() throws InterruptedException {
        Database database = open(10);
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                database.control("ask", connection -> 1);
            } catch (Failure | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(accepted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        long start = System.nanoTime();
        database.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
        waiting.interrupt();
        assertThat(waiting.join(PATIENCE)).isTrue();
    }
}
