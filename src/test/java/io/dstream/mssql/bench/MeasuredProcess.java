package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A process that is looked at while it runs. Its log goes to our stderr, warnings and errors alone unless the user
/// set `DSTREAM_LOG_LEVEL`.
final class MeasuredProcess implements AutoCloseable {

    /// A process that takes longer is stuck. Also the time to end in.
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final int BYTES_A_KILOBYTE = 1024;

    private final Process process;

    private MeasuredProcess(Process process) {
        this.process = process;
    }

    static MeasuredProcess start(ProcessBuilder builder) throws IOException {
        builder.environment().putIfAbsent("DSTREAM_LOG_LEVEL", "warn");
        return limited(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /// As above, with every line of its log told to `taker` on a thread of its own, and nothing on our stderr.
    static MeasuredProcess start(ProcessBuilder builder, Consumer<String> taker) throws IOException {
        Process process = builder.start();
        Thread.ofPlatform().daemon().name("log").start(() -> {
            try (BufferedReader log = process.errorReader(UTF_8)) {
                log.lines().forEach(taker);
            } catch (IOException | UncheckedIOException ended) {
                taker.accept("");
            }
        });
        return limited(process);
    }

    private static MeasuredProcess limited(Process process) {
        // A stuck process ends, its stdout with it, and then rows are missing.
        CompletableFuture.delayedExecutor(LIMIT.toSeconds(), TimeUnit.SECONDS).execute(process::destroyForcibly);
        return new MeasuredProcess(process);
    }

    /// Writes to its stdin, which stays open.
    void tell(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    void closeStdin() throws IOException {
        process.getOutputStream().close();
    }

    InputStream stdout() {
        return process.getInputStream();
    }

    /// Of the whole process since its start; zero where the system does not say.
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// The most memory it ever had: `VmHWM`, where there is a `/proc`.
    OptionalLong peakBytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_A_KILOBYTE)
                .findFirst();
    }

    /// As above, in millions of bytes, for people; `n/a` where nobody says.
    String peakMegabytes() throws IOException {
        OptionalLong bytes = peakBytes();
        return bytes.isPresent() ? Long.toString(Math.round(bytes.getAsLong() / 1e6)) : "n/a";
    }

    /// SIGTERM. Unlike `Process.destroy`, leaves the streams open.
    void askToEnd() {
        process.toHandle().destroy();
    }

    /// Throws `IllegalStateException` unless it ends with exit code 0.
    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(LIMIT) || process.exitValue() != 0) {
            throw new IllegalStateException("the process did not end well: " + process);
        }
    }

    /// SIGKILL, if it still runs.
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
