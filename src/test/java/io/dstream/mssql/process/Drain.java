package io.dstream.mssql.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.config.ConfigException;
import io.dstream.mssql.config.ConfigReader;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.ingest.Ending;
import io.dstream.mssql.ingest.Ingester;
import io.dstream.mssql.ingest.StopSignal;
import io.dstream.mssql.output.StdoutWriter;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// What a run did that read what there was and then stopped.
record Drain(int exitCode, List<String> stdout, List<String> stderr) {

    /// Runs the program to its end with `stop_when_caught_up`.
    static Drain ofProcess(ObjectNode config) throws IOException, InterruptedException {
        config.put("stop_when_caught_up", true);
        try (IngesterProcess process = IngesterProcess.start(config.toString())) {
            int exitCode = process.awaitExit(Poll.LIMIT);
            return new Drain(exitCode, List.copyOf(process.stdout()), List.copyOf(process.stderr()));
        }
    }

    /// As above, inside this process, which is faster; without stderr.
    static Drain of(ObjectNode config) throws Failure, IOException, InterruptedException {
        config.put("stop_when_caught_up", true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StdoutWriter stdout = StdoutWriter.start(out, () -> {});
        try {
            Ending ending = new Ingester(
                            new ConfigReader(Map.of())
                                    .read(new ByteArrayInputStream(
                                            config.toString().getBytes(UTF_8)))
                                    .config(),
                            false,
                            stdout,
                            new StopSignal())
                    .run(() -> {});
            stdout.close(Poll.LIMIT);
            return new Drain(
                    ending == Ending.CAUGHT_UP ? 0 : 1,
                    out.toString(UTF_8).lines().toList(),
                    List.of());
        } catch (ConfigException e) {
            throw new AssertionError(e.problems().toString(), e);
        }
    }

    List<ChangeLine> changes() {
        return Envelopes.changes(stdout);
    }

    /// `insert {"id":1}`, each.
    List<String> texts() {
        return texts(stdout);
    }

    static List<String> texts(List<String> lines) {
        return Envelopes.changes(lines).stream()
                .map(change -> change.type() + " " + change.data())
                .toList();
    }
}
