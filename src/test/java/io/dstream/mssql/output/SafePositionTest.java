package io.dstream.mssql.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SafePositionTest {

    private static final Lsn ONE = new Lsn(1, 0);
    private static final Lsn TWO = new Lsn(2, 0);
    private static final OptionalInt BY_SEQVAL = OptionalInt.empty();

    private final SafePosition safe = new SafePosition();

    @Test
    void knowsNothingBeforeTheSecondGroup() {
        safe.advance(ONE, BY_SEQVAL, ONE);
        safe.advance(ONE, BY_SEQVAL, ONE);

        assertThat(safe.lastWhole()).isEmpty();
    }

    @Test
    void isTheGroupBeforeTheOneThatBegan() {
        safe.advance(ONE, BY_SEQVAL, ONE);
        safe.advance(ONE, BY_SEQVAL, TWO);
        assertThat(safe.lastWhole()).contains(new Position(ONE, ONE));

        safe.advance(TWO, BY_SEQVAL, TWO);
        safe.advance(TWO, BY_SEQVAL, TWO);
        assertThat(safe.lastWhole()).contains(new Position(ONE, TWO));
    }

    @Test
    void keepsAGroupTogetherThoughItsCommandsDiffer() {
        safe.advance(ONE, OptionalInt.of(1), ONE);
        safe.advance(ONE, OptionalInt.of(2), TWO);
        safe.advance(ONE, OptionalInt.of(3), TWO);
        assertThat(safe.lastWhole()).contains(new Position(ONE, OptionalInt.of(1), ONE));

        safe.advance(TWO, OptionalInt.of(1), TWO);
        assertThat(safe.lastWhole()).contains(new Position(ONE, OptionalInt.of(3), TWO));
    }
}
