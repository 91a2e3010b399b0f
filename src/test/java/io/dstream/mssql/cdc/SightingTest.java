package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.Sighting.Verdict;
import io.dstream.mssql.cdc.Sighting.Verdict.News;
import io.dstream.mssql.cdc.Sighting.Verdict.Quiet;
import io.dstream.mssql.cdc.Sighting.Verdict.Unknown;
import org.junit.jupiter.api.Test;

/// What may be concluded of a table, and what not.
final class SightingTest {

    private static final Lsn LOW = new Lsn(0, 10);
    private static final Lsn ROW = new Lsn(0, 50);
    private static final Lsn HIGHEST = new Lsn(0, 90);
    private static final Sighting SEEN = Sightings.of(HIGHEST, ROW, LOW);

    private static Verdict of(Sighting sighting, Position position) {
        return sighting.of(Sightings.TABLE, position);
    }

    @Test
    void isQuietBehindTheLastRow() {
        assertThat(of(SEEN, Position.after(ROW))).isEqualTo(new Quiet(HIGHEST, LOW));
        assertThat(of(SEEN, Position.after(HIGHEST))).isEqualTo(new Quiet(HIGHEST, LOW));
        assertThat(of(SEEN, Position.before(ROW.next()))).isEqualTo(new Quiet(HIGHEST, LOW));
    }

    @Test
    void isNewsBeforeAndInsideTheTransactionOfTheLastRow() {
        assertThat(of(SEEN, Position.after(ROW.previous()))).isEqualTo(new News());
        assertThat(of(SEEN, Position.before(ROW))).isEqualTo(new News());
        assertThat(of(SEEN, new Position(ROW, new Lsn(0, 55)))).isEqualTo(new News());
    }

    @Test
    void aRowBehindTheHighestLsnIsNewsTheNextRowMayNotBeTheOnlyOne() {
        assertThat(of(Sightings.of(HIGHEST, HIGHEST.next(), LOW), Position.after(ROW)))
                .isEqualTo(new News());
    }

    @Test
    void concludesNothingFromRowsThatTheCleanupMayHaveTaken() {
        Sighting cleaned = Sightings.ofEmpty(HIGHEST, LOW);

        assertThat(of(cleaned, Position.after(LOW.previous()))).isEqualTo(new Quiet(HIGHEST, LOW));
        assertThat(of(cleaned, Position.before(LOW))).isEqualTo(new Quiet(HIGHEST, LOW));
        assertThat(of(cleaned, Position.before(LOW.previous()))).isEqualTo(new News());
        assertThat(of(cleaned, Position.after(LOW.previous().previous()))).isEqualTo(new News());
    }

    @Test
    void knowsNothingOfWhatItMayNotReadButForItsLowWatermark() {
        Sighting unprobed = Sightings.unprobed(HIGHEST, LOW);

        assertThat(of(unprobed, Position.after(ROW))).isEqualTo(new Unknown());
        assertThat(of(unprobed, Position.before(LOW.previous()))).isEqualTo(new News());
    }

    @Test
    void knowsNothingBeforeThereIsSomethingToKnow() {
        assertThat(of(Sightings.beingMade(HIGHEST), Position.after(ROW))).isEqualTo(new Unknown());
        assertThat(of(Sightings.beforeAnything(), Position.before(Lsn.ZERO))).isEqualTo(new Unknown());
    }

    @Test
    void aPositionBeyondTheHighestLsnIsNewsAndABeginningIsNot() {
        assertThat(of(SEEN, Position.after(HIGHEST.next()))).isEqualTo(new News());
        assertThat(of(SEEN, new Position(HIGHEST.next(), ROW))).isEqualTo(new News());
        assertThat(of(SEEN, Position.before(HIGHEST.next()))).isEqualTo(new Quiet(HIGHEST, LOW));
    }

    @Test
    void theEndOfCaptureIsNews() {
        assertThat(of(Sightings.withoutCapture(HIGHEST), Position.after(ROW))).isEqualTo(new News());
    }
}
