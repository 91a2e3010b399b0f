package io.dstream.mssql.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The AOT cache that the launcher keeps: what it saves, and that no start fails because of it.
final class StartTimeIT {

    private static final Logger log = LoggerFactory.getLogger(StartTimeIT.class);
    private static final int ROUNDS = 7;

    private static final String READY = "{\"status\":\"ready\"}";

    @TempDir
    Path directory;

    private final AtomicInteger runs = new AtomicInteger();
    private TestDatabase database;
    private Path cache;

    @BeforeEach
    void createTable() throws IOException {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.orders (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "orders");
        cache = Files.createDirectory(directory.resolve("the cache"));
    }

    @AfterEach
    void drop() {
        database.close();
    }

    /// Start to `ready`. The process must then stop with exit code 0, and must have said nothing else but log lines.
    private Duration start(Map<String, String> environment) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("XDG_CACHE_HOME", cache.toString()));
        all.putAll(environment);
        String stdin = "{\"command\":\"run\",\"config\":" + Configs.of(database, "dbo.orders") + "}";
        long begun = System.nanoTime();
        try (IngesterProcess process = IngesterProcess.start(stdin, all, true)) {
            process.until(() -> !process.stdout().isEmpty());
            Duration ready = Duration.ofNanos(System.nanoTime() - begun);
            Runs.stop(process, "TERM");
            assertThat(process.stdout()).containsExactly(READY);
            assertThat(process.stderr()).allMatch(line -> line.startsWith("[MSSQL-CDC] "));
            return ready;
        }
    }

    private Path awaitArchive() throws Exception {
        Poll.until(() -> archives().size() == 1 && works().isEmpty(), cache::toString);
        return archives().getFirst();
    }

    private List<Path> archives() throws IOException {
        return files(".aot");
    }

    private List<Path> works() throws IOException {
        return files(".work");
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> all = Files.walk(cache, 2)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    /// The share of the classes that a start takes from the archive.
    private double shareFromArchive() throws Exception {
        Path loaded = directory.resolve("classes-" + runs.incrementAndGet() + ".log");
        start(Map.of("DSTREAM_JAVA_OPTS", "-Xlog:class+load:file=" + loaded + ":none:filecount=0"));
        List<String> lines = Files.readAllLines(loaded).stream()
                .filter(line -> line.contains(" source: ") && !line.contains("Lambda"))
                .toList();
        List<String> own = lines.stream()
                .filter(line -> line.startsWith("io.dstream.") || line.startsWith("com."))
                .toList();
        return (double) own.stream()
                        .filter(line -> line.contains("shared objects file"))
                        .count()
                / own.size();
    }

    @Test
    void aLaterStartTakesItsClassesFromTheArchiveThatTheFirstHadMade() throws Exception {
        Duration first = start(Map.of());
        awaitArchive();

        assertThat(shareFromArchive())
                .as("share of the archive; where it sinks, see what the rehearsal does not come to")
                .isGreaterThan(0.8);

        List<Duration> with = new ArrayList<>();
        List<Duration> without = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            with.add(start(Map.of()));
            without.add(start(Map.of("DSTREAM_CACHE", "off")));
        }
        Collections.sort(with);
        Collections.sort(without);
        log.info(
                "Start to ready: first={} ms; least and median of {}: with the archive={}, {} ms, without={}, {} ms;"
                        + " ratio of the least={}",
                first.toMillis(),
                ROUNDS,
                with.getFirst().toMillis(),
                with.get(ROUNDS / 2).toMillis(),
                without.getFirst().toMillis(),
                without.get(ROUNDS / 2).toMillis(),
                String.format(
                        Locale.ROOT,
                        "%.2f",
                        (double) with.getFirst().toNanos() / without.getFirst().toNanos()));
    }

    /// Where the objects of the archive have no room the JVM ends at once.
    @Test
    void startsWithAnArchiveWhateverTheHeap() throws Exception {
        start(Map.of());
        awaitArchive();

        for (String heap : List.of("-Xms2m", "-Xmx32m", "-XX:MaxRAMPercentage=1")) {
            start(Map.of("DSTREAM_JAVA_OPTS", heap));
        }
    }

    @Test
    void startsWithADamagedArchive() throws Exception {
        start(Map.of());
        Path archive = awaitArchive();
        byte[] whole = Files.readAllBytes(archive);
        byte[] damaged = whole.clone();
        damaged[whole.length / 3] ^= 1;
        byte[] holes = new byte[whole.length];
        System.arraycopy(whole, 0, holes, 0, 8192);

        for (byte[] bytes : List.of(
                damaged, holes, new byte[0], "no archive at all".repeat(1000).getBytes(UTF_8))) {
            Files.write(archive, bytes);
            start(Map.of());
        }
    }

    @Test
    void startsWhereThereIsNoPlaceForAnArchive() throws Exception {
        start(Map.of("XDG_CACHE_HOME", "", "HOME", ""));
        start(Map.of("XDG_CACHE_HOME", "/proc/none"));
        start(Map.of(
                "XDG_CACHE_HOME", Files.createFile(directory.resolve("file")).toString()));
        start(Map.of("DSTREAM_CACHE", "off"));

        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("r-xr-xr-x"));
        start(Map.of());
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void severalAtATimeMakeOneArchiveAndOldOnesGo() throws Exception {
        Path ours = Files.createDirectory(cache.resolve("dstream-ingester-mssql"));
        for (int old = 0; old < 5; old++) {
            Files.createFile(ours.resolve("0.0." + old + ".aot"));
        }
        List<IngesterProcess> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                processes.add(IngesterProcess.start("{}", Map.of("XDG_CACHE_HOME", cache.toString()), true));
            }
            for (IngesterProcess process : processes) {
                assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(2);
            }
        } finally {
            processes.forEach(IngesterProcess::close);
        }

        Poll.until(() -> archives().size() == 3 && works().isEmpty(), cache::toString);
    }
}
