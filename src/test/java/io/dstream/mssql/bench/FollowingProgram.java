package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.config.DurationText;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Launcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// The program, following all tables of a [LiveDatabase], whose freshness is told of every line.
final class FollowingProgram implements AutoCloseable {

    private final MeasuredProcess process;
    private final CompletableFuture<Void> reading;

    private FollowingProgram(MeasuredProcess process, Freshness freshness) {
        this.process = process;
        this.reading = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("lines").start(() -> read(freshness));
    }

    static FollowingProgram start(LiveDatabase database, BenchOptions options) throws IOException {
        ObjectNode config = Configs.of(database.connectionString(), database.tables())
                .put("read_mode", BenchLoad.modeText(options.mode()))
                .put("poll_interval", DurationText.format(options.poll()))
                .put("max_poll_interval", DurationText.format(options.maxPoll()));
        MeasuredProcess process = MeasuredProcess.start(Launcher.program(options.jvmOptions()));
        FollowingProgram program = new FollowingProgram(process, database.freshness());
        process.tell(config.toString());
        return program;
    }

    private void read(Freshness freshness) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.stdout(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                freshness.arrived(line, System.nanoTime());
            }
            reading.complete(null);
        } catch (IOException e) {
            reading.completeExceptionally(new UncheckedIOException(e));
        } catch (RuntimeException | AssertionError e) {
            reading.completeExceptionally(e);
        }
    }

    MeasuredProcess process() {
        return process;
    }

    /// SIGTERM; returns once it has ended and everything was read. Throws where a line was no envelope, or it failed.
    void end() throws InterruptedException, ExecutionException {
        process.askToEnd();
        reading.get();
        process.awaitEnd();
    }

    @Override
    public void close() {
        process.close();
    }
}
