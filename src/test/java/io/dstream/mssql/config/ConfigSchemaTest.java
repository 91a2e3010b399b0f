package io.dstream.mssql.config;

import static io.dstream.mssql.config.Configs.read;
import static io.dstream.mssql.config.Configs.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The schema's keys, values and defaults are those of the parser, asked by what it answers to a wrong one.
final class ConfigSchemaTest {

    /// Like no key and no value.
    private static final String NONSENSE = "xxxxxxxxxxxxxxxx";

    private static final Map<String, String> PLACES = Map.of(
            "configuration", with("%s"),
            "envelope", "{\"config\": " + with("") + ", %s}",
            "lock", with("\"lock_config\": {%s}"),
            "tableEntry", Configs.withTables("[{%s}]"));

    @Test
    void isASchema() {
        assertThat(ConfigSchema.problemsOfItself()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("places")
    void hasTheKeysOfTheParserAndNoOther(String place) {
        Set<String> known = named("known keys are ", member(place, NONSENSE, "1"));
        if (place.equals("configuration")) {
            known.removeAll(List.of("config", "command"));
        }

        assertThat(ConfigSchema.keys(place)).isEqualTo(known);
    }

    private static Stream<String> places() {
        return PLACES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("choices")
    void hasTheValuesOfTheParserAndNoOther(String place, String key) {
        Set<String> values = new TreeSet<>();
        ConfigSchema.properties(place).get(key).get("enum").forEach(value -> {
            if (value.isTextual()) {
                values.add(value.textValue());
            }
        });

        assertThat(values).isEqualTo(named(" is not one of ", member(place, key, "\"" + NONSENSE + "\"")));
    }

    private static Stream<String[]> choices() {
        return PLACES.keySet().stream()
                .flatMap(place -> ConfigSchema.keys(place).stream()
                        .filter(key -> ConfigSchema.properties(place).get(key).has("enum"))
                        .map(key -> new String[] {place, key}));
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void leavingAKeyOutIsTheSameAsItsDefault(String place, String key) throws Exception {
        String value = ConfigSchema.properties(place).get(key).get("default").toString();
        String without = around(place).replace(", %s", "");

        assertThat(read(member(place, key, value))).isEqualTo(read(without));
        assertThat(ConfigSchema.problems(member(place, key, value))).isEmpty();
    }

    private static Stream<String[]> defaults() {
        return Stream.of("configuration", "envelope")
                .flatMap(place -> ConfigSchema.keys(place).stream()
                        .filter(key -> ConfigSchema.properties(place).get(key).has("default"))
                        .map(key -> new String[] {place, key}));
    }

    @Test
    void aKeyWithoutADefaultHasNone() {
        assertThat(ConfigSchema.keys("configuration"))
                .filteredOn(key ->
                        !ConfigSchema.properties("configuration").get(key).has("default"))
                .containsExactlyInAnyOrder("$schema", "db_connection_string", "tables", "server_time_zone");
    }

    @Test
    void everyKeyIsDescribed() {
        for (String place : PLACES.keySet()) {
            ConfigSchema.properties(place)
                    .properties()
                    .forEach(key -> assertThat(key.getValue().has("description")
                                    || key.getValue().has("$ref"))
                            .as(key.getKey())
                            .isTrue());
        }
    }

    private static String around(String place) {
        return Objects.requireNonNull(PLACES.get(place));
    }

    private static String member(String place, String key, String value) {
        return around(place).replace("%s", "\"" + key + "\": " + value);
    }

    /// The names that the parser's one problem with such a text lists.
    private static Set<String> named(String before, String json) {
        return Configs.problems(json).stream()
                .filter(line -> line.contains(before))
                .map(line -> line.substring(line.indexOf(before) + before.length()))
                .flatMap(names -> Arrays.stream(names.split(", ")))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
