package io.dstream.mssql.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Azurite;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The process that launched the program is killed, and nothing else tells the program so: its pipe stays open, and
/// it has nothing to write.
final class LauncherGoneIT {

    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    /// Longer than the program takes to notice.
    private static final Duration SURVIVES_FOR = Duration.ofSeconds(4);

    /// Waits, and lives as long as nobody kills it.
    private static final String LAUNCHER = "\"$1\" <\"$2\" 2>\"$3\" & echo $! >\"$4\"; wait";

    @TempDir
    private Path directory;

    private TestDatabase database;
    private String table;

    @BeforeEach
    void createDatabase() {
        database = TestDatabase.create();
        table = NotesTable.create(database);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void anIdleProviderEndsAndItsLeaseIsFree() throws Exception {
        Azurite azurite = Azurite.shared();
        ObjectNode config = Configs.of(database, table);
        config.putObject("lock_config")
                .put("type", "azure_blob")
                .put("container_name", azurite.newContainerName())
                .put("connection_string", azurite.connectionString());
        Process launcher = launch(CliLaunch.enveloped(config));
        ProcessHandle provider = provider();
        try {
            Poll.until(() -> log().contains("Following table"), this::log);
            launcher.destroyForcibly();

            Poll.until(LONGEST_END, () -> !provider.isAlive(), this::log);
            assertThat(log()).contains("ERROR", "The process that launched this one is gone", "Ended ending=FAILED");
            long freeSince = System.nanoTime();
            database.run("INSERT INTO " + table + " (note) VALUES (N'note')");
            try (CliLaunch next = CliLaunch.of(config)) {
                next.awaitReady();
                next.until(() -> next.data().size() == 1);
                assertThat(Duration.ofNanos(System.nanoTime() - freeSince)).isLessThan(Duration.ofSeconds(30));
                assertThat(next.stop()).isZero();
            }
        } finally {
            provider.destroyForcibly();
            launcher.destroyForcibly();
        }
    }

    @Test
    void whoeverWasGivenABareConfigurationGoesOn() throws Exception {
        Process launcher = launch(Configs.of(database, table).toString());
        ProcessHandle program = provider();
        try {
            Poll.until(() -> log().contains("Following table"), this::log);
            launcher.destroyForcibly().waitFor();
            long goneAtNanos = System.nanoTime();

            Poll.until(() -> !program.isAlive() || System.nanoTime() - goneAtNanos > SURVIVES_FOR.toNanos(), this::log);

            assertThat(program.isAlive()).as(log()).isTrue();
        } finally {
            program.destroyForcibly();
            launcher.destroyForcibly();
            Poll.until(() -> !program.isAlive(), this::log);
        }
    }

    /// Its stdout stays open as long as this test runs.
    private Process launch(String stdin) throws IOException {
        Path input = Files.writeString(directory.resolve("stdin"), stdin);
        List<String> command = List.of(
                "sh",
                "-c",
                LAUNCHER,
                "launcher",
                IngesterProcess.executable().toString(),
                input.toString(),
                directory.resolve("log").toString(),
                directory.resolve("pid").toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private ProcessHandle provider() throws Exception {
        Path pid = directory.resolve("pid");
        Poll.until(() -> Files.exists(pid) && Files.readString(pid).endsWith("\n"), () -> "no process id");
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    /// The provider's own shell makes the file, perhaps after its process id was written.
    private String log() {
        Path log = directory.resolve("log");
        try {
            return Files.exists(log) ? new String(Files.readAllBytes(log), UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
