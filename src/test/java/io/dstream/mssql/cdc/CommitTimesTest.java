package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.CommitTimes.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CommitTimesTest {

    private static final Instant NOON = Instant.parse("2025-09-28T12:00:00Z");

    private final CommitTimes times = new CommitTimes(List.of(
            new Transaction(lsn(10), Optional.of(NOON)),
            new Transaction(lsn(20), Optional.empty()),
            new Transaction(lsn(30), Optional.of(NOON.plusSeconds(1)))));

    private static Lsn lsn(int low) {
        return new Lsn(7, low);
    }

    @Test
    void findsEachInAscendingOrder() {
        assertThat(times.of(lsn(10))).contains(NOON);
        assertThat(times.of(lsn(30))).contains(NOON.plusSeconds(1));
    }

    @Test
    void findsTheSameTwice() {
        times.of(lsn(10));

        assertThat(times.of(lsn(10))).contains(NOON);
    }

    @Test
    void isEmptyWhereTheServerHasNoTime() {
        assertThat(times.of(lsn(20))).isEmpty();
    }

    @Test
    void isEmptyWhereTheEntryIsGoneAndFindsTheNext() {
        assertThat(times.of(lsn(5))).isEmpty();
        assertThat(times.of(lsn(15))).isEmpty();
        assertThat(times.of(lsn(30))).isPresent();
        assertThat(times.of(lsn(40))).isEmpty();
    }
}
