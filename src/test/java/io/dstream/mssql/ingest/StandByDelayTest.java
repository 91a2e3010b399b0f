package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StandByDelayTest {

    /// Whatever the range, its lowest number or its highest.
    private record Fixed(boolean highest) implements RandomGenerator {

        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long bound) {
            return highest ? bound - 1 : 0;
        }
    }

    @ParameterizedTest
    @CsvSource({"PT0.1S, PT0.11S", "PT5S, PT5.5S", "PT10S, PT11S", "PT5M, PT5M1S"})
    void staysBetweenTheIntervalAndATenthOrASecondMore(Duration interval, Duration longest) {
        assertThat(new StandByDelay(interval, new Fixed(false)).next()).isEqualTo(interval);
        assertThat(new StandByDelay(interval, new Fixed(true)).next()).isEqualTo(longest);
    }

    @Test
    void differsFromTimeToTime() {
        StandByDelay delay = new StandByDelay(Duration.ofSeconds(5), new Random(1));

        assertThat(delay.next()).isNotEqualTo(delay.next());
    }
}
