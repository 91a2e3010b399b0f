package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Short ways to a configuration and to what is wrong with one.
final class Configs {

    static final String DATABASE = "server=db1,1433;user id=sa;password=pw;database=shop";

    private Configs() {}

    static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    static Launch read(String json) throws IOException, ConfigException {
        return new ConfigReader(Map.of()).read(bytes(json));
    }

    static boolean accepts(String json, Map<String, String> environment) {
        try {
            new ConfigReader(environment).read(bytes(json));
            return true;
        } catch (ConfigException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ConfigException refusal(String json) {
        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> read(json));
        assertThat(refusal).as("refused: %s", json).isNotNull();
        return refusal;
    }

    static List<String> problems(String json) {
        return refusal(json).problems();
    }

    /// A valid configuration with these members (`"on_gap": "fail"`) added.
    static String with(String members) {
        return "{\"db_connection_string\": \"" + DATABASE + "\", \"tables\": [\"dbo.orders\"]"
                + (members.isEmpty() ? "" : ", " + members) + "}";
    }

    static String withTables(String tables) {
        return "{\"db_connection_string\": \"" + DATABASE + "\", \"tables\": " + tables + "}";
    }

    static IngesterConfig configWith(String members) throws IOException, ConfigException {
        return read(with(members)).config();
    }

    static List<String> problemsWith(String members) {
        return problems(with(members));
    }
}
