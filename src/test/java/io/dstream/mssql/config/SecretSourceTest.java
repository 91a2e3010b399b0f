package io.dstream.mssql.config;

import static io.dstream.mssql.config.Configs.DATABASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretSourceTest {

    private static Launch read(Map<String, String> environment, String reference) throws Exception {
        return new ConfigReader(environment)
                .read(Configs.bytes("{\"db_connection_string\": " + reference + ", \"tables\": [\"orders\"]}"));
    }

    @Test
    void readsAnEnvironmentVariable() throws Exception {
        assertThat(read(Map.of("DB", DATABASE), "{\"env\": \"DB\"}").config().database())
                .hasToString("db1/shop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void readsAFileWithoutItsLastLineEnd(String end, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), DATABASE + "1" + end);

        assertThat(read(Map.of(), "{\"file\": \"" + file + "\"}").config().database())
                .hasToString("db1/shop1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"env\": \"NO\"}|environment variable `NO` is not set",
                "{\"env\": \"BLANK\"}|environment variable `BLANK` is empty",
                "{\"file\": \"/no/such\"}|file `/no/such` does not exist",
                "{\"env\": \"NO\", \"file\": \"/no/such\"}|must name either `env` or `file`",
                "{}|must name either `env` or `file`",
                "\" \"|is empty",
                "7|must be a string, {\"env\": \"NAME\"} or {\"file\": \"path\"}, not a number",
            })
    void namesWhatIsMissing(String reference, String problem) {
        assertThatThrownBy(() -> read(Map.of("BLANK", " "), reference)).hasMessage("db_connection_string: " + problem);
    }

    @Test
    void namesAFileThatIsNoText(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("secret"), "ü".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> read(Map.of(), "{\"file\": \"" + file + "\"}"))
                .hasMessage("db_connection_string: file `" + file + "` is not UTF-8 text");
        assertThatThrownBy(() -> read(Map.of(), "{\"file\": \"" + folder + "\"}"))
                .hasMessageStartingWith("db_connection_string: file `" + folder + "` cannot be read");
    }

    @Test
    void guessesTheKeyOfAReference() {
        assertThatThrownBy(() -> read(Map.of(), "{\"evn\": \"DB\"}"))
                .hasMessageContaining("db_connection_string.evn: unknown key `evn`");
    }

    @Test
    void aSecretShowsItselfOnlyWhenAsked() {
        assertThat(new Secret("hunter2")).hasToString("(secret)").isEqualTo(new Secret("hunter2"));
        assertThat(new Secret("hunter2").reveal()).isEqualTo("hunter2");
    }
}
