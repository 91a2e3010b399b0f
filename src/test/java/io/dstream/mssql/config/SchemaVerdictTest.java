package io.dstream.mssql.config;

import static io.dstream.mssql.config.Configs.DATABASE;
import static io.dstream.mssql.config.Configs.with;
import static io.dstream.mssql.config.Configs.withTables;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The schema and the parser come to the same verdict about the same configuration, or the schema is the milder one
/// where it says so in its description.
final class SchemaVerdictTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("DATABASE", DATABASE);

    /// Each goes into every key. Durations lie between the defaults of `poll_interval` and `max_poll_interval`.
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "\"true\"",
            "\"yes\"",
            "\"TRUE\"",
            "-1",
            "0",
            "1",
            "1.5",
            "1023",
            "1024",
            "70000",
            "2147483647",
            "2147483648",
            "\"0\"",
            "\"7\"",
            "\"-7\"",
            "\"1023\"",
            "\"1024\"",
            "\"9999\"",
            "\"7.0\"",
            "\"5s\"",
            "\"+1m30s\"",
            "\"5.s\"",
            "\"5000.5ms\"",
            "\"0s\"",
            "\"-0s\"",
            "\"-5s\"",
            "\"5\"",
            "\"1d\"",
            "\"5 s\"",
            "\"\"",
            "\" \"",
            "\"text\"",
            "\"Text\"",
            "\"a--b\"",
            "\"ab\"",
            "\"a.b\"",
            "\"a.b.c\"",
            "\"[a\"",
            "\"[a.b]].c].d\"",
            "\"\\\"a\\\".b\"",
            "\"[ ]\"",
            "\".a\"",
            "\"*\"",
            "\"+02:00\"",
            "\"UTC\"",
            "\"+2 h\"",
            "\"https://a.blob.core.windows.net\"",
            "\"http://a.blob.core.windows.net\"",
            "\" HTTPS://a.blob.core.windows.net/ \"",
            "\"https://a.blob.core.windows.net?sig=b\"",
            "\"https://u@a.blob.core.windows.net\"",
            "\"https://\"",
            "[]",
            "[\"a\"]",
            "[\"a\", \"a\"]",
            "[\"a\", \"b\"]",
            "[\" \"]",
            "[7]",
            "[null]",
            "{}",
            "{\"env\": \"DATABASE\"}",
            "{\"env\": \"DATABASE\", \"file\": null}",
            "{\"env\": 7}",
            "{\"env\": null}",
            "{\"env\": \"DATABASE\", \"file\": \"f\"}",
            "{\"env\": \"DATABASE\", \"x\": 1}",
            "{\"type\": \"none\"}",
            "\"run\"",
            "\"plan\"",
            "\"envelope\"",
            "\"change\"",
            "\"Envelope\"",
            "\"fail\"",
            "\"omit\"",
            "\"resume\"",
            "\"function\"",
            "\"change_table\"",
            "\"earliest\"",
            "\"latest\"",
            "\"azure_blob\"",
            "\"sql_server\"",
            "\"none\"");

    /// What only the program reads: the schema may be the milder judge.
    private static final Set<String> CONTENT =
            Set.of("db_connection_string", "connection_string", "account_url", "server_time_zone");

    private static final String AZURE = "\"type\": \"azure_blob\", \"container_name\": \"locks\"";

    @ParameterizedTest
    @MethodSource("keys")
    void judgesEveryValueOfEveryKeyAsTheParserDoes(String key, String around) {
        for (String value : VALUES) {
            String json = around.replace("%s", "\"" + key + "\": " + value);
            boolean accepted = Configs.accepts(json, ENVIRONMENT);
            List<String> problems = ConfigSchema.problems(json);
            if (accepted || !CONTENT.contains(key)) {
                assertThat(problems.isEmpty())
                        .as("%s is valid: %s", json, problems)
                        .isEqualTo(accepted);
            }
        }
    }

    /// Every key, in an object that is whole but for it.
    private static Stream<String[]> keys() {
        Stream<String[]> root = ConfigSchema.keys("configuration").stream().map(key -> new String[] {
            key,
            switch (key) {
                case "db_connection_string" -> "{\"tables\": [\"dbo.orders\"], %s}";
                case "tables" -> "{\"db_connection_string\": \"" + DATABASE + "\", %s}";
                default -> with("%s");
            }
        });
        Stream<String[]> entry = Stream.of("name", "columns", "exclude_columns").map(key ->
                new String[] {key, withTables(key.equals("name") ? "[{%s}]" : "[{\"name\": \"dbo.orders\", %s}]")});
        Stream<String[]> lock = Stream.of(
                        "",
                        "\"type\": \"none\"",
                        "\"type\": \"sql_server\"",
                        AZURE,
                        AZURE + ", \"connection_string\": \"UseDevelopmentStorage=true\"",
                        AZURE + ", \"account_url\": \"https://a.blob.core.windows.net\"",
                        "\"type\": \"azure_blob\", \"connection_string\": \"UseDevelopmentStorage=true\"")
                .flatMap(given -> ConfigSchema.keys("lock").stream()
                        .filter(key -> !given.contains("\"" + key + "\""))
                        .map(key -> new String[] {
                            key, with("\"lock_config\": {" + given + (given.isEmpty() ? "" : ", ") + "%s}")
                        }));
        Stream<String[]> envelope = Stream.of("command", "$schema", "other")
                .map(key -> new String[] {key, "{\"config\": " + with("") + ", %s}"});
        Stream<String[]> others = Stream.of(
                new String[] {"config", "{\"command\": \"run\", %s}"},
                new String[] {"other", with("%s")},
                new String[] {"other", withTables("[{\"name\": \"dbo.orders\", %s}]")},
                new String[] {"other", with("\"lock_config\": {\"type\": \"none\", %s}")});
        return Stream.of(root, entry, lock, envelope, others).flatMap(cases -> cases);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"orders\", \"Orders.x\", \"[sales].[Order Details]\", \"archive.orders_*\", \"*.*\"]",
                "[{\"name\": \"a\", \"columns\": [\"id\"]}, {\"name\": \"b.*\", \"exclude_columns\": [\"id\", \"x y\"]}]",
                "[{\"name\": \"a\", \"columns\": null, \"exclude_columns\": [\"id\"]}]",
            })
    void bothAcceptTables(String tables) {
        assertAccepted(withTables(tables));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"a\", \"a\"]",
                "[\"a\", 7]",
                "[\"a\", null]",
                "[[\"a\"]]",
                "[{\"columns\": [\"id\"]}]",
                "[{\"name\": \"a\", \"columns\": [\"id\"], \"exclude_columns\": [\"x\"]}]",
                "[{\"name\": \"a\", \"column\": [\"id\"]}]",
            })
    void bothRefuseTables(String tables) {
        assertRefused(withTables(tables));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"azure_blob\", \"container_name\": \"locks\","
                        + " \"account_url\": \"https://a.blob.core.windows.net\", \"connection_string\": null}",
                "{\"type\": \"azure_blob\", \"container_name\": \"locks\","
                        + " \"connection_string\": \"UseDevelopmentStorage=true\", \"max_tables\": \"10\"}",
                "{\"type\": \"sql_server\", \"container_name\": \"locks\","
                        + " \"account_url\": \"https://a.blob.core.windows.net\","
                        + " \"connection_string\": \"UseDevelopmentStorage=true\"}",
                "{\"type\": \"none\", \"max_tables\": null}",
            })
    void bothAcceptLocks(String lock) {
        assertAccepted(with("\"lock_config\": " + lock));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\": null}",
                "{\"max_tables\": 3}",
                "{\"type\": \"azure_blob\"}",
                "{\"type\": \"azure_blob\", \"container_name\": \"locks\"}",
                "{\"type\": \"azure_blob\", \"connection_string\": \"UseDevelopmentStorage=true\"}",
                "{\"type\": \"azure_blob\", \"container_name\": \"locks\","
                        + " \"account_url\": \"https://a.blob.core.windows.net\","
                        + " \"connection_string\": \"UseDevelopmentStorage=true\"}",
                "{\"type\": \"none\", \"max_tables\": 3}",
            })
    void bothRefuseLocks(String lock) {
        assertRefused(with("\"lock_config\": " + lock));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"config\": {}}",
                "{\"command\": \"run\"}",
                "{\"command\": \"run\", \"config\": null}",
                "{\"command\": \"run\", \"db_connection_string\": \"server=a;database=b\", \"tables\": [\"a\"]}",
                "[]",
                "7",
            })
    void bothRefuseWhatHoldsNoConfiguration(String json) {
        assertRefused(json);
    }

    @Test
    void bothRefuseEveryMisspeltKey() {
        for (String key : ConfigSchema.keys("configuration")) {
            assertRefused(with("\"" + key + "s\": null"));
            assertRefused(with("\"" + key.toUpperCase(Locale.ROOT) + "\": null"));
        }
    }

    private static void assertAccepted(String json) {
        assertThat(ConfigSchema.problems(json)).as(json).isEmpty();
        assertThat(Configs.accepts(json, ENVIRONMENT)).as(json).isTrue();
    }

    private static void assertRefused(String json) {
        assertThat(ConfigSchema.problems(json)).as(json).isNotEmpty();
        assertThat(Configs.accepts(json, ENVIRONMENT)).as(json).isFalse();
    }
}
