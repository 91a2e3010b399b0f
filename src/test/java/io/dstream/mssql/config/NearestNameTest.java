package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

    private static final List<String> KNOWN = List.of("poll_interval", "max_poll_interval", "tables", "on_gap");

    @ParameterizedTest
    @CsvSource({
        "pol_interval, poll_interval",
        "pollInterval, poll_interval",
        "POLL-INTERVAL, poll_interval",
        "maxpollintervall, max_poll_interval",
        "table, tables",
        "tabels, tables",
        "ongap, on_gap",
    })
    void guessesTypingErrorsAndOtherCasings(String written, String meant) {
        assertThat(NearestName.to(written, KNOWN)).contains(meant);
    }

    @Test
    void guessesNothingFromSomethingElse() {
        assertThat(NearestName.to("colour", KNOWN)).isEmpty();
        assertThat(NearestName.to("", KNOWN)).isEmpty();
    }
}
