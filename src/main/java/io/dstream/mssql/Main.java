package io.dstream.mssql;

import io.dstream.mssql.command.Commands;
import io.dstream.mssql.config.Arguments;
import io.dstream.mssql.config.Command;
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
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process: configuration from stdin, changes to stdout, words to stderr, an exit code.
///
/// One change goes: `Main` starts an [Ingester], which starts a `TableMonitor` a table; its `TableFollower` is the
/// loop; `ChangeReader` reads a window's rows; `LineWriter` makes lines of them; [StdoutWriter] writes these.
public final class Main {

    private static final Duration LAST_LINES = Duration.ofMillis(500);

    private Main() {}

    /// Runs until stopped. Exits with the codes of `ExitStatus`.
    public static void main(String[] args) {
        StderrLogging.install(Optional.ofNullable(System.getenv("DSTREAM_LOG_LEVEL")));
        // Not before logging is installed: a logger keeps what it finds.
        Logger log = LoggerFactory.getLogger(Main.class);
        StopSignal stop = new StopSignal();
        ProcessEnd end = ProcessEnd.onSignal(stop);
        end.exit(run(List.of(args), log, stop, end));
    }

    private static ExitStatus run(List<String> args, Logger log, StopSignal stop, ProcessEnd end) {
        LauncherWatch launcher = LauncherWatch.ofThisProcess();
        try {
            Arguments arguments = Arguments.parse(args);
            if (arguments.help() || arguments.version()) {
                return answer(log, false, stop, (stdout, _) -> {
                    stdout.writeLine(arguments.help() ? Usage.HELP : Usage.version());
                    return ExitStatus.OK;
                });
            }
            Launch launch = read(log, arguments);
            if (launch.enveloped()) {
                launcher.stopWhenGone(stop);
            }
            return answer(
                    log,
                    launch.enveloped(),
                    stop,
                    (stdout, handshake) -> launch.command() == Command.RUN
                            ? follow(log, launch, stop, end, stdout, handshake)
                            : command(launch, arguments, end, stdout));
        } catch (ConfigException e) {
            e.problems().forEach(problem -> log.error("Configuration refused problem={}", problem));
            new Handshake(e.enveloped(), StdoutWriter.start(() -> {}))
                    .failed("Configuration refused: " + e.getMessage());
            return ExitStatus.BAD_CONFIGURATION;
        } catch (IOException e) {
            log.error("Configuration could not be read error={}", e.getMessage());
            return ExitStatus.BAD_CONFIGURATION;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return stop.reason().filter(reason -> reason != Reason.ASKED).isPresent()
                    ? ExitStatus.FAILED
                    : ExitStatus.OK;
        } catch (RuntimeException | Error defect) {
            return defect(log, defect);
        }
    }

    private static Launch read(Logger log, Arguments arguments) throws IOException, ConfigException {
        log.debug("Reading the configuration from={}", arguments.config().orElse("stdin"));
        ConfigReader reader = new ConfigReader(System.getenv());
        if (arguments.config().isEmpty()) {
            return reader.read(System.in, arguments);
        }
        try (InputStream file = new FileInputStream(arguments.config().get())) {
            return reader.read(file, arguments);
        }
    }

    /// What is asked for, once it is known.
    @FunctionalInterface
    private interface Work {
        ExitStatus run(StdoutWriter stdout, Handshake handshake) throws Failure, InterruptedException;
    }

    private static ExitStatus answer(Logger log, boolean enveloped, StopSignal stop, Work work)
            throws InterruptedException {
        StdoutWriter stdout = StdoutWriter.start(() -> stop.request(Reason.OUTPUT_LOST));
        Handshake handshake = new Handshake(enveloped, stdout);
        try {
            ExitStatus status = work.run(stdout, handshake);
            stdout.close(LAST_LINES);
            handshake.readersMoment();
            return stdout.isLost() ? ExitStatus.FAILED : status;
        } catch (Failure e) {
            log.error("Not started error={}", e.getMessage());
            handshake.failed(e.getMessage());
            return ExitStatus.FAILED;
        } catch (RuntimeException | Error defect) {
            ExitStatus status = defect(log, defect);
            handshake.failed("Ended by a defect of this program, please report it with its log: "
                    + defect.getClass().getSimpleName());
            return status;
        }
    }

    private static ExitStatus follow(
            Logger log, Launch launch, StopSignal stop, ProcessEnd end, StdoutWriter stdout, Handshake handshake)
            throws Failure, InterruptedException {
        Ending ending = new Ingester(launch.config(), launch.enveloped(), stdout, stop).run(() -> {
            end.waitForRun();
            handshake.ready();
        });
        log.info("Ended ending={}", ending);
        return switch (ending) {
            case STOPPED, CAUGHT_UP -> ExitStatus.OK;
            case FAILED, OUTPUT_LOST -> ExitStatus.FAILED;
        };
    }

    private static ExitStatus command(Launch launch, Arguments arguments, ProcessEnd end, StdoutWriter stdout)
            throws Failure, InterruptedException {
        end.failWhenStopped();
        boolean good = new Commands(launch, stdout).run(arguments.enableCdc(), arguments.json());
        return good ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static ExitStatus defect(Logger log, Throwable defect) {
        log.error("Ended by a defect of this program, please report it", defect);
        return ExitStatus.FAILED;
    }
}
