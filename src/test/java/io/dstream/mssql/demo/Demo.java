package io.dstream.mssql.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.logging.StderrLogging;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.testing.Launcher;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `./demo`: stdout is the program's alone. Every end, also Ctrl-C, goes through [#end]. Exits as the program does; 1
/// where the demo itself failed, 2 for wrong options.
public final class Demo {

    private static final String DATABASE = "shop";
    private static final Duration BETWEEN_CHANGES = Duration.ofMillis(100);

    private static final Duration FOR_EVER = Duration.ofDays(3650);

    /// The program ends within 5 s when asked.
    private static final Duration PROGRAM_ENDS_WITHIN = Duration.ofSeconds(10);

    private final Logger log;
    private final DemoOptions options;
    private final ScheduledExecutorService workload = Executors.newSingleThreadScheduledExecutor();

    /// Set once it runs; guarded by this.
    private Optional<Process> program = Optional.empty();

    private volatile boolean failed;

    private Demo(Logger log, DemoOptions options) {
        this.log = log;
        this.options = options;
    }

    /// Started by `src/test/launcher/run-main.sh`.
    public static void main(String[] args) {
        StderrLogging.install(Optional.ofNullable(System.getenv("DSTREAM_LOG_LEVEL")));
        Logger log = LoggerFactory.getLogger(Demo.class);
        try {
            DemoOptions options = DemoOptions.parse(List.of(Launcher.arguments(args)));
            if (options.help()) {
                print(DemoOptions.USAGE);
            } else {
                new Demo(log, options).run();
            }
        } catch (IllegalArgumentException e) {
            log.error("{}; see ./demo --help", e.getMessage());
            System.exit(2);
        } catch (IOException e) {
            log.error("Could not print", e);
            System.exit(1);
        }
    }

    private void run() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
        try {
            // Nothing here is closed: it all ends with the process, and the program must end before the server does.
            StandIn server = StandIn.start();
            startWorkload(server);
            if (options.serverOnly()) {
                print(server.connectionString(DATABASE) + "\n");
                await(Optional.empty());
            } else {
                await(Optional.of(startProgram(server)));
            }
        } catch (IOException | SQLException | SqlServerError e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.exit(0);
    }

    private void startWorkload(StandIn server) throws SQLException, SqlServerError {
        server.engine().createDatabase(DATABASE);
        Connection connection = DriverManager.getConnection("jdbc:sqlserver://127.0.0.1:" + server.port()
                + ";databaseName=" + DATABASE + ";user=" + StandIn.USER + ";password=" + StandIn.PASSWORD
                + ";encrypt=false");
        Shop shop = new Shop(connection);
        shop.open();
        ScheduledFuture<?> _ =
                workload.scheduleWithFixedDelay(() -> step(shop), 0, BETWEEN_CHANGES.toMillis(), TimeUnit.MILLISECONDS);
        log.info(
                "demo: a stand-in for SQL Server listens, its tables change every {} ms database={} port={}",
                BETWEEN_CHANGES.toMillis(),
                DATABASE,
                server.port());
    }

    private void step(Shop shop) {
        try {
            shop.step();
        } catch (SQLException e) {
            fail(e);
            System.exit(1);
        }
    }

    /// Not while [#end] runs: nobody would end it.
    private synchronized Process startProgram(StandIn server) throws IOException {
        DemoConfig config = DemoConfig.read();
        log.info(
                "demo: running the program on {} with poll_interval {}, so that changes appear soon",
                DemoConfig.FILE,
                DemoConfig.POLL_INTERVAL);
        ProcessBuilder builder = Launcher.program("")
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put(config.connectionStringVariable(), server.connectionString(DATABASE));
        Process started = builder.start();
        program = Optional.of(started);
        OutputStream stdin = started.getOutputStream();
        stdin.write(config.text().getBytes(UTF_8));
        stdin.flush();
        return started;
    }

    /// Until the time is over or `process` has ended; without either for ever.
    private void await(Optional<Process> process) throws InterruptedException {
        Duration time = options.time().orElse(FOR_EVER);
        if (process.isPresent()) {
            process.get().waitFor(time);
        } else {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        }
    }

    private void fail(Exception why) {
        failed = true;
        log.error("demo: failed", why);
    }

    /// Runs in the shutdown hook, the only place that can choose the exit code after a signal.
    private synchronized void end() {
        int status = failed ? 1 : 0;
        if (program.isPresent()) {
            int programs = endProgram(program.get());
            status = failed ? 1 : programs;
        }
        Runtime.getRuntime().halt(status);
    }

    private static int endProgram(Process process) {
        process.destroy();
        try {
            if (process.waitFor(PROGRAM_ENDS_WITHIN)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return 1;
    }

    private static void print(String text) throws IOException {
        try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            out.write(text.getBytes(UTF_8));
        }
    }
}
