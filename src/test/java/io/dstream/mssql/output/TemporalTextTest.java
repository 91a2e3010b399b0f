package io.dstream.mssql.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemporalTextTest {

    private final JsonBuffer out = new JsonBuffer(1);

    @Test
    void knowsDaysFromYear1To9999() {
        DateTimeFormatter iso = DateTimeFormatter.ISO_LOCAL_DATE;
        LocalDateTime last = LocalDateTime.of(9999, 12, 31, 0, 0);
        for (LocalDateTime day = LocalDateTime.of(1, 1, 1, 0, 0); !day.isAfter(last); day = day.plusDays(17)) {
            out.truncate(0);
            TemporalText.writeEpochSecond(day.toEpochSecond(ZoneOffset.UTC), out);
            assertThat(out).hasToString(iso.format(day) + "T00:00:00");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2025-09-28T20:00:00Z, 2025-09-28T20:00:00Z",
        "2025-09-28T20:00:00.123Z, 2025-09-28T20:00:00.123Z",
        "2025-09-28T20:00:00.100Z, 2025-09-28T20:00:00.100Z",
        "1969-12-31T23:59:59.997Z, 1969-12-31T23:59:59.997Z"
    })
    void writesInstantsInUtc(Instant instant, String expected) {
        TemporalText.writeInstant(instant, out);

        assertThat(out).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 7", "900000000, 1", "123456700, 7", "1, 9"})
    void shortensAFractionOfUnknownScale(int nanos, int scale) {
        assertThat(TemporalText.shortestScale(nanos)).isEqualTo(scale);
    }
}
