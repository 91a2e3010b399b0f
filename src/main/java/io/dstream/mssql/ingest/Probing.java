package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.ChangeProbe;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.ingest.StopSignal.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks a little more often than once a base poll interval which tables have something new, and wakes those. While it
/// fails it looks less often, and each table polls by itself, as its backoff says. One thread.
final class Probing implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Probing.class);

    private final Monitoring shared;
    private final WakeUps tables;
    private final long intervalNanos;
    private final RetryDelay retryDelay = new RetryDelay(ThreadLocalRandom.current());
    private boolean hasFailed;

    /// Since it last saw something, for a failure that may be theirs too.
    private boolean hasWokenAll;

    Probing(Monitoring shared) {
        this.shared = shared;
        this.tables = shared.wakeUps();
        this.intervalNanos = interval(shared.config().polling().interval()).toNanos();
    }

    /// Nine tenths of the base poll interval, within which a change should be on its way: the look and the reading
    /// take time, too.
    static Duration interval(Duration poll) {
        return poll.multipliedBy(9).dividedBy(10);
    }

    @Override
    public void run() {
        try (ChangeProbe probe = new ChangeProbe(shared.database(), shared.highestLsn())) {
            long began = System.nanoTime();
            while (!shared.stop().isRequested()) {
                shared.stop().await(look(probe) ? untilNextLook(began) : retryDelay.afterFailure());
            }
        } catch (InterruptedException e) {
            // Interruption is shutdown, and this is where the thread ends.
            Thread.currentThread().interrupt();
        } catch (RuntimeException defect) {
            log.error(
                    "Tables are not woken any more by a defect of this program, please report it; each polls by itself",
                    defect);
            tables.tellAll(Optional.empty());
        } catch (Error broken) {
            log.error("Everything stops; where memory has run out, give more with DSTREAM_JAVA_OPTS=-Xmx1g", broken);
            shared.stop().request(Reason.BROKEN);
        }
    }

    /// By the clock and not after a pause: so that a change is never late by more than one interval.
    private Duration untilNextLook(long began) {
        return Duration.ofNanos(intervalNanos - (System.nanoTime() - began) % intervalNanos);
    }

    /// False where it failed.
    private boolean look(ChangeProbe probe) throws InterruptedException {
        List<SourceTable> sources = tables.tables();
        if (sources.isEmpty()) {
            return true;
        }
        try {
            tables.tellAll(Optional.of(probe.look(sources)));
            retryDelay.reset();
            hasWokenAll = false;
            if (hasFailed) {
                shared.failures().probingAgain();
                hasFailed = false;
            }
            return true;
        } catch (Failure failure) {
            tables.tellAll(Optional.empty());
            sayOnce(failure);
            if (failure instanceof PermanentFailure && !hasWokenAll) {
                // They find out whether it is the end for them too, as they would if nobody probed.
                tables.wakeAll();
                hasWokenAll = true;
            }
            return false;
        }
    }

    private void sayOnce(Failure failure) {
        if (hasFailed) {
            log.debug("Looking for changes still fails error={}", failure.getMessage());
        } else {
            shared.failures().probing(failure);
            hasFailed = true;
        }
    }
}
