package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/// What the packaged program says to arguments, without a server.
@Execution(CONCURRENT)
final class ArgumentsIT {

    private static final int BAD_CONFIGURATION = 2;

    @Test
    void helpAndVersionNeedNoConfiguration() throws Exception {
        CommandRun help = CommandRun.of("", "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.stdout()).anySatisfy(line -> assertThat(line).contains("plan < config.json"));

        CommandRun version = CommandRun.of("", "--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.stdout()).singleElement().asString().matches("dstream-ingester-mssql \\d+\\.\\d+.*");
        assertThat(version.stderr()).isEmpty();
    }

    @Test
    void anUnknownArgumentIsRefusedWithTheNearestOne() throws Exception {
        CommandRun run = CommandRun.of("", "statsu");

        assertThat(run.exitCode()).isEqualTo(BAD_CONFIGURATION);
        assertThat(run.stdout()).isEmpty();
        assertThat(run.stderr()).singleElement().asString().contains("did you mean `status`?");
    }

    @Test
    void anArgumentThatTheEnvelopeContradictsIsRefused() throws Exception {
        CommandRun run = CommandRun.of(
                "{\"command\":\"destroy\",\"config\":{\"db_connection_string\":\"server=x;database=y\","
                        + "\"tables\":[\"t\"],\"lock_config\":{\"type\":\"none\"}}}",
                "plan");

        assertThat(run.exitCode()).isEqualTo(BAD_CONFIGURATION);
        assertThat(run.stderr().toString()).contains("says `destroy` and the command line says `plan`");
        assertThat(run.stdout()).singleElement().asString().startsWith("{\"status\":\"error\"");
    }

    @Test
    void theConfigurationMayComeFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("config.json"), "{\"tables\": []}");
        CommandRun run = CommandRun.of("", "plan", "--config", file.toString());
        assertThat(run.exitCode()).isEqualTo(BAD_CONFIGURATION);
        assertThat(run.stderr().toString()).contains("problem=db_connection_string: is required", "problem=tables: ");

        Path missing = directory.resolve("missing.json");
        CommandRun without = CommandRun.of("", "--config", missing.toString());
        assertThat(without.exitCode()).isEqualTo(BAD_CONFIGURATION);
        assertThat(without.stderr()).singleElement().asString().contains("could not be read", missing.toString());
    }
}
