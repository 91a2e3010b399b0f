package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.Launcher;
import io.dstream.mssql.testing.Poll;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// From the start of the process to `ready` on its stdout, without the archive that the launcher keeps
/// (cold) and with it (warm), in turns.
final class StartUp implements Scenario {

    private static final String READY = "{\"status\":\"ready\"}";

    /// The first that the program logs, at debug.
    private static final String IN_MAIN = "Reading the configuration";

    /// All in milliseconds since the start of the process, but for the last.
    private record Start(double main, double firstStatement, double ready, double cpuMillis) {}

    private interface Figure extends ToDoubleFunction<Start> {}

    @Override
    public String measure(BenchOptions options, Progress progress) throws Exception {
        Path cache = Files.createTempDirectory("bench-start");
        try (LiveDatabase database = LiveDatabase.start(1)) {
            progress.say("making the archive");
            start(database, options, cache, true);
            Poll.until(() -> hasArchive(cache), cache::toString);
            List<Start> cold = new ArrayList<>();
            List<Start> warm = new ArrayList<>();
            for (int round = 1; round <= options.rounds(); round++) {
                cold.add(start(database, options, cache, false));
                warm.add(start(database, options, cache, true));
                progress.say(String.format(
                        Locale.ROOT,
                        "round %d of %d: cold %.0f ms, warm %.0f ms",
                        round,
                        options.rounds(),
                        cold.getLast().ready(),
                        warm.getLast().ready()));
            }
            return report(options, cold, warm);
        } finally {
            delete(cache);
        }
    }

    private static Start start(LiveDatabase database, BenchOptions options, Path cache, boolean archive)
            throws IOException, InterruptedException {
        ProcessBuilder builder = Launcher.program(options.jvmOptions());
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        builder.environment().put("DSTREAM_LOG_LEVEL", "debug");
        if (!archive) {
            builder.environment().put("DSTREAM_CACHE", "off");
        }
        AtomicLong main = new AtomicLong();
        database.forgetFirstStatement();
        long began = System.nanoTime();
        try (MeasuredProcess process = MeasuredProcess.start(builder, line -> {
                    if (line.contains(IN_MAIN)) {
                        main.set(System.nanoTime());
                    }
                });
                BufferedReader out = new BufferedReader(new InputStreamReader(process.stdout(), UTF_8))) {
            process.tell("{\"command\":\"run\",\"config\":" + Configs.of(database.connectionString(), database.tables())
                    + "}\n");
            String line = out.readLine();
            long ready = System.nanoTime();
            double cpuMillis = process.cpu().toMillis();
            process.askToEnd();
            process.awaitEnd();
            if (!READY.equals(line)) {
                throw new IllegalStateException("no start but " + line);
            }
            return new Start(
                    millis(main.get() - began),
                    millis(database.firstStatementNanos() - began),
                    millis(ready - began),
                    cpuMillis);
        }
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static boolean hasArchive(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            List<String> names = files.map(Path::toString).toList();
            return names.stream().anyMatch(name -> name.endsWith(".aot"))
                    && names.stream().noneMatch(name -> name.endsWith(".work"));
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String report(BenchOptions options, List<Start> cold, List<Start> warm) {
        return String.format(
                Locale.ROOT,
                """
                start to ready: cold %.0f ms, warm %.0f ms

                %-28s %10s %10s
                %s%s%s%s%s%s
                Medians of %d starts each, in ms, with one table, no lock and the command envelope%s. Cold is without the
                AOT cache (DSTREAM_CACHE=off), warm with it; files are in the system's cache in both. "To main"
                is the launcher's script and the virtual machine's own start, seen by the program's first line of log;
                then come configuration, pool, driver and login, seen by the server's first statement; then all that is
                asked before `ready`.
                """,
                median(cold, Start::ready),
                median(warm, Start::ready),
                "",
                "cold",
                "warm",
                row("to main", cold, warm, Start::main),
                row("to the first statement", cold, warm, start -> start.firstStatement() - start.main()),
                row("to ready", cold, warm, start -> start.ready() - start.firstStatement()),
                row("all of it", cold, warm, Start::ready),
                least(cold, warm),
                row("CPU time until ready", cold, warm, Start::cpuMillis),
                options.rounds(),
                options.heapText());
    }

    private static String row(String name, List<Start> cold, List<Start> warm, Figure figure) {
        return line(name, median(cold, figure), median(warm, figure));
    }

    private static String least(List<Start> cold, List<Start> warm) {
        return line(
                "the quickest",
                Samples.of(cold, Start::ready).least(),
                Samples.of(warm, Start::ready).least());
    }

    private static String line(String name, double cold, double warm) {
        return String.format(Locale.ROOT, "%-28s %10.0f %10.0f%n", name, cold, warm);
    }

    private static double median(List<Start> starts, Figure figure) {
        return Samples.of(starts, figure).median();
    }
}
