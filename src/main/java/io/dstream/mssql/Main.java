package io.dstream.mssql;

import io.dstream.mssql.config.ConfigException;
import io.dstream.mssql.config.ConfigReader;
import io.dstream.mssql.config.Launch;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.ingest.Ending;
import io.dstream.mssql.ingest.Ingester;
import io.dstream.mssql.ingest.StopSignal;
import io.dstream.mssql.ingest.StopSignal.Reason;
import io.dstream.mssql.logging.StderrLogging;
import io.dstream.mssql.output.StdoutWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process: configuration from stdin, changes to stdout, words to stderr, an exit code.
///
/// One change goes: `Main` starts an [Ingester], which starts a `TableMonitor` a table; its `TableFollower` is the
/// loop; `ChangeReader` reads a window's rows; `LineWriter` makes lines of them; [StdoutWriter] writes these.
public final class Main {

    /// In command-envelope mode the launcher must empty the pipe before it notices that we are gone.
    private static final Duration READERS_MOMENT = Duration.ofMillis(300);

    private static final Duration LAST_LINES = Duration.ofMillis(500);

    private Main() {}

    /// Runs until stopped. Exits with the codes of `ExitStatus`.
    public static void main(String[] args) {
        StderrLogging.install(Optional.ofNullable(System.getenv("DSTREAM_LOG_LEVEL")));
        // Not before logging is installed: a logger keeps what it finds.
        Logger log = LoggerFactory.getLogger(Main.class);
        StopSignal stop = new StopSignal();
        ProcessEnd end = ProcessEnd.onSignal(stop);
        end.exit(run(log, stop, end));
    }

    private static ExitStatus run(Logger log, StopSignal stop, ProcessEnd end) {
        try {
            log.debug("Reading the configuration from stdin");
            Launch launch = new ConfigReader(System.getenv()).read(System.in);
            return follow(log, launch, stop, end);
        } catch (ConfigException e) {
            e.problems().forEach(problem -> log.error("Configuration refused problem={}", problem));
            return ExitStatus.BAD_CONFIGURATION;
        } catch (IOException e) {
            log.error("Configuration could not be read from stdin error={}", e.getMessage());
            return ExitStatus.BAD_CONFIGURATION;
        } catch (Failure e) {
            log.error("Not started error={}", e.getMessage());
            return ExitStatus.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.OK;
        } catch (RuntimeException | Error defect) {
            log.error("Ended by a defect of this program, please report it", defect);
            return ExitStatus.FAILED;
        }
    }

    private static ExitStatus follow(Logger log, Launch launch, StopSignal stop, ProcessEnd end)
            throws Failure, InterruptedException {
        StdoutWriter stdout = StdoutWriter.start(() -> stop.request(Reason.OUTPUT_LOST));
        Ending ending = new Ingester(launch.config(), stdout, stop).run(end::waitForRun);
        stdout.close(LAST_LINES);
        if (launch.enveloped() && ending != Ending.OUTPUT_LOST) {
            Thread.sleep(READERS_MOMENT);
        }
        log.info("Ended ending={}", ending);
        return switch (ending) {
            case STOPPED, CAUGHT_UP -> ExitStatus.OK;
            case FAILED, OUTPUT_LOST -> ExitStatus.FAILED;
        };
    }
}
