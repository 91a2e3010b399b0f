package io.dstream.mssql.lock.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.lock.blob.BlobState.LeaseKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BlobStateTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private static boolean isAbandoned(LeaseKind lease, Duration untouched) {
        return new BlobState(lease, NOW.minus(untouched), NOW, "etag", Map.of()).isAbandoned();
    }

    @Test
    void onlyALeaseWithoutEndIsAbandonedAndOnlyAfterTwoMinutes() {
        assertThat(isAbandoned(LeaseKind.INFINITE, Duration.ofMinutes(2))).isFalse();
        assertThat(isAbandoned(LeaseKind.INFINITE, Duration.ofSeconds(121))).isTrue();
        assertThat(isAbandoned(LeaseKind.FINITE, Duration.ofDays(1))).isFalse();
        assertThat(isAbandoned(LeaseKind.NONE, Duration.ofDays(1))).isFalse();
    }

    @Test
    void epochsGrowWhateverTheClocksSay() {
        long seconds = NOW.getEpochSecond();

        assertThat(HolderNote.nextEpoch(Map.of(), NOW)).isEqualTo(seconds);
        assertThat(HolderNote.nextEpoch(Map.of("epoch", "41"), NOW)).isEqualTo(seconds);
        assertThat(HolderNote.nextEpoch(Map.of("epoch", Long.toString(seconds + 7)), NOW))
                .isEqualTo(seconds + 8);
    }

    @Test
    void anEpochThatCannotBeReadCountsAsNone() {
        assertThat(HolderNote.epochIn(Map.of())).isZero();
        assertThat(HolderNote.epochIn(Map.of("epoch", "seven"))).isZero();
        assertThat(HolderNote.epochIn(Map.of("epoch", "-3"))).isZero();
        assertThat(HolderNote.epochIn(new HolderNote("me", 41, NOW).toMetadata()))
                .isEqualTo(41);
    }
}
