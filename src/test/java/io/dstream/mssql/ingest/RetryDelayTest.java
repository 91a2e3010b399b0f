package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RetryDelayTest {

    private final RetryDelay delay = new RetryDelay(new Random(7));

    @Test
    void doublesWithJitterUpToHalfAMinute() {
        for (long stepMillis = 500; stepMillis < 30_000; stepMillis *= 2) {
            assertThat(delay.afterFailure())
                    .isBetween(Duration.ofMillis(stepMillis / 2), Duration.ofMillis(stepMillis));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(delay.afterFailure()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
        }
    }

    @Test
    void beginsAnewAfterSuccess() {
        delay.afterFailure();
        delay.afterFailure();
        delay.reset();

        assertThat(delay.afterFailure()).isLessThanOrEqualTo(Duration.ofMillis(500));
    }
}
