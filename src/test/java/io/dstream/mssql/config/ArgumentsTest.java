package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArgumentsTest {

    @Test
    void readsCommandAndOptionsInAnyOrder() throws Exception {
        assertThat(Arguments.parse(List.of())).isEqualTo(Arguments.NONE);
        assertThat(Arguments.parse(List.of("--json", "init", "--enable-cdc")))
                .isEqualTo(new Arguments(Optional.of(Command.INIT), Optional.empty(), false, false, true, true));
        assertThat(Arguments.parse(List.of("plan", "--config", "plan")))
                .isEqualTo(new Arguments(Optional.of(Command.PLAN), Optional.of("plan"), false, false, false, false));
        assertThat(Arguments.parse(List.of("--help")).help()).isTrue();
        assertThat(Arguments.parse(List.of("--version")).version()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plam|unknown argument `plam`; did you mean `plan`?",
                "--config=c.json|unknown argument `--config=c.json`; did you mean `--config`?",
                "--enable_cdc|unknown argument `--enable_cdc`; did you mean `--enable-cdc`?",
                "x y|unknown argument `x`; known are run, plan, init, status, destroy, --config, --help, --version,"
                        + " --json, --enable-cdc; unknown argument `y`; known are run, plan, init, status, destroy,"
                        + " --config, --help, --version, --json, --enable-cdc",
                "--config|`--config` is followed by one file, and given once",
                "--config --json|`--config` is followed by one file, and given once",
                "--config a --config b|`--config` is followed by one file, and given once",
                "plan status|one command at a time, not 2",
                "plan --enable-cdc|`--enable-cdc` goes with the argument `init` alone",
            })
    void refusesWhatItDoesNotKnow(String arguments, String message) {
        assertThatThrownBy(() -> Arguments.parse(Arrays.asList(arguments.split(" "))))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }
}
