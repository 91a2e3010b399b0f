package io.dstream.mssql.config;

import static io.dstream.mssql.config.Configs.DATABASE;
import static io.dstream.mssql.config.Configs.bytes;
import static io.dstream.mssql.config.Configs.problems;
import static io.dstream.mssql.config.Configs.read;
import static io.dstream.mssql.config.Configs.refusal;
import static io.dstream.mssql.config.Configs.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ConfigReaderTest {

    private final ConfigReader reader = new ConfigReader(Map.of());

    @Test
    void readsABareConfiguration() throws Exception {
        Launch launch = read(with(""));

        assertThat(launch.command()).isEqualTo(Command.RUN);
        assertThat(launch.enveloped()).isFalse();
        assertThat(launch.config().database()).hasToString("db1/shop");
    }

    @Test
    void readsACommandEnvelope() throws Exception {
        Launch launch = read("{\"command\":\"run\",\"config\":" + with("") + "}");

        assertThat(launch.command()).isEqualTo(Command.RUN);
        assertThat(launch.enveloped()).isTrue();
        assertThat(launch.config()).isEqualTo(read(with("")).config());
    }

    @Test
    void returnsAtTheClosingBraceOfAPipeThatStaysOpen() throws Exception {
        try (PipedOutputStream writer = new PipedOutputStream();
                PipedInputStream pipe = new PipedInputStream(writer, 65_536)) {
            writer.write(with("").getBytes(StandardCharsets.UTF_8));
            writer.flush();

            assertThat(reader.read(pipe).config().tables().named()).hasSize(1);
        }
    }

    @Test
    void returnsFromTheShortestObjectOfAPipeThatStaysOpen() throws Exception {
        try (PipedOutputStream writer = new PipedOutputStream();
                PipedInputStream pipe = new PipedInputStream(writer)) {
            writer.write("{}".getBytes(StandardCharsets.UTF_8));
            writer.flush();

            assertThatThrownBy(() -> reader.read(pipe)).isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void acceptsBytesThatTrickleIn() throws Exception {
        InputStream trickle = new ByteArrayInputStream(with("").getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(1, length));
            }
        };

        assertThat(reader.read(trickle).config().tables().named()).hasSize(1);
    }

    @Test
    void leavesTheStreamOpenAndIgnoresWhatFollows() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream input = new ByteArrayInputStream((with("") + "\n} rest").getBytes(StandardCharsets.UTF_8)) {
            @Override
            public void close() {
                closed.set(true);
            }
        };

        assertThat(reader.read(input).config().tables().named()).hasSize(1);
        assertThat(closed).isFalse();
    }

    @Test
    void acceptsAByteOrderMarkAndNonAsciiText() throws Exception {
        assertThat(read("\uFEFF" + with("").replace("dbo.orders", "dbo.Größen"))
                        .config()
                        .tables()
                        .named())
                .containsExactly(new TableEntry("dbo", "Größen", new ColumnChoice.All(), "tables[0]"));
    }

    @Test
    void takesNullForAbsent() throws Exception {
        assertThat(read(with("\"poll_interval\": null, \"lock_config\": null, \"command\": null")))
                .isEqualTo(read(with("")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n"})
    void saysThatStdinIsEmpty(String input) {
        assertThat(problems(input)).containsExactly("the configuration is empty: stdin must hold one JSON object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "12 ", "true", "null"})
    void wantsAnObject(String input) {
        assertThat(problems(input)).containsExactly("the configuration must be a JSON object");
    }

    @Test
    void tellsLineAndColumnOfBrokenJsonAndNotItsText() {
        assertThat(problems("{\n  \"db_connection_string\": hunter2\n}"))
                .singleElement()
                .asString()
                .startsWith("the configuration is not valid JSON, at line 2, column ")
                .doesNotContain("hunter");
        assertThat(problems("{\"db_connection_string\": \"hunter2"))
                .singleElement()
                .asString()
                .startsWith("the configuration ends before its JSON is complete, at line 1, column ")
                .doesNotContain("hunter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\" \"hunter2\"}", "{\"hunter2\" 1}", "{hunter2:1}", "{\"a\":'hunter2'}", "{\"a\":tru}"})
    void neverShowsThePlaceWhereJsonBroke(String input) {
        ConfigException refusal = refusal(input);

        assertThat(refusal).hasMessageNotContaining("hunter").hasNoCause();
        assertThat(refusal.problems()).hasSize(1);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        InputStream input = new ByteArrayInputStream("{\"a\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> reader.read(input)).hasMessage("the configuration is not valid UTF-8");
    }

    @Test
    void refusesDeepNestingWithoutFailingItself() {
        assertThat(problems("{\"a\":" + "[".repeat(100_000))).hasSize(1);
    }

    @Test
    void passesOnThatTheStreamBroke() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return read();
            }
        };

        assertThatThrownBy(() -> reader.read(broken))
                .isInstanceOf(IOException.class)
                .hasMessage("gone");
    }

    @Test
    void refusesAKeyGivenTwice() {
        assertThat(problems(with("\"on_gap\": \"fail\", \"on_gap\": \"resume\", \"lock_config\":"
                        + " {\"type\": \"none\", \"type\": \"none\"}")))
                .containsExactly("on_gap: is given twice", "lock_config.type: is given twice");
    }

    @ParameterizedTest
    @EnumSource(Command.class)
    void readsTheCommandFromTheArgumentOrTheEnvelope(Command command) throws Exception {
        Arguments argument = Arguments.parse(List.of(command.text()));
        ConfigReader reader = new ConfigReader(Map.of());
        String enveloped = "{\"command\":\"" + command.text() + "\",\"config\":" + with("") + "}";

        assertThat(reader.read(bytes(with("")), argument).command()).isEqualTo(command);
        assertThat(reader.read(bytes(enveloped), argument).command()).isEqualTo(command);
        assertThat(reader.read(bytes(enveloped)).command()).isEqualTo(command);
    }

    @Test
    void refusesAnArgumentThatTheEnvelopeContradicts() throws Exception {
        Arguments argument = Arguments.parse(List.of("plan"));
        String enveloped = "{\"command\":\"destroy\",\"config\":" + with("") + "}";

        assertThatThrownBy(() -> new ConfigReader(Map.of()).read(bytes(enveloped), argument))
                .isInstanceOf(ConfigException.class)
                .hasMessage("command: says `destroy` and the command line says `plan`; leave one of them out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"command\":\"run\"}|config: is required beside `command`",
                "{\"command\":\"run\",\"config\":7}|config: must be an object, not a number",
                "{\"command\":\"walk\",\"config\":null}|command: `walk` is not one of run, plan, init, status, destroy",
                "{\"command\":\"run\",\"confg\":{}}|confg: unknown key `confg`; did you mean `config`?",
            })
    void refusesAMalformedEnvelope(String input, String problem) {
        ConfigException refusal = refusal(input);

        assertThat(refusal.problems()).contains(problem);
        assertThat(refusal.enveloped()).isTrue();
    }

    @Test
    void countsPathsFromTheConfigurationInsideAnEnvelope() {
        ConfigException refusal =
                refusal("{\"command\":\"run\",\"config\":{\"db_connection_string\":\"" + DATABASE + "\"}}");

        assertThat(refusal.problems())
                .containsExactly("tables: is required: a list of table names such as \"dbo.orders\"");
        assertThat(refusal.enveloped()).isTrue();
    }

    @Test
    void defaultsToRunWhenTheEnvelopeNamesNoCommand() throws Exception {
        assertThat(reader.read(bytes("{\"config\":" + with("") + "}")).command())
                .isEqualTo(Command.RUN);
    }
}
