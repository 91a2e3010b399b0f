package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Azurite;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The libraries for locks on blobs are most of the program's size. Who does not use them pays with nothing else.
final class LeanStartIT {

    private static final String AZURE = "com.azure.";
    private static final String IDENTITY = "com.azure.identity.";

    @TempDir
    Path directory;

    private TestDatabase database;

    @BeforeEach
    void createTable() {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.orders (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "orders");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    /// The names of the classes that a run loads, until it follows its table and stops. Without the archive, which has
    /// those of every way to lock.
    private Stream<String> loaded(ObjectNode config) throws Exception {
        Path log = directory.resolve("classes.log");
        Map<String, String> environment = Map.of(
                "DSTREAM_CACHE", "off", "DSTREAM_JAVA_OPTS", "-Xlog:class+load:file=" + log + ":none:filecount=0");
        try (IngesterProcess process = IngesterProcess.start(config.toString(), environment, true)) {
            process.until(() -> process.stderr().stream().anyMatch(line -> line.contains("Following table")));
            Runs.stop(process, "TERM");
        }
        return names(log);
    }

    private static Stream<String> names(Path log) throws IOException {
        return Files.readAllLines(log).stream().map(line -> line.split(" ", 2)[0]);
    }

    private ObjectNode config(String lockType) {
        ObjectNode config = Configs.of(database, "dbo.orders");
        config.putObject("lock_config").put("type", lockType);
        return config;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sql_server", "none"})
    void whoDoesNotUseAzureLoadsNothingOfIt(String lockType) throws Exception {
        assertThat(loaded(config(lockType)))
                .anyMatch(name -> name.startsWith("com.microsoft.sqlserver."))
                .noneMatch(name -> name.startsWith(AZURE))
                .noneMatch(name -> name.startsWith("com.microsoft.aad."))
                .noneMatch(name -> name.startsWith("reactor."))
                .noneMatch(name -> name.startsWith("com.fasterxml.jackson.databind."));
    }

    @Test
    void whoLogsInByKeyLoadsNothingOfTheIdentityLibrary() throws Exception {
        Azurite azurite = Azurite.shared();
        ObjectNode config = config("azure_blob");
        config.withObject("lock_config")
                .put("connection_string", azurite.connectionString())
                .put("container_name", azurite.newContainerName());

        assertThat(loaded(config))
                .anyMatch(name -> name.startsWith(AZURE))
                .noneMatch(name -> name.startsWith(IDENTITY));
    }
}
