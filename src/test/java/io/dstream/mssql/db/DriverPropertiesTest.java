package io.dstream.mssql.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DriverPropertiesTest {

    @Test
    void whatTheUserGaveGoesBeforeADefault() {
        Map<String, String> given = Map.of("applicationName", "mine", "socketTimeout", "1000");

        assertThat(DriverProperties.forReading(given))
                .containsEntry("applicationName", "mine")
                .containsEntry("socketTimeout", "1000");
    }

    @Test
    void whatCorrectResultsRestOnCannotBeChanged() {
        Map<String, String> given =
                Map.of("sendTimeAsDatetime", "true", "connectRetryCount", "3", "responseBuffering", "full");

        assertThat(DriverProperties.forControl(given))
                .containsEntry("sendTimeAsDatetime", "false")
                .containsEntry("connectRetryCount", "0")
                .containsEntry("responseBuffering", "adaptive");
    }

    @Test
    void aConnectionThatHoldsLocksFindsOutSoonThatItIsGone() {
        assertThat(DriverProperties.forDedicated(Map.of("queryTimeout", "600")))
                .containsEntry("queryTimeout", "5")
                .containsEntry("socketTimeout", "10000");
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "0, 10", "30, 10", "-1, 10", "soon, 10"})
    void aLoginNeverTakesLongerThanTenSeconds(String given, String used) {
        assertThat(DriverProperties.forReading(Map.of("loginTimeout", given))).containsEntry("loginTimeout", used);
    }
}
