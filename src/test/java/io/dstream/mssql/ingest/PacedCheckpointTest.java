package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.checkpoint.InMemoryCheckpointStore;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.InMemoryLocker;
import io.dstream.mssql.lock.LeaseAttempt.Held;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PacedCheckpointTest {

    private static final TableName ORDERS = new TableName("dbo", "orders");
    private static final Position FIRST = Position.after(new Lsn(1, 0));
    private static final Position SECOND = Position.after(new Lsn(2, 0));

    private final InMemoryCheckpointStore store = new InMemoryCheckpointStore();
    private final InMemoryLocker locker = new InMemoryLocker();

    private PacedCheckpoint checkpoint(Duration interval) throws TransientFailure {
        Held held = (Held) locker.tryAcquire(ORDERS);
        return new PacedCheckpoint(ORDERS, store.open(ORDERS), held.lease(), interval);
    }

    @Test
    void isDueOnceTheIntervalHasPassed() throws TransientFailure {
        assertThat(checkpoint(Duration.ZERO).isDue()).isTrue();
        locker.lose(ORDERS);
        assertThat(checkpoint(Duration.ofHours(1)).isDue()).isFalse();
    }

    @Test
    void withoutChangesTheFirstSaveIsDueAndThenOneNowAndThen() throws Failure, InterruptedException {
        Held held = (Held) locker.tryAcquire(ORDERS);
        AtomicLong nanos = new AtomicLong();
        PacedCheckpoint checkpoint =
                new PacedCheckpoint(ORDERS, store.open(ORDERS), held.lease(), Duration.ZERO, nanos::get);
        assertThat(checkpoint.isDueWithoutChanges()).isTrue();
        checkpoint.save(FIRST);

        assertThat(checkpoint.isDueWithoutChanges()).isFalse();
        nanos.addAndGet(PacedCheckpoint.IDLE_INTERVAL.toNanos() - 1);
        assertThat(checkpoint.isDueWithoutChanges()).isFalse();
        nanos.addAndGet(PacedCheckpoint.IDLE_INTERVAL.toNanos());
        assertThat(checkpoint.isDueWithoutChanges()).isTrue();
        assertThat(checkpoint.saved()).contains(FIRST);
    }

    @Test
    void savesWhatIsNew() throws Failure, InterruptedException {
        PacedCheckpoint checkpoint = checkpoint(Duration.ZERO);
        checkpoint.save(FIRST);
        checkpoint.save(SECOND);

        assertThat(store.saved(ORDERS)).contains(SECOND);
    }

    @Test
    void savesNothingWithoutTheLease() throws Failure, InterruptedException {
        PacedCheckpoint checkpoint = checkpoint(Duration.ZERO);
        checkpoint.save(FIRST);
        locker.lose(ORDERS);

        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> checkpoint.save(SECOND));
        assertThatExceptionOfType(LeaseLost.class).isThrownBy(checkpoint::requireLease);
        assertThat(store.saved(ORDERS)).contains(FIRST);
    }

    @Test
    void doesNotAskTheStoreForWhatIsSavedAlready() throws Failure, InterruptedException {
        PacedCheckpoint checkpoint = checkpoint(Duration.ZERO);
        checkpoint.save(FIRST);
        store.failNextSaves(1);

        checkpoint.save(FIRST);
        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> checkpoint.save(SECOND));
    }

    @Test
    void noticesThatAnotherInstanceSaved() throws Failure, InterruptedException {
        PacedCheckpoint checkpoint = checkpoint(Duration.ZERO);
        checkpoint.save(FIRST);
        Position theirs = Position.after(new Lsn(9, 0));
        store.overwrite(ORDERS, theirs);

        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> checkpoint.save(SECOND));
        assertThat(store.saved(ORDERS)).contains(theirs);
    }
}
