package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.CaptureInstances.Watermarked;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CaptureInstancesTest {

    private static Lsn lsn(int low) {
        return new Lsn(7, low);
    }

    private static Watermarked instance(String name, int lowWatermark) {
        CaptureInstance instance = new CaptureInstance(new TableName("dbo", "orders"), name, 1, List.of());
        return new Watermarked(instance, lsn(lowWatermark));
    }

    private final Watermarked older = instance("older", 10);
    private final Watermarked newer = instance("newer", 20);

    @Test
    void readsTheOlderUpToWhereTheNewerBegins() {
        List<Watermarked> both = List.of(older, newer);

        assertThat(CaptureInstances.newestCovering(both, lsn(19))).contains(older);
        assertThat(CaptureInstances.nextStart(both, lsn(19))).contains(lsn(20));
    }

    @Test
    void readsTheNewerFromItsFirstLsnOn() {
        List<Watermarked> both = List.of(older, newer);

        assertThat(CaptureInstances.newestCovering(both, lsn(20))).contains(newer);
        assertThat(CaptureInstances.nextStart(both, lsn(20))).isEmpty();
    }

    @Test
    void takesTheNewestWhereACleanupMadeThemBeginAtOnce() {
        List<Watermarked> both = List.of(older, instance("newer", 10));

        assertThat(CaptureInstances.newestCovering(both, lsn(10)))
                .hasValueSatisfying(
                        chosen -> assertThat(chosen.instance().name()).isEqualTo("newer"));
    }

    @Test
    void findsAGapWhereNoneGoesBackSoFar() {
        List<Watermarked> both = List.of(older, newer);

        assertThat(CaptureInstances.newestCovering(both, lsn(9))).isEmpty();
        assertThat(CaptureInstances.nextStart(both, lsn(9))).contains(lsn(10));
    }

    @Test
    void fallsBackOnTheOlderWhereTheNewerWasCleanedFurther() {
        List<Watermarked> both = List.of(older, instance("newer", 30));

        assertThat(CaptureInstances.newestCovering(both, lsn(25))).contains(older);
        assertThat(CaptureInstances.nextStart(both, lsn(25))).contains(lsn(30));
    }
}
