package io.dstream.mssql.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogLimitTest {

    private final AtomicLong nanos = new AtomicLong(-5);
    private final LogLimit limit = new LogLimit(nanos::get);

    private long admitted(int messages) {
        return IntStream.range(0, messages)
                .filter(i -> limit.admit().isPresent())
                .count();
    }

    @Test
    void logsTenAMinute() {
        assertThat(admitted(1000)).isEqualTo(10);
    }

    @Test
    void saysInTheNextMinuteHowManyItKeptBack() {
        admitted(25);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());

        assertThat(limit.admit()).isEqualTo(OptionalLong.of(15));
        assertThat(limit.admit()).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void aMinuteIsNotOverBeforeItsEnd() {
        admitted(10);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos() - 1);

        assertThat(limit.admit()).isEmpty();
    }
}
