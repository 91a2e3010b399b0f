package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BatchSizerTest {

    private static final Duration FAST = Duration.ofMillis(5);

    private final BatchSizer sizer = new BatchSizer();

    @Test
    void growsFourfoldAtMostWhileWindowsAreSmallAndFast() {
        int first = sizer.transactions();

        sizer.observed(first, 0, 0, FAST, false);
        assertThat(sizer.transactions()).isEqualTo(first * 4);

        sizer.observed(first * 4, first * 4L, first * 400L, FAST, false);
        assertThat(sizer.transactions()).isEqualTo(first * 16);
    }

    @Test
    void neverGrowsPastItsLimit() {
        for (int i = 0; i < 20; i++) {
            sizer.observed(sizer.transactions(), 0, 0, Duration.ZERO, false);
        }

        assertThat(sizer.transactions()).isEqualTo(16_384);
    }

    @Test
    void shrinksAtOnceAfterTooManyRows() {
        sizer.observed(256, 256_000_000, 1, FAST, false);

        assertThat(sizer.transactions()).isEqualTo(1);
    }

    @Test
    void shrinksAtOnceAfterTooManyBytesHoweverFewTheRows() {
        sizer.observed(256, 1_000, 1_600_000_000, FAST, false);

        assertThat(sizer.transactions()).isEqualTo(16);
    }

    @Test
    void growsBackFromTheSmallest() {
        sizer.observed(256, 256_000_000, 1, FAST, false);
        for (int i = 0; i < 4; i++) {
            sizer.observed(sizer.transactions(), 10, 1_000, FAST, false);
        }

        assertThat(sizer.transactions()).isEqualTo(256);
    }

    @Test
    void aimsAtFewerRowsWhileOthersWait() {
        for (int i = 0; i < 10; i++) {
            sizer.observed(sizer.transactions(), sizer.transactions() * 1_000L, 1, FAST, true);
        }

        assertThat(sizer.transactions()).isEqualTo(50);
    }

    @Test
    void shrinksAfterASlowQueryHoweverFewItsRows() {
        sizer.observed(256, 10, 1_000, Duration.ofSeconds(20), false);

        assertThat(sizer.transactions()).isEqualTo(26);
    }

    @Test
    void aWindowThatWasNotFullSaysNothingAboutALargerOne() {
        int before = sizer.transactions();

        sizer.observed(3, 3, 300, FAST, false);
        sizer.observed(0, 0, 0, FAST, false);

        assertThat(sizer.transactions()).isEqualTo(before);
    }

    @Test
    void settlesWhereAWindowBringsTheTarget() {
        for (int i = 0; i < 10; i++) {
            sizer.observed(
                    sizer.transactions(), sizer.transactions() * 1_000L, sizer.transactions() * 1_000L, FAST, false);
        }

        assertThat(sizer.transactions()).isEqualTo(200);
    }
}
