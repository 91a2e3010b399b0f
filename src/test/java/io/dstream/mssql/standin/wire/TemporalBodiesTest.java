package io.dstream.mssql.standin.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ProtocolException;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;

/// Values finer than their type.
class TemporalBodiesTest {

    @Test
    void roundsToTheScaleAndCarriesIntoTheNextDay() throws ProtocolException {
        LocalDateTime almostMidnight = LocalDateTime.parse("2023-12-31T23:59:59.9999999");

        assertThat(roundTrip(new TemporalBodies.DateTime2(3), almostMidnight))
                .isEqualTo(LocalDateTime.parse("2024-01-01T00:00"));
        assertThat(roundTrip(new TemporalBodies.Time(0), LocalTime.parse("12:00:00.5")))
                .isEqualTo(LocalTime.parse("12:00:01"));
        assertThat(roundTrip(new TemporalBodies.DateTime(), almostMidnight))
                .isEqualTo(LocalDateTime.parse("2024-01-01T00:00"));
    }

    @Test
    void datetimeEndsInZeroThreeOrSeven() throws ProtocolException {
        LocalDateTime second = LocalDateTime.parse("2024-01-01T00:00:01");

        assertThat(roundTrip(new TemporalBodies.DateTime(), second.plusNanos(1_000_000)))
                .isEqualTo(second);
        assertThat(roundTrip(new TemporalBodies.DateTime(), second.plusNanos(2_000_000)))
                .isEqualTo(second.plusNanos(3_000_000));
        assertThat(roundTrip(new TemporalBodies.DateTime(), second.plusNanos(8_000_000)))
                .isEqualTo(second.plusNanos(7_000_000));
        assertThat(roundTrip(new TemporalBodies.DateTime(), second.plusNanos(9_000_000)))
                .isEqualTo(second.plusNanos(10_000_000));
    }

    @Test
    void smalldatetimeRoundsToMinutes() throws ProtocolException {
        assertThat(roundTrip(new TemporalBodies.SmallDateTime(), LocalDateTime.parse("2024-01-01T00:00:30")))
                .isEqualTo(LocalDateTime.parse("2024-01-01T00:01"));
    }

    private static Object roundTrip(ValueBody body, Object value) throws ProtocolException {
        WireBuffer out = new WireBuffer();
        body.write(out, value);
        return body.read(new WireReader(out.toByteArray()), out.position());
    }
}
