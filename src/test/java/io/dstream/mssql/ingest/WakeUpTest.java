package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.Sighting;
import io.dstream.mssql.cdc.Sighting.Verdict.Quiet;
import io.dstream.mssql.cdc.Sightings;
import io.dstream.mssql.ingest.StopSignal.Reason;
import io.dstream.mssql.ingest.WakeUp.Rest;
import io.dstream.mssql.testing.Poll;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who is woken by what, and where they stand then.
final class WakeUpTest {

    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Lsn LOW = new Lsn(0, 10);
    private static final Lsn ROW = new Lsn(0, 50);
    private static final Position BEHIND_ROW = Position.after(ROW);
    private static final Lsn NEXT_ROW = new Lsn(0, 65);

    private final StopSignal stop = new StopSignal();
    private final AtomicLong nanos = new AtomicLong();
    private final WakeUps all = new WakeUps(stop, INTERVAL, nanos::get);
    private final WakeUp wakeUp = all.of(Sightings.TABLE);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        stop.request(Reason.ASKED);
        threads.close();
    }

    private static Sighting quietUpTo(int highest) {
        return Sightings.of(new Lsn(0, highest), ROW, LOW);
    }

    private void probeSees(Sighting sighting) {
        all.tellAll(Optional.of(sighting));
    }

    private Future<Rest> waiting() throws Exception {
        Future<Rest> waiting = threads.submit(() -> wakeUp.await(BEHIND_ROW, LOW, FOR_EVER));
        Poll.until(this::waits, () -> "nobody waits");
        return waiting;
    }

    /// And was not woken.
    private boolean waits() {
        all.lock().lock();
        try {
            return all.lock().hasWaiters(wakeUp.changed);
        } finally {
            all.lock().unlock();
        }
    }

    @Test
    void sleepsOnWhileNothingComesAndItsPositionMovesOn() throws Exception {
        Future<Rest> waiting = waiting();
        probeSees(quietUpTo(60));
        probeSees(quietUpTo(70));
        assertThat(waits()).isTrue();

        stop.request(Reason.ASKED);

        assertThat(waiting.get())
                .isEqualTo(new Rest(Position.after(new Lsn(0, 70)), Optional.of(new Quiet(new Lsn(0, 70), LOW))));
    }

    @Test
    void isWokenByNewsAndStandsWhereThereWasNothing() throws Exception {
        Future<Rest> waiting = waiting();
        probeSees(quietUpTo(60));
        probeSees(Sightings.of(new Lsn(0, 70), NEXT_ROW, LOW));

        assertThat(waiting.get()).isEqualTo(new Rest(Position.after(new Lsn(0, 60)), Optional.empty()));
    }

    @Test
    void newsThatCameBeforeTheWaitWakeOnce() throws Exception {
        probeSees(Sightings.of(new Lsn(0, 60), NEXT_ROW, LOW));

        assertThat(wakeUp.await(BEHIND_ROW, LOW, FOR_EVER).quiet()).isEmpty();
        Future<Rest> again = waiting();
        assertThat(waits()).isTrue();
        probeSees(Sightings.of(new Lsn(0, 70), NEXT_ROW, LOW));
        assertThat(again.get().quiet()).isEmpty();
    }

    @Test
    void theSameSightingIsAsGoodForTheNextWait() throws Exception {
        probeSees(quietUpTo(60));

        assertThat(wakeUp.await(BEHIND_ROW, LOW, Duration.ofMillis(1)).quiet()).isPresent();
        assertThat(wakeUp.await(BEHIND_ROW, LOW, Duration.ofMillis(1)).quiet()).isPresent();
    }

    @Test
    void anOlderSightingTakesNobodyBack() throws Exception {
        probeSees(quietUpTo(60));
        Position further = Position.after(new Lsn(0, 80));

        assertThat(wakeUp.await(further, LOW, Duration.ofMillis(1)).position()).isEqualTo(further);
    }

    @Test
    void theCleanupWakes() throws Exception {
        Future<Rest> waiting = waiting();
        Lsn cleaned = new Lsn(0, 40);
        probeSees(Sightings.of(new Lsn(0, 60), ROW, cleaned));

        assertThat(waiting.get().quiet()).contains(new Quiet(new Lsn(0, 60), cleaned));
    }

    @Test
    void theLowWatermarkOfAnOlderLookWakesNobody() throws Exception {
        Future<Rest> waiting = waiting();
        probeSees(Sightings.of(new Lsn(0, 60), ROW, LOW.previous()));
        assertThat(waits()).isTrue();

        stop.request(Reason.ASKED);
        assertThat(waiting.get().position()).isEqualTo(Position.after(new Lsn(0, 60)));
    }

    @Test
    void aProbeThatHangsIsNotTakenForQuiet() throws Exception {
        probeSees(quietUpTo(60));
        nanos.addAndGet(2 * INTERVAL.toNanos());
        assertThat(wakeUp.await(BEHIND_ROW, LOW, Duration.ofMillis(1)).quiet()).isPresent();

        nanos.incrementAndGet();
        assertThat(wakeUp.await(BEHIND_ROW, LOW, Duration.ofMillis(1)))
                .isEqualTo(new Rest(Position.after(new Lsn(0, 60)), Optional.empty()));
    }

    @Test
    void aLookThatFindsTheSameIsAsRecent() throws Exception {
        Sighting still = quietUpTo(60);
        probeSees(still);
        nanos.addAndGet(3 * INTERVAL.toNanos());
        probeSees(still);

        assertThat(wakeUp.await(BEHIND_ROW, LOW, Duration.ofMillis(1)).quiet()).isPresent();
    }

    @Test
    void whoStandsBeyondANewLookIsWokenButNotByAnOlderOne() throws Exception {
        probeSees(quietUpTo(60));
        Position further = Position.after(new Lsn(0, 80));
        Future<Rest> waiting = threads.submit(() -> wakeUp.await(further, LOW, FOR_EVER));
        Poll.until(this::waits, () -> "nobody waits");

        probeSees(quietUpTo(70));
        assertThat(waiting.get()).isEqualTo(new Rest(further, Optional.empty()));
    }

    @Test
    void aFailingProbeWakesNobodyAndIsNotTakenForQuiet() throws Exception {
        Future<Rest> waiting = waiting();
        probeSees(quietUpTo(60));
        all.tellAll(Optional.empty());
        assertThat(waits()).isTrue();

        stop.request(Reason.ASKED);
        assertThat(waiting.get()).isEqualTo(new Rest(Position.after(new Lsn(0, 60)), Optional.empty()));
    }

    @Test
    void everybodyCanBeWoken() throws Exception {
        Future<Rest> waiting = waiting();
        all.wakeAll();

        assertThat(waiting.get()).isEqualTo(new Rest(BEHIND_ROW, Optional.empty()));
    }

    @Test
    void whoMayNotBeLookedAtWaitsAsLongAsItWould() throws Exception {
        Future<Rest> waiting = waiting();
        probeSees(Sightings.unprobed(new Lsn(0, 60), LOW));
        assertThat(waits()).isTrue();

        stop.request(Reason.ASKED);
        assertThat(waiting.get()).isEqualTo(new Rest(BEHIND_ROW, Optional.empty()));
    }

    @Test
    void whoEndsIsLookedAtNoMore() {
        assertThat(all.tables()).containsExactly(Sightings.TABLE);
        wakeUp.close();
        assertThat(all.tables()).isEmpty();
    }
}
