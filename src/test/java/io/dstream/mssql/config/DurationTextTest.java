package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "-0, PT0S",
        "5s, PT5S",
        "+5s, PT5S",
        "-5s, PT-5S",
        "1478s, PT24M38S",
        "5.s, PT5S",
        ".5s, PT0.5S",
        "1.0040s, PT1.004S",
        "100.00100s, PT1M40.001S",
        "10ns, PT0.00000001S",
        "1us, PT0.000001S",
        "12\u00B5s, PT0.000012S",
        "12\u03BCs, PT0.000012S",
        "300ms, PT0.3S",
        "1.5h, PT1H30M",
        "1m30s, PT1M30S",
        "10.5s4m, PT4M10.5S",
        "-2m3.4s, PT-2M-3.4S",
        "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
        "0.3333333333333333333h, PT20M",
        "0.100000000000000000000h, PT6M",
        "0.830103483285477580700h, PT49M48.372539827S",
        "9223372036854775807ns, PT2562047H47M16.854775807S",
        "-9223372036854775808ns, PT-2562047H-47M-16.854775808S",
    })
    void readsWhatGoReads(String text, Duration expected) {
        assertThat(DurationText.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "3",
                "-",
                "s",
                ".",
                "-.",
                ".s",
                "+.s",
                "1d",
                "1S",
                " 5s",
                "5s ",
                "5 s",
                "1..5s",
                "1,5s",
                "--5s",
                "5s-1s",
                "0x1s",
                "\u0665s",
                "9223372036854775808ns",
                "-9223372036854775809ns",
                "9223372036854776us",
                "3000000h",
                "9223372036854775807h1ns",
            })
    void refusesWhatGoRefuses(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.000000001S, 1ns",
        "PT0.0000011S, 1.1\u00B5s",
        "PT0.0022S, 2.2ms",
        "PT0.3S, 300ms",
        "PT1.5S, 1.5s",
        "PT5S, 5s",
        "PT1M30S, 1m30s",
        "PT5M, 5m0s",
        "PT1H, 1h0m0s",
        "PT5M0.001S, 5m0.001s",
        "PT26H3M0.5S, 26h3m0.5s",
        "PT-1M-30S, -1m30s",
        "PT-0.3S, -300ms",
        "PT2562047H47M16.854775807S, 2562047h47m16.854775807s",
    })
    void writesWhatGoWrites(Duration duration, String expected) {
        assertThat(DurationText.format(duration)).isEqualTo(expected);
        assertThat(DurationText.parse(expected)).contains(duration);
    }
}
