package io.dstream.mssql.lock.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.lock.LeaseAttempt;
import io.dstream.mssql.lock.LeaseAttempt.Held;
import io.dstream.mssql.lock.LeaseAttempt.HeldElsewhere;
import io.dstream.mssql.lock.blob.FakeLockBlobs.FakeBlob;
import io.dstream.mssql.logging.LogLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hours of leases in milliseconds: the keeper runs on the test's thread, and time passes while it waits.
final class LeaseKeeperTest {

    /// The time when the first lease is taken.
    private static final long FIRST_EPOCH =
            Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();

    private static final Duration LATE = Duration.ofMinutes(10);

    private final ScriptedClock clock = new ScriptedClock();
    private final FakeLockBlobs store = new FakeLockBlobs(clock::nanoTime);
    private final FakeBlob blob = store.named("server/shop/dbo.orders.lock");
    private boolean sameServer = true;
    private final LeaseKeeper keeper = keeper("one");

    private LeaseKeeper keeper(String owner) {
        return new LeaseKeeper(blob, owner, () -> sameServer, clock, new LogLimit(clock::nanoTime));
    }

    @Test
    void sendsThreeRequestsAMinuteOnceItHoldsTheLease() {
        clock.at(seconds(121), keeper::release);

        keeper.run();

        assertThat(store.requests())
                .extracting(request -> Duration.ofNanos(request.atNanos()).toSeconds() + " " + request.kind())
                .containsExactly(
                        "0 look",
                        "0 create",
                        "0 look",
                        "0 acquire",
                        "0 write",
                        "20 renew",
                        "40 write",
                        "60 renew",
                        "80 write",
                        "100 renew",
                        "120 write",
                        "121 release");
    }

    @Test
    void holdsAsLongAsTheStoreAnswers() {
        List<Boolean> held = new ArrayList<>();
        clock.at(seconds(1), () -> held.add(lease().isHeld()));
        clock.at(LATE, () -> held.add(lease().isHeld()));
        clock.at(LATE.plusSeconds(1), keeper::release);

        keeper.run();

        assertThat(held).containsExactly(true, true);
        assertThat(lease().isHeld()).isFalse();
        assertThat(blob.isLeased()).isFalse();
    }

    @Test
    void writesWhoHoldsItAndWhenItLastWrote() {
        clock.at(seconds(41), keeper::release);

        keeper.run();

        assertThat(blob.metadata())
                .containsEntry("owner", "one")
                .containsEntry("epoch", Long.toString(FIRST_EPOCH))
                .containsEntry("heartbeat", "2026-01-01T00:00:40Z");
    }

    /// Whenever the store stops answering, and however long its silence takes.
    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void neverHoldsLongerThanTheStoreDoes(int secondsUntilARequestFails) {
        for (int silentFrom = 1; silentFrom <= 120; silentFrom++) {
            LeaseKeeperTest run = new LeaseKeeperTest();
            run.losesAllFrom(seconds(silentFrom), seconds(secondsUntilARequestFails));
        }
    }

    private void losesAllFrom(Duration silent, Duration untilARequestFails) {
        store.before = kind -> clock.pass(store.answers ? Duration.ZERO : untilARequestFails);
        clock.at(silent, () -> store.answers = false);
        List<Boolean> held = new ArrayList<>();
        for (int second = 1; second < 240; second++) {
            clock.at(seconds(second), () -> {
                held.add(lease().isHeld());
                assertThat(lease().isHeld() && !blob.isLeased())
                        .as("held without a lease at " + clock.time() + ", silent from " + silent)
                        .isFalse();
            });
        }

        keeper.run();

        clock.pass(Duration.ofMinutes(4));
        assertThat(held).contains(true).endsWith(false);
    }

    @Test
    void aSilentStoreIsAskedAtShortIntervalsButNotInABusyLoop() {
        clock.at(seconds(1), () -> store.answers = false);

        keeper.run();

        List<String> retries = store.kinds().subList(5, store.kinds().size());
        assertThat(retries).hasSizeBetween(8, 15).containsOnlyOnce("release");
        assertThat(clock.time()).isBetween(seconds(58), seconds(63));
    }

    @Test
    void keepsTheLeaseThroughAnOutageThatEndsInTime() {
        clock.at(seconds(21), () -> store.answers = false);
        clock.at(seconds(50), () -> store.answers = true);
        List<Boolean> held = new ArrayList<>();
        clock.at(seconds(50), () -> held.add(lease().isHeld()));
        clock.at(seconds(110), () -> held.add(lease().isHeld()));
        clock.at(seconds(111), keeper::release);

        keeper.run();

        assertThat(held).containsExactly(true, true);
    }

    @Test
    void anAnswerThatComesTooLateRevivesNothing() {
        store.before = kind -> {
            if (kind.equals("renew")) {
                clock.pass(seconds(59));
            }
        };

        keeper.run();

        assertThat(lease().isHeld()).isFalse();
        assertThat(store.kinds()).endsWith("renew", "release");
        assertThat(blob.isLeased()).isFalse();
    }

    @Test
    void stopsHoldingWhenTheStoreSaysThatTheLeaseIsGone() {
        clock.at(seconds(5), () -> force(() -> blob.breakLease("1")));
        clock.at(seconds(5), () -> force(() -> blob.breakLease("2")));

        keeper.run();

        assertThat(lease().isHeld()).isFalse();
        assertThat(clock.time()).isEqualTo(seconds(20));
        assertThat(store.kinds()).endsWith("renew");
    }

    @Test
    void aHeartbeatFindsOutThatTheLeaseIsGone() {
        clock.at(seconds(25), () -> force(() -> blob.breakLease("2")));

        keeper.run();

        assertThat(clock.time()).isEqualTo(seconds(40));
        assertThat(store.kinds()).endsWith("renew", "break", "write");
    }

    @Test
    void doesNotHoldUnderTheNameOfAnotherServer() {
        List<Boolean> held = new ArrayList<>();
        clock.at(seconds(1), () -> {
            sameServer = false;
            held.add(lease().isHeld());
            sameServer = true;
            held.add(lease().isHeld());
        });
        clock.at(seconds(2), keeper::release);

        keeper.run();

        assertThat(held).containsExactly(false, false);
    }

    @Test
    void anErrorReachesWhoeverAsked() {
        store.before = kind -> {
            throw new OutOfMemoryError("no memory left");
        };

        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(keeper::run);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> keeper.answer().get())
                .withCauseInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void countsHolders() throws Exception {
        clock.at(seconds(1), keeper::release);
        keeper.run();

        LeaseKeeper next = keeper("two");
        next.release();
        next.run();

        assertThat(lease().epoch()).isEqualTo(OptionalLong.of(FIRST_EPOCH));
        assertThat(((Held) next.answer().get()).lease().epoch()).isEqualTo(OptionalLong.of(FIRST_EPOCH + 1));
    }

    @Test
    void saysWhoHoldsIt() throws Exception {
        List<LeaseAttempt> answers = new ArrayList<>();
        clock.at(seconds(30), () -> answers.add(askAs("two")));
        clock.at(seconds(31), keeper::release);

        keeper.run();

        assertThat(answers).containsExactly(new HeldElsewhere(Optional.of("one")));
    }

    private LeaseAttempt askAs(String owner) {
        LeaseKeeper other = keeper(owner);
        other.run();
        return other.answer().resultNow();
    }

    @Test
    void someoneWhoWaitsSendsOneRequest() {
        List<String> kinds = new ArrayList<>();
        clock.at(seconds(1), () -> {
            int before = store.kinds().size();
            askAs("two");
            kinds.addAll(store.kinds().subList(before, store.kinds().size()));
        });
        clock.at(seconds(2), keeper::release);

        keeper.run();

        assertThat(kinds).containsExactly("look");
    }

    @Test
    void whoeverWasQuickerKeepsIt() {
        force(blob::create);
        LeaseKeeper quicker = keeper("two");
        store.before = kind -> {
            if (kind.equals("acquire")) {
                store.before = ignored -> {};
                quicker.release();
                quicker.run();
            }
        };

        keeper.run();

        assertThat(quicker.answer().resultNow()).isInstanceOf(Held.class);
        assertThat(keeper.answer().resultNow())
                .as("asked with an etag from before the other one's epoch")
                .isEqualTo(new HeldElsewhere(Optional.empty()));
    }

    @Test
    void givesBackWhatNobodyWaitsForAnyMore() {
        keeper.release();

        keeper.run();

        assertThat(store.kinds()).endsWith("acquire", "write", "release");
        assertThat(blob.isLeased()).isFalse();
    }

    @Test
    void givesBackALeaseWhoseGrantWasNotHeardOf() {
        store.before = kind -> store.losesAnswers = kind.equals("acquire");

        keeper.run();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> keeper.answer().get())
                .withCauseInstanceOf(TransientFailure.class);
        assertThat(blob.isLeased()).isFalse();
    }

    @Test
    void breaksALeaseWithoutEndThatNobodyTouchedForTwoMinutes() {
        blob.leaseWithoutEnd();
        clock.pass(Duration.ofMinutes(2).plusSeconds(1));
        clock.at(clock.time().plusSeconds(1), keeper::release);

        keeper.run();

        assertThat(keeper.answer().resultNow()).isInstanceOf(Held.class);
        assertThat(store.kinds()).startsWith("look", "break", "acquire", "write");
    }

    @Test
    void leavesALeaseWithoutEndAloneForTwoMinutes() {
        blob.leaseWithoutEnd();
        clock.pass(Duration.ofMinutes(2));

        keeper.run();

        assertThat(keeper.answer().resultNow()).isInstanceOf(HeldElsewhere.class);
        assertThat(store.kinds()).containsExactly("look");
    }

    @Test
    void neverBreaksALeaseThatEnds() {
        LeaseKeeper holder = keeper("two");
        List<LeaseAttempt> answers = new ArrayList<>();
        clock.at(LATE, () -> answers.add(askAs("three")));
        clock.at(LATE.plusSeconds(1), holder::release);

        holder.run();

        assertThat(answers).hasOnlyElementsOfType(HeldElsewhere.class).isNotEmpty();
        assertThat(store.kinds()).doesNotContain("break");
    }

    /// Two saw the same abandoned lease; one broke it and took the blob; now the other's request to break it arrives.
    @Test
    void theLeaseOfWhoeverWasQuickerCannotBeBroken() throws Exception {
        blob.leaseWithoutEnd();
        String seenByBoth = blob.look().orElseThrow().etag();
        clock.pass(Duration.ofMinutes(3));
        List<Boolean> held = new ArrayList<>();
        clock.at(clock.time().plusSeconds(5), () -> {
            force(() -> blob.breakLease(seenByBoth));
            held.add(lease().isHeld() && blob.isLeased());
        });
        clock.at(clock.time().plusSeconds(6), keeper::release);

        keeper.run();

        assertThat(held).containsExactly(true);
    }

    private Lease lease() {
        return ((Held) keeper.answer().resultNow()).lease();
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void force(Action action) {
        try {
            action.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
