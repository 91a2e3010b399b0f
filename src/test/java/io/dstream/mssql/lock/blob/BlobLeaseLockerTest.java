package io.dstream.mssql.lock.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.lock.LeaseAttempt.HeldElsewhere;
import io.dstream.mssql.lock.TableLocker;
import io.dstream.mssql.lock.TableLockerContract;
import io.dstream.mssql.testing.Poll;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// The promises of the contract too, over blobs in memory.
final class BlobLeaseLockerTest extends TableLockerContract {

    private static final TableName ORDERS = new TableName("dbo", "Orders");

    private final FakeLockBlobs store = new FakeLockBlobs(System::nanoTime);
    private final AtomicReference<String> server = new AtomicReference<>("SQL01");

    @Override
    protected TableLocker open() {
        return new BlobLeaseLocker(store, server::get, "Shop", KeeperClock.SYSTEM);
    }

    @Test
    void saysWhoHoldsATable() throws Failure, InterruptedException {
        acquire(instance(), ORDERS);

        assertThat(instance().tryAcquire(ORDERS))
                .isInstanceOfSatisfying(
                        HeldElsewhere.class,
                        other -> assertThat(other.owner())
                                .hasValueSatisfying(owner -> assertThat(owner)
                                        .contains(" pid "
                                                + ProcessHandle.current().pid())));
    }

    @Test
    void countsTheHoldersOfATable() throws Failure, InterruptedException {
        Lease first = acquire(instance(), ORDERS);
        first.release();
        Lease second = acquire(instance(), ORDERS);

        assertThat(second.epoch().orElseThrow()).isGreaterThan(first.epoch().orElseThrow());
    }

    @Test
    void aFailoverToAServerOfAnotherNameLosesTheLeases() throws Failure, InterruptedException {
        TableLocker locker = instance();
        Lease lease = acquire(locker, ORDERS);

        server.set("SQL02");

        assertThat(lease.isHeld()).isFalse();
        assertThat(acquire(locker, ORDERS).isHeld()).isTrue();
        assertThat(store.named("sql02/shop/dbo.orders.lock").isLeased()).isTrue();
    }

    @Test
    void aServerWithoutANameIsRefused() {
        server.set("");

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> instance().prepare())
                .withMessageContainingAll("@@SERVERNAME", "sp_addserver");
        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> instance().tryAcquire(ORDERS));
    }

    @Test
    void anInterruptOfATableLeavesNoLeaseBehind() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        store.before = kind -> {
            if (kind.equals("acquire")) {
                asked.countDown();
                awaitQuietly(answer);
            }
        };
        TableLocker locker = instance();
        Thread table = Thread.ofVirtual()
                .start(() -> assertThatExceptionOfType(InterruptedException.class)
                        .isThrownBy(() -> locker.tryAcquire(ORDERS)));
        asked.await();

        table.interrupt();
        assertThat(table.join(Poll.LIMIT)).isTrue();
        answer.countDown();

        Poll.until(() -> store.kinds().contains("release"), store::kinds);
        assertThat(store.named("sql01/shop/dbo.orders.lock").isLeased()).isFalse();
    }

    @Test
    void closesInTimeWhileTheStoreDoesNotAnswer() throws Exception {
        TableLocker locker = instance();
        Lease lease = acquire(locker, ORDERS);
        CountDownLatch never = new CountDownLatch(1);
        store.before = kind -> awaitQuietly(never);

        long start = System.nanoTime();
        locker.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
        assertThat(lease.isHeld()).isFalse();
        never.countDown();
    }

    @Test
    void aClosedLockerGrantsNothing() {
        TableLocker locker = instance();
        locker.close();

        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> locker.tryAcquire(ORDERS));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
