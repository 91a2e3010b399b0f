package io.dstream.mssql.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.TableName;
import org.junit.jupiter.api.Test;

final class NoLockerTest {

    private static final TableName ORDERS = new TableName("dbo", "orders");

    private final NoLocker locker = new NoLocker();

    @Test
    void grantsEverythingUntilReleased() {
        Lease first = acquire();
        Lease second = acquire();

        first.release();

        assertThat(first.isHeld()).isFalse();
        assertThat(second.isHeld()).isTrue();
        assertThat(second.epoch()).isEmpty();
    }

    @Test
    void closingGivesEverythingBack() {
        Lease lease = acquire();

        locker.close();

        assertThat(lease.isHeld()).isFalse();
    }

    private Lease acquire() {
        return ((LeaseAttempt.Held) locker.tryAcquire(ORDERS)).lease();
    }
}
