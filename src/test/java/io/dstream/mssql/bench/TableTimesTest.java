package io.dstream.mssql.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TableTimesTest {

    private final TableTimes times = new TableTimes(Map.of("dbo_a", 4, "dbo_b", 10));

    @Test
    void tellsHowFarTheSlowestWasWhenTheQuickestWasDone() {
        times.took("dbo_b", 3);
        times.took("dbo_a", 1);
        long begun = times.allBegunNanos();
        times.took("dbo_a", 3);
        times.took("dbo_b", 7);

        assertThat(times.leastShare()).isEqualTo(0.3);
        assertThat(times.allBegunNanos()).isEqualTo(begun).isLessThanOrEqualTo(times.firstDoneNanos());
        assertThat(times.firstDoneNanos()).isLessThanOrEqualTo(times.lastNanos());
    }

    @Test
    void aTableThatHadNothingHasAShareOfNothing() {
        times.took("dbo_a", 4);

        assertThat(times.leastShare()).isZero();
    }
}
