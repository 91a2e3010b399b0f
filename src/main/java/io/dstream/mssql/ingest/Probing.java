package io.dstream.mssql.ingest;

import io.dstream.mssql.cdc.ChangeProbe;
import io.dstream.mssql.cdc.SourceTable;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.ingest.StopSignal.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks once a base poll interval which tables have something new, and wakes those. While it fails each table polls by
/// itself, as long as its backoff says. One thread.
final class Probing implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Probing.class);

    private final Monitoring shared;
    private final WakeUps tables;
    private final long intervalNanos;
    private boolean hasFailed;

    Probing(Monitoring shared) {
        this.shared = shared;
        this.tables = shared.wakeUps();
        this.intervalNanos = shared.config().polling().interval().toNanos();
    }

    @Override
    public void run() {
        try (ChangeProbe probe = new ChangeProbe(shared.database(), shared.highestLsn())) {
            long began = System.nanoTime();
            while (!shared.stop().isRequested()) {
                look(probe);
                // By the clock and not after a pause: so that a change is never late by more than one interval.
                long intoTheInterval = (System.nanoTime() - began) % intervalNanos;
                shared.stop().await(Duration.ofNanos(intervalNanos - intoTheInterval));
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

    private void look(ChangeProbe probe) throws InterruptedException {
        List<SourceTable> sources = tables.tables();
        if (sources.isEmpty()) {
            return;
        }
        try {
            tables.tellAll(Optional.of(probe.look(sources)));
            if (hasFailed) {
                shared.failures().probingAgain();
                hasFailed = false;
            }
        } catch (Failure failure) {
            tables.tellAll(Optional.empty());
            sayOnce(failure);
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
