package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dstream.mssql.testing.Envelopes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./demo` as people start it, in the project's directory.
final class DemoIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path dir;

    @Test
    void showsEnvelopesOfThreeTablesAndEndsByItself() throws IOException, InterruptedException {
        assertThat(run("--seconds", "8")).isZero();

        List<JsonNode> envelopes =
                read("out.txt").stream().map(Envelopes::parse).toList();
        assertThat(envelopes).hasSizeGreaterThanOrEqualTo(15).allSatisfy(DemoIT::isAsDocumented);
        assertThat(envelopes.stream()
                        .map(envelope -> envelope.path("table_name").asText()))
                .contains("dbo.customers", "dbo.orders", "dbo.products");
        assertThat(read("err.txt"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).startsWith("[MSSQL-CDC] "));
    }

    @Test
    void explainsItself() throws IOException, InterruptedException {
        assertThat(run("--help")).isZero();

        assertThat(read("out.txt")).first().asString().startsWith("Usage: ./demo");
        assertThat(read("err.txt")).isEmpty();
    }

    private static void isAsDocumented(JsonNode envelope) {
        JsonNode changes = envelope.path("changes");
        assertThat(envelope.path("table_name").asText()).startsWith("dbo.");
        assertThat(envelope.path("server_name").asText()).isEqualTo("127.0.0.1");
        assertThat(changes).isNotEmpty().allSatisfy(change -> {
            assertThat(change.path("table_name")).isEqualTo(envelope.path("table_name"));
            assertThat(change.path("change_type").asText()).isIn("insert", "update", "delete");
            assertThat(change.path("data").path("id").isInt()).isTrue();
            assertThat(change.path("lsn").asText()).matches("[0-9a-f]{8}:[0-9a-f]{8}:[0-9a-f]{4}");
        });
        assertThat(envelope.path("metadata").path("batch_size").asInt()).isEqualTo(changes.size());
        assertThat(envelope.path("metadata").path("poll_interval").asText()).isNotEmpty();
    }

    /// Leaves `out.txt` and `err.txt`.
    private int run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("./demo")
                .redirectOutput(dir.resolve("out.txt").toFile())
                .redirectError(dir.resolve("err.txt").toFile());
        builder.command().addAll(List.of(arguments));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT)).as("ended within " + LIMIT).isTrue();
            return process.exitValue();
        } finally {
            process.destroy();
        }
    }

    private List<String> read(String name) throws IOException {
        return Files.readAllLines(dir.resolve(name));
    }
}
