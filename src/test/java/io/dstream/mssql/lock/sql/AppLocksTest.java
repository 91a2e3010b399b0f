package io.dstream.mssql.lock.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AppLocksTest {

    private final FakeLockServer server = new FakeLockServer();
    private final List<AppLocks.AppLease> givenBack = new ArrayList<>();
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();
    private final AppLocks locks = new AppLocks(server, () -> nanos, givenBack::add);

    @Test
    void holdsALeaseAsLongAsTheSessionAnswers() throws Failure, InterruptedException {
        Lease lease = acquire("a");

        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(5));
            locks.ping();
        }

        assertThat(lease.isHeld()).isTrue();
        assertThat(server.sessions).hasSize(1);
    }

    @Test
    void losesEveryLeaseWithTheConnection() throws Failure, InterruptedException {
        Lease one = acquire("a");
        Lease two = acquire("b");
        server.answers = false;

        locks.ping();

        assertThat(one.isHeld()).isFalse();
        assertThat(two.isHeld()).isFalse();
        assertThat(server.sessions.getFirst().isClosed()).isTrue();
    }

    @Test
    void losesEveryLeaseWhenARequestFindsTheConnectionGone() throws Failure, InterruptedException {
        Lease lease = acquire("a");
        server.answers = false;

        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> locks.tryAcquire("b"));

        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void aLockWhoseGrantWasNotHeardOfGoesWithItsSession() throws Failure, InterruptedException {
        server.losesAnswers = true;
        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> locks.tryAcquire("a"));
        server.losesAnswers = false;

        AppLocks other = new AppLocks(server, () -> nanos, lease -> {});
        assertThat(other.tryAcquire("a")).isPresent();
    }

    @Test
    void losesEveryLeaseWhenNobodyAskedTheSessionForTooLong() throws Failure, InterruptedException {
        Lease lease = acquire("a");

        pass(AppLocks.TRUSTED_FOR.minusNanos(1));
        assertThat(lease.isHeld()).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void aLateAnswerRevivesNothing() throws Failure, InterruptedException {
        Lease lease = acquire("a");
        pass(AppLocks.TRUSTED_FOR);
        assertThat(lease.isHeld()).isFalse();

        locks.ping();

        assertThat(lease.isHeld()).isFalse();
        assertThat(server.sessions.getFirst().isClosed()).isTrue();
    }

    @Test
    void anyAnswerProvesThatTheSessionLives() throws Failure, InterruptedException {
        Lease lease = acquire("a");
        pass(Duration.ofSeconds(10));
        acquire("b");
        pass(Duration.ofSeconds(10));

        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void opensAnotherSessionAfterLosingOne() throws Failure, InterruptedException {
        Lease lost = acquire("a");
        server.answers = false;
        locks.ping();
        server.answers = true;

        Lease lease = acquire("a");

        assertThat(lease.isHeld()).isTrue();
        assertThat(lost.isHeld()).isFalse();
        assertThat(server.sessions).hasSize(2);
    }

    @Test
    void doesNotTryToOpenASessionForEveryTable() throws Failure, InterruptedException {
        server.answers = false;
        for (String resource : List.of("a", "b", "c")) {
            assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> locks.tryAcquire(resource));
        }
        assertThat(server.sessions).hasSize(1);

        server.answers = true;
        pass(AppLocks.REOPEN_AFTER);

        assertThat(acquire("a").isHeld()).isTrue();
    }

    @Test
    void givesALeaseBackOnce() throws Failure, InterruptedException {
        Lease lease = acquire("a");

        lease.release();
        lease.release();

        assertThat(givenBack).hasSize(1);
        assertThat(lease.isHeld()).isFalse();
        assertThat(locks.tryAcquire("a")).isEmpty();
        locks.release(givenBack.getFirst());
        assertThat(acquire("a").isHeld()).isTrue();
    }

    @Test
    void aLockThatCannotBeGivenBackGoesWithItsSession() throws Failure, InterruptedException {
        Lease other = acquire("b");
        acquire("a").release();
        server.answers = false;

        locks.release(givenBack.getFirst());

        assertThat(other.isHeld()).isFalse();
        assertThat(server.sessions.getFirst().isClosed()).isTrue();
    }

    @Test
    void nothingIsHeldOrGrantedOnceAbandoned() throws Failure, InterruptedException {
        Lease lease = acquire("a");

        locks.abandon();

        assertThat(lease.isHeld()).isFalse();
        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> locks.tryAcquire("b"));
        assertThat(server.sessions).allMatch(FakeLockServer.Session::isClosed);
    }

    private Lease acquire(String resource) throws Failure, InterruptedException {
        return locks.tryAcquire(resource).orElseThrow();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
