package io.dstream.mssql.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SamplesTest {

    private static Samples of(Integer... figures) {
        return Samples.of(List.of(figures), Integer::doubleValue);
    }

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(of(9, 1, 2).median()).isEqualTo(2);
        assertThat(of(9, 1, 2, 4).median()).isEqualTo(3);
        assertThat(of(7).median()).isEqualTo(7);
    }

    @Test
    void percentilesAreFiguresThatWereMeasured() {
        Samples hundred = Samples.of(IntStream.rangeClosed(1, 100).boxed().toList(), Integer::doubleValue);

        assertThat(hundred.percentile(50)).isEqualTo(50);
        assertThat(hundred.percentile(99)).isEqualTo(99);
        assertThat(hundred.percentile(100)).isEqualTo(100);
        assertThat(of(3, 1, 2).percentile(99)).isEqualTo(3);
        assertThat(of(3, 1, 2).percentile(0)).isEqualTo(1);
        assertThat(hundred.least()).isEqualTo(1);
        assertThat(hundred.most()).isEqualTo(100);
        assertThat(hundred.count()).isEqualTo(100);
    }

    @Test
    void thereIsNoFigureOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(SamplesTest::of);
    }
}
