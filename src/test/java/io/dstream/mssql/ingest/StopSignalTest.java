package io.dstream.mssql.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.ingest.StopSignal.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class StopSignalTest {

    private final StopSignal stop = new StopSignal();

    @Test
    void keepsTheFirstReason() throws InterruptedException {
        stop.request(Reason.OUTPUT_LOST);
        stop.request(Reason.ASKED);

        assertThat(stop.await()).isEqualTo(Reason.OUTPUT_LOST);
    }

    @Test
    void wakesWhoeverWaits() throws InterruptedException {
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                stop.await(Duration.ofHours(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stop.request(Reason.ASKED);

        assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void saysWhenNobodyAsked() throws InterruptedException {
        assertThat(stop.await(Duration.ofMillis(1))).isEmpty();
        assertThat(stop.isRequested()).isFalse();
    }

    @Test
    void runsWhatWasLeftWithItOnce() {
        AtomicInteger runs = new AtomicInteger();
        stop.whenRequested(runs::incrementAndGet);
        assertThat(runs).hasValue(0);

        stop.request(Reason.ASKED);
        stop.request(Reason.ASKED);
        assertThat(runs).hasValue(1);

        stop.whenRequested(runs::incrementAndGet);
        assertThat(runs).hasValue(2);
    }
}
