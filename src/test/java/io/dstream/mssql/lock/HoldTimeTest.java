package io.dstream.mssql.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class HoldTimeTest {

    private static final Duration LENGTH = Duration.ofSeconds(10);

    /// Such that the clock overflows on the way.
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

    private final HoldTime hold = new HoldTime(LENGTH, () -> nanos, nanos);

    @Test
    void isOverOnceTheLengthHasPassed() {
        pass(LENGTH.minusNanos(1));
        assertThat(hold.isOver()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(hold.isOver()).isTrue();
    }

    @Test
    void countsFromWhenTheProofWasSent() {
        long sent = nanos;
        pass(Duration.ofSeconds(9));

        hold.prove(sent + Duration.ofSeconds(4).toNanos());

        pass(Duration.ofSeconds(5).minusNanos(1));
        assertThat(hold.isOver()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(hold.isOver()).isTrue();
    }

    @Test
    void aLateProofRevivesNothing() {
        long sent = nanos + Duration.ofSeconds(9).toNanos();
        pass(LENGTH);

        hold.prove(sent);

        assertThat(hold.isOver()).isTrue();
    }

    @Test
    void whatWasEndedStaysOver() {
        hold.end();

        hold.prove(nanos);

        assertThat(hold.isOver()).isTrue();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
