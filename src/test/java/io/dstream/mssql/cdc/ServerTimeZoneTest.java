package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTimeZoneTest {

    @Test
    void everyWindowsNameLeadsToAZoneOfJava() {
        assertThat(ServerTimeZone.WindowsNames.TABLE).hasSizeGreaterThan(130);
        assertThat(ZoneId.getAvailableZoneIds())
                .containsAll(ServerTimeZone.WindowsNames.TABLE.values().stream()
                        .map(Object::toString)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "AUS Eastern Standard Time,       Australia/Sydney",
        "Arabian Standard Time,           Asia/Dubai",
        "Central America Standard Time,   America/Guatemala",
        "Central Europe Standard Time,    Europe/Budapest",
        "Central European Standard Time,  Europe/Warsaw",
        "Central Standard Time,           America/Chicago",
        "Central Standard Time (Mexico),  America/Mexico_City",
        "China Standard Time,             Asia/Shanghai",
        "E. South America Standard Time,  America/Sao_Paulo",
        "Eastern Standard Time,           America/New_York",
        "FLE Standard Time,               Europe/Kiev",
        "GMT Standard Time,               Europe/London",
        "India Standard Time,             Asia/Calcutta",
        "Mountain Standard Time,          America/Denver",
        "New Zealand Standard Time,       Pacific/Auckland",
        "Pacific Standard Time,           America/Los_Angeles",
        "Romance Standard Time,           Europe/Paris",
        "Russian Standard Time,           Europe/Moscow",
        "SE Asia Standard Time,           Asia/Bangkok",
        "Singapore Standard Time,         Asia/Singapore",
        "South Africa Standard Time,      Africa/Johannesburg",
        "Tokyo Standard Time,             Asia/Tokyo",
        "UTC,                             Etc/UTC",
        "W. Europe Standard Time,         Europe/Berlin"
    })
    void knowsTheNamesOfWindows(String windowsName, String zone) {
        assertThat(ServerTimeZone.parse(windowsName)).contains(ZoneId.of(zone));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Vienna", "Etc/UTC", "America/Argentina/Buenos_Aires", "Z", "+02:00", "-03:30"})
    void takesJavasOwnIdsAndOffsetsAsTheyAre(String id) {
        assertThat(ServerTimeZone.parse(id)).contains(ZoneId.of(id));
        assertThat(ServerTimeZone.parse(" " + id + "\n")).contains(ZoneId.of(id));
    }

    /// The sign of `Etc/GMT` zones is the other way round.
    @ParameterizedTest
    @CsvSource({"UTC-11, -11:00", "UTC+12, +12:00", "Dateline Standard Time, -12:00"})
    void keepsTheSignOfAnOffset(String windowsName, String offset) {
        ZoneId zone = ServerTimeZone.parse(windowsName).orElseThrow();

        assertThat(zone.getRules().getOffset(Instant.EPOCH)).isEqualTo(ZoneOffset.of(offset));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Middle Earth Standard Time", "Europe/Atlantis", "+25:00", "w. europe"})
    void anythingElseIsUnknown(String id) {
        assertThat(ServerTimeZone.parse(id)).isEmpty();
    }
}
