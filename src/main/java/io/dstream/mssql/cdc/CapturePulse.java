package io.dstream.mssql.cdc;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Knows once why it may be that nothing is captured: nothing yet, or nothing any more. Not thread-safe.
///
/// When there is nothing to capture the job writes an entry of its own every five minutes, so a highest LSN that stands
/// still tells a stopped job from a quiet database.
final class CapturePulse {

    /// Three of the job's own entries are missing.
    static final Duration STANDSTILL = Duration.ofMinutes(15);

    private final LongSupplier nanoTime;
    private Optional<Lsn> highest = Optional.empty();
    private long movedAtNanos;
    private boolean saidWhyEmpty;
    private boolean saidWhyStill;

    /// `nanoTime` is a monotonic clock.
    CapturePulse(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.movedAtNanos = nanoTime.getAsLong();
    }

    /// The highest LSN is `now`, as was just asked. What is to be said about it, if anything.
    Optional<String> saw(Optional<Lsn> now) {
        if (!now.equals(highest)) {
            highest = now;
            movedAtNanos = nanoTime.getAsLong();
            boolean stood = saidWhyStill;
            saidWhyStill = false;
            return stood ? Optional.of("Changes are captured again") : Optional.empty();
        }
        return now.isEmpty() ? whyEmpty() : whyStill(now.get());
    }

    private Optional<String> whyEmpty() {
        if (saidWhyEmpty) {
            return Optional.empty();
        }
        saidWhyEmpty = true;
        return Optional.of("No change was captured in this database yet: nothing has changed since CDC was enabled, or "
                + "SQL Server Agent is stopped, or the capture job is missing (EXEC sys.sp_cdc_help_jobs)");
    }

    private Optional<String> whyStill(Lsn still) {
        if (saidWhyStill || nanoTime.getAsLong() - movedAtNanos < STANDSTILL.toNanos()) {
            return Optional.empty();
        }
        saidWhyStill = true;
        return Optional.of("Nothing was captured for " + STANDSTILL.toMinutes() + " minutes, not even the entry that "
                + "the capture job makes every five: is SQL Server Agent stopped, or the capture job (EXEC "
                + "sys.sp_cdc_help_jobs)? Changes wait in the transaction log and come once it runs highest_lsn="
                + still);
    }
}
