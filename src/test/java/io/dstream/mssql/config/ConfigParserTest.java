package io.dstream.mssql.config;

import static io.dstream.mssql.config.Configs.configWith;
import static io.dstream.mssql.config.Configs.problems;
import static io.dstream.mssql.config.Configs.problemsWith;
import static io.dstream.mssql.config.Configs.read;
import static io.dstream.mssql.config.Configs.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.config.IngesterConfig.PollingConfig;
import io.dstream.mssql.config.OutputConfig.OutputFormat;
import io.dstream.mssql.config.OutputConfig.OversizeChange;
import io.dstream.mssql.config.ReadingConfig.OnGap;
import io.dstream.mssql.config.ReadingConfig.ReadMode;
import io.dstream.mssql.config.ReadingConfig.StartFrom;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigParserTest {

    @Test
    void everyKeyHasItsDefault() throws Exception {
        IngesterConfig config = configWith("");

        assertThat(config.polling())
                .isEqualTo(
                        new PollingConfig(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofSeconds(1), false));
        assertThat(config.reading())
                .isEqualTo(
                        new ReadingConfig(ReadMode.FUNCTION, StartFrom.EARLIEST, OnGap.FAIL, false, Optional.empty()));
        assertThat(config.output())
                .isEqualTo(new OutputConfig(OutputFormat.ENVELOPE, 60_000, OversizeChange.FAIL, false));
        assertThat(config.lock()).isEqualTo(new LockConfig(LockConfig.Type.SQL_SERVER, OptionalInt.empty()));
    }

    @Test
    void everyKeyIsRead() throws Exception {
        IngesterConfig config = configWith("""
                "poll_interval": "300ms", "max_poll_interval": "1m30s", "checkpoint_interval": "0s",
                "stop_when_caught_up": true, "read_mode": "function", "start_from": "latest", "on_gap": "resume",
                "before_images": false, "server_time_zone": "Europe/Berlin", "output_format": "change",
                "max_line_bytes": 0, "oversize_change": "omit", "decimals_as_strings": true,
                "lock_config": {"type": "none"}
                """);

        assertThat(config.polling())
                .isEqualTo(new PollingConfig(Duration.ofMillis(300), Duration.ofSeconds(90), Duration.ZERO, true));
        assertThat(config.reading())
                .isEqualTo(new ReadingConfig(
                        ReadMode.FUNCTION,
                        StartFrom.LATEST,
                        OnGap.RESUME,
                        false,
                        Optional.of(ZoneId.of("Europe/Berlin"))));
        assertThat(config.output()).isEqualTo(new OutputConfig(OutputFormat.CHANGE, 0, OversizeChange.OMIT, true));
        assertThat(config.lock()).isEqualTo(new LockConfig(LockConfig.Type.NONE, OptionalInt.empty()));
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        assertThat(problems("{\"tables\": [\"\", 7], \"pol_interval\": \"1s\", \"max_line_bytes\": \"many\"}"))
                .containsExactly(
                        "db_connection_string: is required",
                        "tables[0]: is blank",
                        "tables[1]: must be a table name or an object such as {\"name\": \"dbo.orders\", \"columns\":"
                                + " [..]}, not a number",
                        "max_line_bytes: must be a whole number of at most 2147483647, not `many`",
                        "pol_interval: unknown key `pol_interval`; did you mean `poll_interval`?");
    }

    @Test
    void numbersAndBooleansMayStandInStrings() throws Exception {
        IngesterConfig config = configWith(
                "\"max_line_bytes\": \"2048\", \"decimals_as_strings\": \"true\", \"before_images\": \"false\"");

        assertThat(config.output().maxLineBytes()).isEqualTo(2048);
        assertThat(config.output().decimalsAsStrings()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"poll_interval\": \"0\"|poll_interval: must be more than 0, not 0s",
                "\"poll_interval\": \"-5s\"|poll_interval: must be more than 0, not -5s",
                "\"poll_interval\": 5|poll_interval: must be a string, not a number",
                "\"poll_interval\": \"10m\"|max_poll_interval: 5m0s is less than poll_interval, 10m0s",
                "\"checkpoint_interval\": \"-1s\"|checkpoint_interval: must not be negative, not -1s",
                "\"max_line_bytes\": 1023|max_line_bytes: must be 0 (no limit) or at least 1024, not 1023",
                "\"max_line_bytes\": -1|max_line_bytes: must be 0 (no limit) or at least 1024, not -1",
                "\"stop_when_caught_up\": 1|stop_when_caught_up: must be true or false, not `1`",
                "\"lock_config\": []|lock_config: must be an object, not a list",
                "\"lock_config\": {}|lock_config.type: is required: azure_blob, sql_server, none",
            })
    void refusesValuesThatMakeNoSense(String member, String problem) {
        assertThat(problemsWith(member)).containsExactly(problem);
    }

    @Test
    void saysWhatWouldHaveBeenRight() {
        assertThat(problemsWith("\"poll_interval\": \"5\""))
                .containsExactly("poll_interval: `5` is not a duration such as 300ms, 5s, 1m30s or 1h");
        assertThat(problemsWith("\"start_from\": \"newest\""))
                .containsExactly("start_from: `newest` is not one of earliest, latest");
        assertThat(problemsWith("\"server_time_zone\": \"Berlin\""))
                .containsExactly("server_time_zone: `Berlin` is not a time zone such as UTC, Europe/Berlin or +02:00");
        assertThat(problemsWith("\"max_line_bytes\": 1e4")).hasSize(1);
        assertThat(problemsWith("\"max_line_bytes\": 99999999999")).hasSize(1);
        assertThat(problemsWith("\"max_line_bytes\": 12.5")).hasSize(1);
        assertThat(problemsWith("\"decimals_as_strings\": \"TRUE\"")).hasSize(1);
    }

    @Test
    void aProblemIsOneLineWhateverTheInput() {
        assertThat(problemsWith("\"a\\nb\\u2028c\": 1, \"on_gap\": \"x\\r\\ny\""))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.lines()).hasSize(1));
    }

    @Test
    void namesTheKnownKeysWhenNoneIsNear() {
        assertThat(problemsWith("\"lock_config\": {\"type\": \"none\", \"colour\": 1}"))
                .containsExactly("lock_config.colour: unknown key `colour`; known keys are type, max_tables,"
                        + " connection_string, account_url, container_name");
    }

    @Test
    void theseAreAllTheKeys() {
        assertThat(problemsWith("\"colour\": 1"))
                .containsExactly("colour: unknown key `colour`; known keys are config, command, db_connection_string,"
                        + " tables, poll_interval, max_poll_interval, checkpoint_interval, stop_when_caught_up,"
                        + " read_mode, before_images, start_from, on_gap, server_time_zone, output_format,"
                        + " oversize_change, max_line_bytes, decimals_as_strings, lock_config, $schema");
    }

    @Test
    void passesOverTheSchemaThatEditorsGoBy() throws Exception {
        String schema = "\"$schema\": \"./config.schema.json\"";

        assertThat(read(with(schema))).isEqualTo(read(with("")));
        assertThat(read("{" + schema + ", \"config\": " + with(schema) + "}").config())
                .isEqualTo(read(with("")).config());
        assertThat(problemsWith("\"$schema\": 7")).containsExactly("$schema: must be a string, not a number");
    }

    @Test
    void showsNothingSecretWhenPrinted() throws Exception {
        String json = with("").replace("password=pw", "password=hunter2");

        assertThat(read(json).config().database().driverProperties()).containsEntry("password", "hunter2");
        assertThat(read(json)).asString().doesNotContain("hunter");
    }
}
