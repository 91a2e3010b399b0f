package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.ingest.StopSignal.Reason;
import io.dstream.mssql.testing.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TableSlotsTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final StopSignal stop = new StopSignal();

    private TableSlots atMost(int most) {
        return TableSlots.of(OptionalInt.of(most), stop);
    }

    @Test
    void givesOutNoMoreThanTheLimit() throws InterruptedException {
        TableSlots slots = atMost(2);

        assertThat(slots.tryTake(Duration.ZERO)).isTrue();
        assertThat(slots.tryTake(Duration.ZERO)).isTrue();
        assertThat(slots.tryTake(Duration.ofMillis(1))).isFalse();

        slots.giveBack();
        assertThat(slots.tryTake(Duration.ZERO)).isTrue();
        assertThat(slots.tryTake(Duration.ZERO)).isFalse();
    }

    @Test
    void hasNoLimitWithoutOne() throws InterruptedException {
        TableSlots slots = TableSlots.of(OptionalInt.empty(), stop);

        for (int i = 0; i < 2000; i++) {
            assertThat(slots.tryTake(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void takesAnyLimit() throws InterruptedException {
        TableSlots slots = atMost(Integer.MAX_VALUE);
        assertThat(slots.tryTake(Duration.ZERO)).isTrue();

        stop.request(Reason.ASKED);

        slots.giveBack();
    }

    @Test
    void handsAFreedSlotToWhoeverWaits() throws Exception {
        TableSlots slots = atMost(1);
        assertThat(slots.tryTake(LONG)).isTrue();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> waiting = threads.submit(() -> slots.tryTake(LONG));

            slots.giveBack();

            assertThat(waiting.get()).isTrue();
        }
    }

    @Test
    void neverCountsWrongWhenManyComeAndGo() throws Exception {
        TableSlots slots = atMost(3);
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> turns = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                turns.add(threads.submit(() -> {
                    assertThat(slots.tryTake(LONG)).isTrue();
                    most.accumulateAndGet(taken.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    taken.decrementAndGet();
                    slots.giveBack();
                    return null;
                }));
            }
            for (Future<?> turn : turns) {
                turn.get();
            }
        }
        assertThat(most).hasValueBetween(1, 3);
    }

    @Test
    void givesNothingAndKeepsNobodyWaitingOnceEverybodyStops() throws Exception {
        TableSlots slots = atMost(1);
        assertThat(slots.tryTake(LONG)).isTrue();
        List<Thread> waiting = new ArrayList<>();
        AtomicInteger given = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            waiting.add(Thread.ofVirtual().start(() -> {
                try {
                    given.addAndGet(slots.tryTake(LONG) ? 1 : 0);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        Poll.until(
                () -> waiting.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING),
                () -> waiting);

        stop.request(Reason.ASKED);

        for (Thread thread : waiting) {
            assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        }
        slots.giveBack();
        assertThat(slots.tryTake(Duration.ZERO)).isFalse();
        assertThat(given).hasValue(0);
    }
}
