package io.dstream.mssql.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Configurations for tests: fast polls, no lock, everything else the default.
public final class Configs {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Configs() {}

    /// Follows `tables` of `database`.
    public static ObjectNode of(TestDatabase database, String... tables) {
        return of(database.connectionText(), List.of(tables));
    }

    /// Follows `tables` of the database that `connectionString` names.
    public static ObjectNode of(String connectionString, List<String> tables) {
        ObjectNode config = JSON.createObjectNode()
                .put("db_connection_string", connectionString)
                .put("poll_interval", "100ms")
                .put("max_poll_interval", "200ms");
        config.putObject("lock_config").put("type", "none");
        tables.forEach(config.putArray("tables")::add);
        return config;
    }
}
