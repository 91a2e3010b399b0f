package io.dstream.mssql.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordsTest {

    @ParameterizedTest
    @CsvSource({"PT0.9S,0s", "PT59S,59s", "PT5M3S,5m 3s", "PT26H,1d 2h", "PT2H,2h 0m", "P3D,3d 0h", "PT-1S,over"})
    void hasTheTwoLargestUnits(Duration time, String text) {
        assertThat(Words.of(time)).isEqualTo(text);
    }

    @Test
    void saysWhatIsUnknownAndWhereACountEnded() {
        assertThat(Words.of(Optional.empty())).isEqualTo("unknown");
        assertThat(Words.of(99, 100)).isEqualTo("99");
        assertThat(Words.of(100, 100)).isEqualTo("100+");
    }
}
