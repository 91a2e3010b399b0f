package io.dstream.mssql.testing;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Azurite from npm, installed into `target/azurite` from the lock in `src/test/azurite`, and started there with
/// its output in log files. An [IOException] says why that is impossible here.
final class NpmAzurite {

    /// `--skipApiVersionCheck`: a client may speak a newer version of the protocol than Azurite knows.
    static final String OPTIONS = "--inMemoryPersistence --skipApiVersionCheck --silent --disableTelemetry";

    private static final Path SOURCES = Path.of("src/test/azurite").toAbsolutePath();
    private static final String LOCK = "package-lock.json";

    private static final Path HOME = Path.of("target/azurite").toAbsolutePath();
    private static final Path MAIN = HOME.resolve("node_modules/azurite/dist/src/blob/main.js");

    /// A copy of the lock, written when everything in it is there.
    private static final Path INSTALLED = HOME.resolve("installed.json");

    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(5);
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Duration STEP = Duration.ofMillis(20);

    /// With the end of the line, so that the number is whole.
    private static final Pattern LISTENS = Pattern.compile("successfully listens on https?://[^\\s]*:(\\d+)\\s");

    private static final int LOG_CHARACTERS_TO_SHOW = 2000;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private NpmAzurite() {}

    /// True where node and npm are installed.
    static boolean isPossible() {
        List<Path> directories = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        return List.of("node", "npm").stream()
                .allMatch(program ->
                        directories.stream().anyMatch(directory -> Files.isExecutable(directory.resolve(program))));
    }

    /// Its port on 127.0.0.1, started with `options` too. It ends with this process.
    static int start(List<String> options) throws IOException, InterruptedException {
        install();
        List<String> command = new ArrayList<>(List.of("node", "--require"));
        command.add(SOURCES.resolve("end-with-stdin.cjs").toString());
        command.add(MAIN.toString());
        command.addAll(List.of("--blobHost", "127.0.0.1", "--blobPort", "0"));
        command.addAll(List.of(OPTIONS.split(" ")));
        command.addAll(options);
        Path log = HOME.resolve("azurite-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + ".log");
        Process azurite = run(command, log);
        Runtime.getRuntime().addShutdownHook(new Thread(azurite::destroyForcibly));
        return awaitPort(azurite, log);
    }

    /// Its log is the only one who knows: it chose the port itself, so that nobody could take it in between.
    private static int awaitPort(Process azurite, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        boolean ended = false;
        while (true) {
            Matcher listens = LISTENS.matcher(Files.readString(log));
            if (listens.find()) {
                return Integer.parseInt(listens.group(1));
            }
            if (ended || System.nanoTime() > deadline) {
                azurite.destroyForcibly();
                throw new IOException((ended ? "it ended at its start: " : "it does not start: ") + endOf(log));
            }
            ended = azurite.waitFor(STEP);
        }
    }

    /// One process at a time; the others then find it done.
    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(HOME);
        try (FileChannel channel = FileChannel.open(HOME.resolve("install.lock"), CREATE, WRITE)) {
            channel.lock();
            if (!isInstalled()) {
                Files.deleteIfExists(INSTALLED);
                for (String file : List.of("package.json", LOCK)) {
                    Files.copy(SOURCES.resolve(file), HOME.resolve(file), StandardCopyOption.REPLACE_EXISTING);
                }
                runNpm();
                Files.copy(HOME.resolve(LOCK), INSTALLED);
            }
        }
    }

    private static boolean isInstalled() throws IOException {
        return Files.exists(MAIN) && Files.exists(INSTALLED) && Files.mismatch(INSTALLED, SOURCES.resolve(LOCK)) == -1;
    }

    private static void runNpm() throws IOException, InterruptedException {
        List<String> command = List.of(
                "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error");
        Path log = HOME.resolve("npm.log");
        Process npm = run(command, log);
        boolean ended = npm.waitFor(INSTALL_LIMIT);
        if (!ended) {
            npm.descendants().forEach(ProcessHandle::destroyForcibly);
            npm.destroyForcibly();
        }
        if (!ended || npm.exitValue() != 0) {
            throw new IOException((ended ? "npm ci failed: " : "npm ci takes too long: ") + endOf(log));
        }
    }

    private static Process run(List<String> command, Path log) throws IOException {
        return new ProcessBuilder(command)
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static String endOf(Path log) throws IOException {
        String text = Files.readString(log);
        return text.substring(Math.max(0, text.length() - LOG_CHARACTERS_TO_SHOW));
    }
}
