package io.dstream.mssql;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.output.StatusLine;
import io.dstream.mssql.output.StdoutWriter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What DStream's CLI hears of a start: one status line, the first on stdout. Whoever gave us a bare configuration
/// hears nothing of it. Used by one thread.
final class Handshake {

    private static final Logger log = LoggerFactory.getLogger(Handshake.class);

    /// The launcher must empty the pipe before it notices that we are gone.
    private static final Duration READERS_MOMENT = Duration.ofMillis(300);

    private final boolean expected;
    private final StdoutWriter stdout;
    private boolean answered;

    /// `expected` where the configuration came in a command envelope.
    Handshake(boolean expected, StdoutWriter stdout) {
        this.expected = expected;
        this.stdout = stdout;
    }

    /// Everything was checked: data may follow once this returns. Throws `OutputLost` where nobody listens any more.
    void ready() throws Failure, InterruptedException {
        answer(StatusLine.ready());
    }

    /// There is no start, and `why`. Does nothing once [#ready] was said: the reader would take it for data.
    void failed(String why) {
        try {
            if (!answered) {
                answer(StatusLine.error(why));
            }
            readersMoment();
        } catch (Failure gone) {
            log.debug("Nobody reads why there is no start", gone);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// To be waited for after the last line, before the process ends.
    void readersMoment() throws InterruptedException {
        if (expected && !stdout.isLost()) {
            Thread.sleep(READERS_MOMENT);
        }
    }

    private void answer(String line) throws Failure, InterruptedException {
        answered = true;
        if (expected) {
            stdout.writeLine(line);
        }
    }
}
