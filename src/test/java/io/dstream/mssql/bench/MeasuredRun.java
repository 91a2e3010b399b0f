package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Launcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Starts one process, lets it read all rows, looks at it while it still runs, and ends it.
final class MeasuredRun {

    /// A process that takes longer is stuck. Also the time to end in.
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final int BYTES_A_KILOBYTE = 1024;

    private final SyntheticSource source;
    private final long rows;
    private final String jvmOptions;

    MeasuredRun(SyntheticSource source, long rows, String jvmOptions) {
        this.source = source;
        this.rows = rows;
        this.jvmOptions = jvmOptions;
    }

    /// The bare loop.
    Measurement bare() throws IOException, InterruptedException, SQLException {
        ProcessBuilder builder = Launcher.mainClass(BareLoop.class, jvmOptions);
        builder.environment().put(BareLoop.URL, source.jdbcUrl());
        source.rewind();
        Process process = start(builder);
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))) {
            String read = Optional.ofNullable(out.readLine()).orElse("0");
            Measurement measurement = measure(process, source.bytes());
            process.getOutputStream().close();
            requireRows(Long.parseLong(read));
            end(process);
            return measurement;
        } finally {
            process.destroyForcibly();
        }
    }

    /// The program.
    Measurement program() throws IOException, InterruptedException, SQLException {
        source.rewind();
        Process process = startProgram();
        try {
            EnvelopeCounter counter = new EnvelopeCounter(process.getInputStream());
            counter.readUntil(rows);
            Measurement measurement = measure(process, counter.bytes());
            askToEnd(process);
            counter.readUntil(Long.MAX_VALUE);
            requireRows(counter.changes());
            end(process);
            return measurement;
        } finally {
            process.destroyForcibly();
        }
    }

    /// Measures nothing: parses every line, and answers how many there were. Throws where a row is not as it should be.
    long check() throws IOException, InterruptedException, SQLException {
        source.rewind();
        Process process = startProgram();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            EnvelopeCheck check = new EnvelopeCheck();
            String line = out.readLine();
            while (line != null) {
                check.accept(line);
                if (check.changes() == rows) {
                    askToEnd(process);
                }
                line = out.readLine();
            }
            requireRows(check.changes());
            end(process);
            return check.lines();
        } finally {
            process.destroyForcibly();
        }
    }

    private Process startProgram() throws IOException {
        Process process = start(Launcher.program(jvmOptions));
        process.getOutputStream()
                .write(Configs.of(source.connectionString(), List.of(SyntheticSource.TABLE))
                        .toString()
                        .getBytes(UTF_8));
        process.getOutputStream().flush();
        return process;
    }

    private static Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        // A stuck process ends, its stdout with it, and then rows are missing.
        CompletableFuture.delayedExecutor(LIMIT.toSeconds(), TimeUnit.SECONDS).execute(process::destroyForcibly);
        return process;
    }

    private Measurement measure(Process process, long bytes) throws IOException {
        long end = System.nanoTime();
        Duration cpu = process.info().totalCpuDuration().orElse(Duration.ZERO);
        return new Measurement(
                rows, bytes, Duration.ofNanos(end - source.firstQueryNanos()), cpu, peakBytes(process.pid()));
    }

    /// `VmHWM`, where there is a `/proc`.
    private static OptionalLong peakBytes(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.isReadable(status)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_A_KILOBYTE)
                .findFirst();
    }

    private void requireRows(long found) {
        if (found != rows) {
            throw new IllegalStateException(found + " rows arrived, not " + rows);
        }
    }

    /// Unlike `Process.destroy`, leaves the streams open.
    private static void askToEnd(Process process) {
        process.toHandle().destroy();
    }

    private static void end(Process process) throws InterruptedException {
        if (!process.waitFor(LIMIT) || process.exitValue() != 0) {
            throw new IllegalStateException("the process did not end well: " + process);
        }
    }
}
