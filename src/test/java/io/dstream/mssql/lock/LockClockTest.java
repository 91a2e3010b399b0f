package io.dstream.mssql.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LockClockTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private long nanos = -17;
    private long millis = 1_700_000_000_000L;
    private final LockClock clock = new LockClock(() -> nanos, () -> millis);

    private void pass(Duration monotonic, Duration wall) {
        nanos += monotonic.toNanos();
        millis += wall.toMillis();
    }

    private Duration measure(Runnable time) {
        long start = clock.getAsLong();
        time.run();
        return Duration.ofNanos(clock.getAsLong() - start);
    }

    @Test
    void passesAsTimeDoes() {
        assertThat(measure(() -> pass(MINUTE, MINUTE))).isEqualTo(MINUTE);
    }

    @Test
    void countsWhatPassedWhileTheMachineWasSuspended() {
        assertThat(measure(() -> pass(Duration.ofSeconds(1), MINUTE))).isEqualTo(MINUTE);
        assertThat(measure(() -> pass(MINUTE, MINUTE))).isEqualTo(MINUTE);
    }

    @Test
    void goesOnWhenTheWallClockIsSetBack() {
        assertThat(measure(() -> pass(MINUTE, MINUTE.negated()))).isEqualTo(MINUTE);
        assertThat(measure(() -> pass(MINUTE, MINUTE))).isEqualTo(MINUTE);
    }

    @Test
    void neverGoesBack() {
        assertThat(measure(() -> pass(Duration.ZERO, Duration.ofHours(-3)))).isZero();
    }

    @Test
    void countsASuspensionAlsoAfterTheWallClockWasSetBack() {
        pass(Duration.ofSeconds(1), Duration.ofMinutes(-10));
        clock.getAsLong();

        assertThat(measure(() -> pass(Duration.ofSeconds(1), MINUTE))).isEqualTo(MINUTE);
    }

    @Test
    void doesNotAddUpWhatIsRounding() {
        assertThat(measure(() -> {
                    for (int i = 0; i < 1000; i++) {
                        pass(Duration.ofMillis(1), Duration.ofMillis(1 + i % 2));
                        clock.getAsLong();
                    }
                }))
                .isEqualTo(Duration.ofSeconds(1));
    }
}
