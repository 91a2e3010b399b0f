package io.dstream.mssql.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// No bit of a date or a time gets lost or falls into another.
final class PackedTimeTest {

    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSS");

    @Test
    void keepsTheFirstAndTheLastMoment() {
        for (String text : List.of(
                "0001-01-01T00:00:00.0000000",
                "9999-12-31T23:59:59.9999999",
                "1582-10-10T12:30:30.5000000",
                "2000-02-29T00:00:00.0000001")) {
            assertThat(written(LocalDateTime.parse(text))).isEqualTo(text);
        }
    }

    @Test
    void keepsAnyMoment() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            LocalDateTime moment = LocalDateTime.of(
                    LocalDate.ofYearDay(1 + random.nextInt(9_999), 1 + random.nextInt(365)),
                    LocalTime.ofNanoOfDay(random.nextLong(864_000_000_000L) * 100));
            assertThat(written(moment)).as("seed %d", seed).isEqualTo(ISO.format(moment));
        }
    }

    private static String written(LocalDateTime moment) {
        long packed = PackedTime.of(moment);
        JsonBuffer out = new JsonBuffer(1);
        PackedTime.writeDate(packed, out);
        out.writeByte('T');
        PackedTime.writeTime(packed, 7, out);
        return out.toString();
    }
}
