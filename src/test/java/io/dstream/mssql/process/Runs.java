package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import java.io.IOException;
import java.time.Duration;

/// What every run of the program promises, however it ends.
final class Runs {

    /// After SIGTERM or SIGINT.
    static final Duration LONGEST_STOP = Duration.ofSeconds(5);

    private Runs() {}

    /// Sends `signal`; the program ends with 0 and in time.
    static void stop(IngesterProcess process, String signal) throws IOException, InterruptedException {
        long sent = System.nanoTime();
        process.signal(signal);
        int exitCode = process.awaitExit(Poll.LIMIT);
        Duration took = Duration.ofNanos(System.nanoTime() - sent);

        assertThat(exitCode)
                .as("exit code after SIG" + signal + ": " + process.stderr())
                .isZero();
        assertThat(took)
                .as("from SIG" + signal + " to the end: " + process.stderr())
                .isLessThan(LONGEST_STOP);
        requireCleanStreams(process);
    }

    /// SIGKILL, and everything that had been written until then is read.
    static void kill(IngesterProcess process) throws IOException, InterruptedException {
        process.signal("KILL");
        process.awaitExit(Poll.LIMIT);
        requireCleanStreams(process);
    }

    /// Nothing but JSON lines on stdout, nothing but marked lines on stderr, no stack trace among them.
    static void requireCleanStreams(IngesterProcess process) {
        assertThat(process.stdout())
                .allSatisfy(line -> assertThat(Envelopes.parse(line).isObject()).isTrue());
        assertThat(process.stderr())
                .allSatisfy(line -> assertThat(line).startsWith("[MSSQL-CDC] ").doesNotContain("\tat "));
    }
}
