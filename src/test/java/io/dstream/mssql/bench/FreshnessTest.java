package io.dstream.mssql.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.dstream.mssql.cdc.Lsn;
import org.junit.jupiter.api.Test;

final class FreshnessTest {

    private static final double MILLION = 1e6;

    private final Freshness freshness = new Freshness();

    private static String envelope(String... lsns) {
        return "{\"changes\":[{\"lsn\":\"" + String.join("\"},{\"lsn\":\"", lsns) + "\"}]}";
    }

    @Test
    void countsFromTheFirstMomentThatCoveredTheChange() {
        long before = System.nanoTime();
        freshness.visible(new Lsn(0x20, 5));
        long between = System.nanoTime();
        freshness.visible(new Lsn(0x20, 9));

        freshness.arrived(envelope("00000000:00000020:0004", "00000000:00000020:0005"), between + 2_000_000);

        assertThat(freshness.count()).isEqualTo(2);
        assertThat(freshness.milliseconds().least()).isBetween(2.0, 2 + (between - before) / MILLION);
    }

    @Test
    void refusesAChangeThatNeverBecameVisible() {
        freshness.arrived(envelope("00000000:00000020:0004"), System.nanoTime());

        assertThatIllegalStateException().isThrownBy(freshness::milliseconds).withMessageContaining("never");
    }

    @Test
    void forgetsWhatCameSoFar() {
        freshness.arrived(envelope("00000000:00000020:0004"), System.nanoTime());
        assertThat(freshness.count()).isEqualTo(1);

        freshness.forget();

        assertThat(freshness.count()).isZero();
    }
}
