package io.dstream.mssql.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/// The program as DStream's CLI launches it: no arguments, one line on stdin, which then ends; the first line is its
/// status, and the lines after it are read as Go's `bufio.Scanner` does, which breaks at 65,536 bytes.
final class CliLaunch implements AutoCloseable {

    /// From the launch to the status. The CLI itself waits for 30 s.
    static final Duration LONGEST_START = Duration.ofSeconds(20);

    /// After SIGTERM; then the CLI kills.
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private static final int LONGEST_LINE = 65_535;
    private static final String READY = "{\"status\":\"ready\"}";

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final long launchedAtNanos = System.nanoTime();
    private final IngesterProcess process;
    private volatile Duration firstLineAfter = Duration.ZERO;
    private volatile boolean scannerBroke;

    private CliLaunch(String line) throws IOException {
        process = IngesterProcess.startInGroup(line + "\n", this::scan);
    }

    /// Launches it with `config`.
    static CliLaunch of(ObjectNode config) throws IOException {
        return new CliLaunch(enveloped(config));
    }

    /// What the CLI writes to stdin.
    static String enveloped(ObjectNode config) {
        ObjectNode envelope = JsonNodeFactory.instance.objectNode().put("command", "run");
        envelope.set("config", config);
        return envelope.toString();
    }

    private void scan(String line) {
        if (lines.isEmpty()) {
            firstLineAfter = Duration.ofNanos(System.nanoTime() - launchedAtNanos);
        }
        scannerBroke |= line.getBytes(UTF_8).length > LONGEST_LINE;
        if (!scannerBroke) {
            lines.add(line);
        }
    }

    /// Waits for the status, which is `ready` and in time.
    CliLaunch awaitReady() throws Exception {
        process.until(() -> !lines.isEmpty());
        assertThat(lines.getFirst()).as(process.stderr().toString()).isEqualTo(READY);
        assertThat(firstLineAfter).as(process.stderr().toString()).isLessThan(LONGEST_START);
        return this;
    }

    /// Every line with data so far.
    List<String> data() {
        return lines.stream().skip(1).toList();
    }

    /// Waits until `condition` is true, while the program runs.
    void until(Callable<Boolean> condition) throws Exception {
        process.until(condition);
    }

    /// As the CLI ends its providers; the exit code.
    int stop() throws IOException, InterruptedException {
        process.signalGroup("TERM");
        return awaitExit(LONGEST_STOP);
    }

    /// Waits for the end; the exit code. No line was longer than the reader takes.
    int awaitExit(Duration limit) throws InterruptedException {
        int exitCode = process.awaitExit(limit);
        assertThat(scannerBroke).as("a line was longer than " + LONGEST_LINE).isFalse();
        assertThat(process.cutLine()).isEmpty();
        return exitCode;
    }

    /// Waits for a start that fails with `exitCode`, in time; the message of the status, the only line there is.
    String awaitFailure(int exitCode) throws InterruptedException {
        int ended = awaitExit(Poll.LIMIT);
        assertThat(ended).as(process.stderr().toString()).isEqualTo(exitCode);
        assertThat(lines).as(process.stderr().toString()).hasSize(1);
        assertThat(firstLineAfter).as(process.stderr().toString()).isLessThan(LONGEST_START);
        JsonNode status = Envelopes.parse(lines.getFirst());
        assertThat(status.path("status").asText()).isEqualTo("error");
        assertThat(status.size()).isEqualTo(2);
        return status.path("message").asText();
    }

    /// Its logs.
    List<String> stderr() {
        return process.stderr();
    }

    /// What befalls it besides.
    IngesterProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
