package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FailureLogTest {

    private final AtomicLong nanos = new AtomicLong(-5);
    private final FailureLog failures = new FailureLog(nanos::get);

    private long admitted(int messages) {
        return IntStream.range(0, messages)
                .filter(i -> failures.admit().isPresent())
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

        assertThat(failures.admit()).isEqualTo(OptionalLong.of(15));
        assertThat(failures.admit()).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void aMinuteIsNotOverBeforeItsEnd() {
        admitted(10);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos() - 1);

        assertThat(failures.admit()).isEmpty();
    }
}
