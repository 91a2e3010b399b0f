package io.dstream.mssql.lock.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.TableLocker;
import io.dstream.mssql.lock.TableLockerContract;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// The promises of the contract too, over sessions in memory.
final class SqlAppLockerTest extends TableLockerContract {

    private static final TableName ORDERS = new TableName("dbo", "Orders");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeLockServer server = new FakeLockServer();

    @Override
    protected TableLocker open() {
        return new SqlAppLocker(server, System::nanoTime);
    }

    @Test
    void anInterruptOfOneTableLeavesTheConnectionAndNoLockBehind() throws Failure, InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        TableLocker locker = new SqlAppLocker(
                () -> {
                    asked.countDown();
                    answer.await();
                    return server.open();
                },
                System::nanoTime);
        Thread table = Thread.ofVirtual()
                .start(() -> assertThatExceptionOfType(InterruptedException.class)
                        .isThrownBy(() -> locker.tryAcquire(ORDERS)));
        asked.await();

        table.interrupt();
        assertThat(table.join(PATIENCE)).isTrue();
        answer.countDown();

        assertThat(acquire(locker, ORDERS).isHeld()).isTrue();
        assertThat(server.sessions).hasSize(1).noneMatch(FakeLockServer.Session::isClosed);
        locker.close();
    }

    @Test
    void closesInTimeWhileTheServerDoesNotAnswer() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        TableLocker locker = new SqlAppLocker(
                () -> {
                    asked.countDown();
                    never.await();
                    return server.open();
                },
                System::nanoTime);
        Thread table = Thread.ofVirtual()
                .start(() ->
                        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> locker.tryAcquire(ORDERS)));
        asked.await();

        long start = System.nanoTime();
        locker.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
        assertThat(table.join(PATIENCE)).isTrue();
    }

    @Test
    void aClosedLockerGrantsNothing() {
        TableLocker locker = instance();
        locker.close();

        assertThatExceptionOfType(TransientFailure.class)
                .isThrownBy(() -> locker.tryAcquire(ORDERS))
                .withMessageContaining("closed");
    }

    @Test
    void namesLocksInLowerCase() {
        assertThat(SqlAppLocker.resource(ORDERS)).isEqualTo("dstream-ingester-mssql/dbo.orders");
    }

    @Test
    void longNamesStayApart() {
        String longName = "x".repeat(128);
        String one = SqlAppLocker.resource(new TableName("s".repeat(128), longName + "1"));
        String two = SqlAppLocker.resource(new TableName("s".repeat(128), longName + "2"));

        assertThat(one).hasSize(255).isNotEqualTo(two);
        assertThat(two).hasSize(255).startsWith("dstream-ingester-mssql/sss");
    }
}
