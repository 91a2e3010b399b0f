package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.standin.faults.Installed;
import io.dstream.mssql.standin.faults.StatementLog;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What tables cost that nobody changes. Counts what the server is asked, so it needs the stand-in.
final class IdleTablesIT {

    private static final Logger log = LoggerFactory.getLogger(IdleTablesIT.class);

    private static final int FEW = 10;
    private static final int SOME = 200;
    private static final int MANY = 1000;
    private static final Duration INTERVAL = Duration.ofSeconds(4);

    /// Tables that poll in step share one question, those that do not ask once a tick: a quarter of the interval. The
    /// pool may look at a connection before each.
    private static final int FACTOR = 5;

    private static TestDatabase database;

    @BeforeAll
    static void createTables() throws SQLException {
        database = TestDatabase.create();
        assumeTrue(database.standIn().isPresent(), "counts what the stand-in is asked");
        long began = System.nanoTime();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String table : tables(MANY)) {
                statement.execute("CREATE TABLE " + table + " (id int NOT NULL PRIMARY KEY, name nvarchar(50) NULL)");
                statement.execute("EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'"
                        + table.substring("dbo.".length()) + "', @role_name = NULL");
            }
        }
        log.info("Created tables={} took={}", MANY, Duration.ofNanos(System.nanoTime() - began));
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @BeforeEach
    void startOver() {
        database.run("IF OBJECT_ID(N'cdc_offsets', N'U') IS NOT NULL DELETE FROM cdc_offsets");
        database.standIn().orElseThrow().engine().capture(database.name()).advanceIdle();
    }

    private static List<String> tables(int count) {
        return IntStream.range(0, count).mapToObj("dbo.idle_%04d"::formatted).toList();
    }

    private record Cost(long startUp, long idle) {}

    @ParameterizedTest
    @ValueSource(strings = {"none", "sql_server"})
    void theServerIsAskedNoMoreOftenForManyTablesThanForFew(String lock) throws Exception {
        Cost few = cost(lock, FEW);
        startOver();
        Cost many = cost(lock, MANY);

        assertThat(many.idle()).isLessThanOrEqualTo(FACTOR * few.idle());
        // Finding a table, its lock, its position and its capture instance, reading one window, looking at the
        // watermark again, saving: 12 a table; and a few for all of them.
        assertThat(many.startUp()).isLessThan(13L * MANY);
    }

    /// One busy table is enough to move the log for all of them.
    @Test
    void quietTablesCostNothingWhileTheLogMoves() throws Exception {
        double few = costWhileTheLogMoves(FEW);
        startOver();
        double many = costWhileTheLogMoves(SOME);

        assertThat(many).isLessThanOrEqualTo(2 * few);
    }

    /// Statements a second.
    private static double costWhileTheLogMoves(int count) throws Exception {
        StatementLog asked = new StatementLog();
        ObjectNode config = Configs.of(database.connectionText(), tables(count))
                .put("poll_interval", "500ms")
                .put("max_poll_interval", "10m");
        try (Installed _ = Installed.in(database.standIn().orElseThrow(), asked);
                IngesterProcess process = IngesterProcess.start(config.toString())) {
            process.until(() -> asked.countContaining("INSERT INTO cdc_offsets") >= count);
            awaitQuiet(asked);
            asked.reset();
            Duration cpuBefore = cpuTime(process);
            long began = System.nanoTime();
            Poll.until(
                    () -> {
                        database.standIn()
                                .orElseThrow()
                                .engine()
                                .capture(database.name())
                                .advanceIdle();
                        return System.nanoTime() - began >= INTERVAL.toNanos();
                    },
                    asked::counts);
            long statements = asked.total();
            long looks = asked.countContaining("AS last_lsn FROM");
            log.info(
                    "Moving tables={} statements_in={} {} looks={} cpu={}",
                    count,
                    INTERVAL,
                    statements,
                    looks,
                    cpuTime(process).minus(cpuBefore));
            assertThat(looks).isPositive();
            assertThat(process.stdout()).isEmpty();
            assertThat(process.stderr()).noneMatch(line -> line.contains("failed"));
            return statements / (double) INTERVAL.toSeconds();
        }
    }

    private static Cost cost(String lock, int count) throws Exception {
        StatementLog asked = new StatementLog();
        ObjectNode config = Configs.of(database.connectionText(), tables(count))
                .put("poll_interval", "1s")
                .put("max_poll_interval", "1s");
        config.putObject("lock_config").put("type", lock);
        try (Installed _ = Installed.in(database.standIn().orElseThrow(), asked);
                IngesterProcess process = IngesterProcess.start(config.toString())) {
            String saved = "SELECT COUNT(*) FROM cdc_offsets";
            process.until(() -> asked.countContaining("INSERT INTO cdc_offsets") >= count);
            assertThat(Integer.parseInt(database.ask(saved))).isEqualTo(count);
            long startUp = asked.total();
            awaitQuiet(asked);
            asked.reset();
            long began = System.nanoTime();
            Poll.until(() -> System.nanoTime() - began >= INTERVAL.toNanos(), asked::counts);
            long idle = asked.total();
            log.info(
                    "Idle lock={} tables={} start_up={} statements_in={} {} memory={} {}",
                    lock,
                    count,
                    startUp,
                    INTERVAL,
                    idle,
                    residentMemory(process.pid()),
                    asked.counts());
            process.signal("TERM");
            assertThat(process.awaitExit(Duration.ofSeconds(20))).isZero();
            assertThat(process.stdout()).isEmpty();
            return new Cost(startUp, idle);
        }
    }

    /// Until a whole second brought nothing but looks at the highest LSN, pings and looks at connections.
    private static void awaitQuiet(StatementLog asked) throws Exception {
        Poll.until(
                () -> {
                    asked.reset();
                    long began = System.nanoTime();
                    Poll.until(
                            () -> System.nanoTime() - began
                                    >= Duration.ofSeconds(1).toNanos(),
                            asked::counts);
                    return asked.countContaining("cdc_offsets") + asked.countContaining("change_tables") == 0;
                },
                asked::counts);
    }

    private static Duration cpuTime(IngesterProcess process) {
        return ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    private static String residentMemory(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS"))
                        .findFirst()
                        .orElse("unknown")
                        .replaceAll("\\s+", " ")
                : "unknown";
    }
}
