package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CapturePulseTest {

    private static final Optional<Lsn> FIRST = Optional.of(new Lsn(1, 0));
    private static final Optional<Lsn> SECOND = Optional.of(new Lsn(2, 0));

    private Duration now = Duration.ofDays(1);
    private final CapturePulse pulse = new CapturePulse(() -> now.toNanos());

    private Optional<String> sawAfter(Duration wait, Optional<Lsn> highest) {
        now = now.plus(wait);
        return pulse.saw(highest);
    }

    @Test
    void saysOnceThatNothingWasCapturedYet() {
        assertThat(pulse.saw(Optional.empty()))
                .hasValueSatisfying(why -> assertThat(why).contains("Agent is stopped", "capture job is missing"));
        assertThat(sawAfter(CapturePulse.STANDSTILL, Optional.empty())).isEmpty();
    }

    @Test
    void saysOnceThatNothingIsCapturedAnyMoreAndWhenItIs() {
        assertThat(pulse.saw(FIRST)).isEmpty();
        assertThat(sawAfter(CapturePulse.STANDSTILL.minusNanos(1), FIRST)).isEmpty();
        assertThat(sawAfter(Duration.ofNanos(1), FIRST))
                .hasValueSatisfying(why -> assertThat(why).contains("SQL Server Agent stopped", "sp_cdc_help_jobs"));
        assertThat(sawAfter(CapturePulse.STANDSTILL, FIRST)).isEmpty();

        assertThat(pulse.saw(SECOND)).contains("Changes are captured again");
        assertThat(sawAfter(CapturePulse.STANDSTILL, SECOND)).isPresent();
    }

    @Test
    void isQuietWhileTheJobMakesItsEntries() {
        for (int entry = 1; entry < 100; entry++) {
            assertThat(sawAfter(Duration.ofMinutes(5), Optional.of(new Lsn(entry, 0))))
                    .isEmpty();
        }
    }
}
