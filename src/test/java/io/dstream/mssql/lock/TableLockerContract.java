package io.dstream.mssql.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every locker promises that keeps other instances out.
public abstract class TableLockerContract {

    private static final TableName ORDERS = new TableName("dbo", "Orders");
    private static final TableName CUSTOMERS = new TableName("dbo", "Customers");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<TableLocker> opened = new ArrayList<>();

    /// A new locker over the store of this test, as another process would open it.
    protected abstract TableLocker open();

    @AfterEach
    void closeAll() {
        opened.forEach(TableLocker::close);
    }

    protected TableLocker instance() {
        TableLocker locker = open();
        opened.add(locker);
        return locker;
    }

    protected static Lease acquire(TableLocker locker, TableName table) throws Failure, InterruptedException {
        LeaseAttempt attempt = locker.tryAcquire(table);
        assertThat(attempt).isInstanceOf(LeaseAttempt.Held.class);
        return ((LeaseAttempt.Held) attempt).lease();
    }

    protected static void isHeldElsewhere(TableLocker locker, TableName table) throws Failure, InterruptedException {
        assertThat(locker.tryAcquire(table)).isInstanceOf(LeaseAttempt.HeldElsewhere.class);
    }

    @Test
    void ofTwoInstancesOneHoldsATable() throws Failure, InterruptedException {
        Lease lease = acquire(instance(), ORDERS);

        isHeldElsewhere(instance(), ORDERS);

        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void tablesAreHeldApart() throws Failure, InterruptedException {
        TableLocker one = instance();
        TableLocker two = instance();
        Lease orders = acquire(one, ORDERS);
        Lease customers = acquire(two, CUSTOMERS);

        orders.release();

        assertThat(customers.isHeld()).isTrue();
        isHeldElsewhere(one, CUSTOMERS);
    }

    @Test
    void aReleasedTableIsFreeForOthers() throws Failure, InterruptedException {
        Lease lease = acquire(instance(), ORDERS);

        lease.release();

        assertThat(lease.isHeld()).isFalse();
        assertThat(acquire(instance(), ORDERS).isHeld()).isTrue();
    }

    @Test
    void aReleasedTableMayBeHeldAgain() throws Failure, InterruptedException {
        TableLocker locker = instance();
        Lease first = acquire(locker, ORDERS);
        first.release();

        Lease second = acquire(locker, ORDERS);

        assertThat(second.isHeld()).isTrue();
        assertThat(first.isHeld()).isFalse();
    }

    @Test
    void releasingTwiceDoesNotReleaseTheNextHolder() throws Failure, InterruptedException {
        TableLocker locker = instance();
        Lease first = acquire(locker, ORDERS);
        first.release();
        Lease second = acquire(locker, ORDERS);

        first.release();

        assertThat(second.isHeld()).isTrue();
        isHeldElsewhere(instance(), ORDERS);
    }

    @Test
    void oneInstanceDoesNotHoldATableTwice() throws Failure, InterruptedException {
        TableLocker locker = instance();
        Lease lease = acquire(locker, ORDERS);

        isHeldElsewhere(locker, ORDERS);

        lease.release();
        assertThat(acquire(instance(), ORDERS).isHeld()).isTrue();
    }

    @Test
    void closingGivesEverythingBack() throws Failure, InterruptedException {
        TableLocker locker = instance();
        Lease orders = acquire(locker, ORDERS);
        Lease customers = acquire(locker, CUSTOMERS);

        locker.close();

        assertThat(orders.isHeld()).isFalse();
        assertThat(customers.isHeld()).isFalse();
        TableLocker next = instance();
        assertThat(acquireSoon(next, ORDERS).isHeld()).isTrue();
        assertThat(acquireSoon(next, CUSTOMERS).isHeld()).isTrue();
    }

    /// A server takes a moment to notice that a connection is gone.
    private static Lease acquireSoon(TableLocker locker, TableName table) throws Failure, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (locker.tryAcquire(table) instanceof LeaseAttempt.Held held) {
                return held.lease();
            }
        }
        throw new AssertionError(table + " is not free");
    }

    @Test
    void closingAndReleasingAgainDoNothing() throws Failure, InterruptedException {
        TableLocker locker = instance();
        Lease lease = acquire(locker, ORDERS);
        locker.close();

        lease.release();
        locker.close();

        assertThat(lease.isHeld()).isFalse();
    }
}
