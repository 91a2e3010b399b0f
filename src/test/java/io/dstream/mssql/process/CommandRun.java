package io.dstream.mssql.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.command.Commands;
import io.dstream.mssql.config.Arguments;
import io.dstream.mssql.config.ConfigReader;
import io.dstream.mssql.config.Launch;
import io.dstream.mssql.output.StdoutWriter;
import io.dstream.mssql.testing.Golden;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// What one call of the packaged program with arguments came to.
record CommandRun(int exitCode, List<String> stdout, List<String> stderr) {

    static CommandRun of(ObjectNode config, String... arguments) throws IOException, InterruptedException {
        return of(config.toString(), arguments);
    }

    static CommandRun of(String stdin, String... arguments) throws IOException, InterruptedException {
        try (IngesterProcess process = IngesterProcess.command(List.of(arguments), stdin)) {
            int exitCode = process.awaitExit(Poll.LIMIT);
            return new CommandRun(exitCode, List.copyOf(process.stdout()), List.copyOf(process.stderr()));
        }
    }

    /// As above, inside this process, which is faster; without stderr. `arguments` begin with the command.
    static CommandRun inside(ObjectNode config, String... arguments) throws Exception {
        Arguments parsed = Arguments.parse(List.of(arguments));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StdoutWriter stdout = StdoutWriter.start(out, () -> {});
        Launch launch = new ConfigReader(Map.of())
                .read(new ByteArrayInputStream(config.toString().getBytes(UTF_8)), parsed);
        boolean good = new Commands(launch, stdout).run(parsed.enableCdc(), parsed.json());
        stdout.close(Poll.LIMIT);
        return new CommandRun(good ? 0 : 1, out.toString(UTF_8).lines().toList(), List.of());
    }

    /// Fails where it ended with another code, or wrote anything else than the file `name` has.
    void requireSame(String name, int expectedExitCode) throws IOException {
        Golden.requireSame(name, String.join("\n", stdout));
        assertThat(exitCode).as(toString()).isEqualTo(expectedExitCode);
    }
}
