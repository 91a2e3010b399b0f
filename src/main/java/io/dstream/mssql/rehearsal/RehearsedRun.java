package io.dstream.mssql.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dstream.mssql.config.ConfigException;
import io.dstream.mssql.config.ConfigReader;
import io.dstream.mssql.config.Launch;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.ingest.Ending;
import io.dstream.mssql.ingest.Ingester;
import io.dstream.mssql.ingest.StopSignal;
import io.dstream.mssql.ingest.StopSignal.Reason;
import io.dstream.mssql.output.StatusLine;
import io.dstream.mssql.output.StdoutWriter;
import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

/// The program from its configuration to its last line, as `Main` runs it, with the lines thrown away. What it asks
/// must not depend on how fast it is: no position is saved and no window cut by the clock, and no statement is
/// prepared, since a prepared one is known by its number on its connection.
///
/// `port` is the server's, `database` one that has the table `dbo.rehearsal`, `password` that of `sa`.
record RehearsedRun(int port, String database, String password) {

    private static final Duration LAST_LINES = Duration.ofSeconds(5);

    /// Reads all there is. Ends early, with something else than `CAUGHT_UP`, where `stop` is requested.
    Ending catchUp(StopSignal stop) throws IOException, ConfigException, Failure, InterruptedException {
        return run("earliest", true, stop, () -> {});
    }

    /// Waits for changes, of which none come, for as long as `time`.
    Ending follow(Duration time, StopSignal stop) throws IOException, ConfigException, Failure, InterruptedException {
        return run(
                "latest",
                false,
                stop,
                () -> Thread.ofVirtual().name("end of the rehearsal").start(() -> requestAfter(time, stop)));
    }

    private static void requestAfter(Duration time, StopSignal stop) {
        try {
            stop.await(time);
            stop.request(Reason.ASKED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Ending run(String startFrom, boolean untilCaughtUp, StopSignal stop, Runnable started)
            throws IOException, ConfigException, Failure, InterruptedException {
        byte[] json = configuration(startFrom, untilCaughtUp).getBytes(UTF_8);
        Launch launch = new ConfigReader(Map.of()).read(new ByteArrayInputStream(json));
        try (OutputStream nowhere = new FileOutputStream("/dev/null")) {
            StdoutWriter stdout = StdoutWriter.start(nowhere, () -> stop.request(Reason.OUTPUT_LOST));
            try {
                return new Ingester(launch.config(), launch.enveloped(), stdout, stop).run(() -> {
                    stdout.writeLine(StatusLine.ready());
                    started.run();
                });
            } finally {
                stdout.close(LAST_LINES);
            }
        }
    }

    /// As it comes from DStream's CLI.
    private String configuration(String startFrom, boolean untilCaughtUp) {
        return """
                {"command": "run", "config": {
                  "db_connection_string": "jdbc:sqlserver://127.0.0.1:%d;user=sa;password=%s;databaseName=%s;\
                encrypt=false;disableStatementPooling=true",
                  "poll_interval": "100ms",
                  "max_poll_interval": "200ms",
                  "checkpoint_interval": "60s",
                  "start_from": "%s",
                  "stop_when_caught_up": %s,
                  "tables": ["dbo.rehearsal"],
                  "lock_config": {"type": "none"}
                }}
                """.formatted(port, password, database, startFrom, untilCaughtUp);
    }
}
