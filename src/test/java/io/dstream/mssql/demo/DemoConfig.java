package io.dstream.mssql.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/// `test-config.json` as the demo runs it: polling so often that changes appear soon.
final class DemoConfig {

    static final Path FILE = Path.of("test-config.json");
    static final String POLL_INTERVAL = "250ms";

    private final ObjectNode config;

    private DemoConfig(ObjectNode config) {
        this.config = config;
    }

    static DemoConfig read() throws IOException {
        ObjectNode config = (ObjectNode) new ObjectMapper().readTree(FILE.toFile());
        return new DemoConfig(config.put("poll_interval", POLL_INTERVAL));
    }

    /// The environment variable that it takes the connection string from.
    String connectionStringVariable() {
        return config.path("db_connection_string").path("env").asText();
    }

    /// For the program's stdin.
    String text() {
        return config.toString();
    }
}
