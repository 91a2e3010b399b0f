package io.dstream.mssql.standin.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.standin.engine.StatementInterceptor;
import io.dstream.mssql.standin.wire.Answers;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.testing.Poll;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class FaultsTest {

    private static final Answers UNUSED = (Answers) Proxy.newProxyInstance(
            FaultsTest.class.getClassLoader(), new Class<?>[] {Answers.class}, (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    private static boolean isSelect(String sql) {
        return sql.startsWith("SELECT");
    }

    private static boolean answered(StatementInterceptor fault, String sql)
            throws SqlServerError, IOException, InterruptedException {
        return fault.intercept(sql, List.of(), UNUSED);
    }

    @Test
    void countsByKindAndStartsAnew() throws IOException, InterruptedException, SqlServerError {
        StatementLog log = new StatementLog(sql -> sql.substring(0, sql.indexOf(' ')));
        for (String sql : List.of("SELECT 1", "SELECT 2", "UPDATE t")) {
            assertThat(answered(log, sql)).isFalse();
        }

        assertThat(log.count("SELECT")).isEqualTo(2);
        assertThat(log.countContaining("DATE")).isEqualTo(1);
        assertThat(log.total()).isEqualTo(3);
        log.reset();
        assertThat(log.counts()).isEmpty();
    }

    @Test
    void failsOnlyTheNthMatch() throws IOException, InterruptedException, SqlServerError {
        FailNth fault = FailNth.once(FaultsTest::isSelect, 2, 1205);

        assertThat(answered(fault, "SELECT 1")).isFalse();
        assertThat(answered(fault, "UPDATE t")).isFalse();
        assertThatExceptionOfType(SqlServerError.class)
                .isThrownBy(() -> answered(fault, "SELECT 1"))
                .satisfies(error -> assertThat(error.number()).isEqualTo(1205));
        assertThat(answered(fault, "SELECT 1")).isFalse();
        assertThat(fault.matches()).isEqualTo(3);
    }

    @Test
    void failsTheFirstMatches() throws IOException, InterruptedException, SqlServerError {
        FailNth fault = FailNth.first(FaultsTest::isSelect, 2, 1222);

        assertThatExceptionOfType(SqlServerError.class).isThrownBy(() -> answered(fault, "SELECT 1"));
        assertThatExceptionOfType(SqlServerError.class).isThrownBy(() -> answered(fault, "SELECT 1"));
        assertThat(answered(fault, "SELECT 1")).isFalse();
    }

    @Test
    void delaysWhatMatches() throws IOException, InterruptedException, SqlServerError {
        Delay fault = new Delay(FaultsTest::isSelect, Duration.ofMillis(20));
        long began = System.nanoTime();
        assertThat(answered(fault, "SELECT 1")).isFalse();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
    }

    @Test
    void stallsUntilReleased() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Stall fault = new Stall(FaultsTest::isSelect)) {
            Future<Boolean> stalled = threads.submit(() -> answered(fault, "SELECT 1"));
            Poll.until(() -> fault.reached() == 1, fault::reached);
            assertThat(stalled).isNotDone();
            assertThat(answered(fault, "UPDATE t")).isFalse();

            fault.release();
            assertThat(stalled.get()).isFalse();
            assertThat(answered(fault, "SELECT 1")).isFalse();
        }
    }
}
