package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Local times of the server where its clock was put forward or back.
final class ServerClockTest {

    private static final Lsn BEFORE = new Lsn(10, 0);
    private static final Lsn SECOND_PASS = new Lsn(20, 0);
    private static final Lsn LATER = new Lsn(30, 0);

    private final List<String> asked = new ArrayList<>();

    private ServerClock clock(String zone, Optional<Lsn> secondPass) {
        return new ServerClock(ZoneId.of(zone), (from, until) -> {
            asked.add(from + " " + until);
            return secondPass;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York,    2025-11-02T01:30:00, 2025-11-02T05:30:00Z, 2025-11-02T06:30:00Z, 01:00, 02:00",
        "Europe/Berlin,       2025-10-26T02:59:59, 2025-10-26T00:59:59Z, 2025-10-26T01:59:59Z, 02:00, 03:00",
        "Australia/Lord_Howe, 2025-04-06T01:30:00, 2025-04-05T14:30:00Z, 2025-04-05T15:00:00Z, 01:30, 02:00",
    })
    void theOrderOfTheLogTellsTheTwoPassesApart(
            String zone, LocalDateTime local, Instant first, Instant second, String from, String until)
            throws SQLException {
        ServerClock clock = clock(zone, Optional.of(SECOND_PASS));

        assertThat(clock.instant(BEFORE, local)).isEqualTo(first);
        assertThat(clock.instant(SECOND_PASS, local)).isEqualTo(second);
        assertThat(clock.instant(LATER, local)).isEqualTo(second);
        assertThat(asked).containsExactly(local.toLocalDate() + "T" + from + " " + local.toLocalDate() + "T" + until);
    }

    @Test
    void withoutASignTheFirstPassIsTaken() throws SQLException {
        ServerClock clock = clock("Europe/Berlin", Optional.empty());

        assertThat(clock.instant(LATER, LocalDateTime.parse("2025-10-26T02:30")))
                .isEqualTo("2025-10-26T00:30:00Z");
    }

    @Test
    void nothingIsAskedAtAnyOtherTime() throws SQLException {
        ServerClock clock = clock("America/New_York", Optional.of(SECOND_PASS));

        assertThat(clock.instant(LATER, LocalDateTime.parse("2025-11-02T00:59:59.997")))
                .isEqualTo("2025-11-02T04:59:59.997Z");
        assertThat(clock.instant(LATER, LocalDateTime.parse("2025-11-02T02:00")))
                .isEqualTo("2025-11-02T07:00:00Z");
        assertThat(clock("UTC", Optional.of(SECOND_PASS)).instant(LATER, LocalDateTime.parse("2025-11-02T01:30")))
                .isEqualTo("2025-11-02T01:30:00Z");
        assertThat(asked).isEmpty();
    }

    @Test
    void eachRepeatedHourIsAskedForOnce() throws SQLException {
        ServerClock clock = clock("America/New_York", Optional.of(SECOND_PASS));
        for (String local : List.of("2024-11-03T01:10", "2025-11-02T01:10", "2024-11-03T01:20", "2025-11-02T01:20")) {
            clock.instant(LATER, LocalDateTime.parse(local));
        }

        assertThat(asked).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York,    2025-03-09T02:30:00, 2025-03-09T07:30:00Z",
        "Europe/Berlin,       2025-03-30T02:00:00, 2025-03-30T01:00:00Z",
        "Australia/Lord_Howe, 2025-10-05T02:15:00, 2025-10-04T15:45:00Z",
    })
    void aTimeThatTheZoneSkippedIsMovedOn(String zone, LocalDateTime local, Instant moved) throws SQLException {
        assertThat(clock(zone, Optional.empty()).instant(BEFORE, local)).isEqualTo(moved);
        assertThat(asked).isEmpty();
    }
}
