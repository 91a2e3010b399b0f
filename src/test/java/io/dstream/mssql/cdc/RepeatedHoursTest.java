package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.RepeatedHours.Known;
import io.dstream.mssql.cdc.RepeatedHours.Search;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What of a repeated hour is asked for, and what is known already.
final class RepeatedHoursTest {

    private static final LocalDateTime ONE = LocalDateTime.parse("2025-11-02T01:00");
    private static final Lsn JUMP = lsn(50);

    private final RepeatedHours hours = new RepeatedHours(ZoneOffset.UTC);
    private final List<String> looks = new ArrayList<>();

    private static Lsn lsn(int low) {
        return new Lsn(0, low);
    }

    /// A log in which time jumps back at [#JUMP].
    private Known look(Known looked, Lsn upTo) {
        looks.add(looked.lookedUpTo().low() + ".." + upTo.low() + " " + looked.latest());
        return new Known(
                upTo,
                upTo.compareTo(JUMP) >= 0 ? Optional.of(JUMP) : Optional.empty(),
                looked.latest().plusMinutes(10));
    }

    private Optional<Lsn> secondPass(int upTo) throws SQLException {
        return hours.secondPass(ONE, lsn(upTo), this::look);
    }

    @Test
    void goesOnWhereTheLastLookEnded() throws SQLException {
        assertThat(secondPass(20)).isEmpty();
        assertThat(secondPass(30)).isEmpty();

        assertThat(looks).containsExactly("0..20 " + ONE, "20..30 " + ONE.plusMinutes(10));
    }

    @Test
    void whatWasLookedAtIsNotLookedAtAgain() throws SQLException {
        secondPass(30);

        assertThat(secondPass(30)).isEmpty();
        assertThat(secondPass(10)).isEmpty();
        assertThat(looks).hasSize(1);
    }

    @Test
    void aSecondPassIsRemembered() throws SQLException {
        assertThat(secondPass(60)).contains(JUMP);
        assertThat(secondPass(1000)).contains(JUMP);
        assertThat(secondPass(10)).contains(JUMP);
        assertThat(looks).hasSize(1);
    }

    @Test
    void eachHourIsLookedAtForItself() throws SQLException {
        secondPass(20);
        hours.secondPass(ONE.minusYears(1), lsn(20), this::look);

        assertThat(looks).containsExactly("0..20 " + ONE, "0..20 " + ONE.minusYears(1));
    }

    @Test
    void aLookThatFailedIsDoneAgain() throws SQLException {
        Search failing = (looked, upTo) -> {
            throw new SQLException("lost");
        };
        try {
            hours.secondPass(ONE, lsn(60), failing);
        } catch (SQLException e) {
            looks.add(e.getMessage());
        }

        assertThat(secondPass(60)).contains(JUMP);
        assertThat(looks).containsExactly("lost", "0..60 " + ONE);
    }

    @Test
    void ofManyThreadsOneLooks() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Lsn>>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> secondPass(60)));
            }
            for (Future<Optional<Lsn>> answer : answers) {
                assertThat(answer.get()).contains(JUMP);
            }
        }
        assertThat(looks).hasSize(1);
    }
}
