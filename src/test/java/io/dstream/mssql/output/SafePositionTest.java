package io.dstream.mssql.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import org.junit.jupiter.api.Test;

class SafePositionTest {

    private static final Lsn ONE = new Lsn(1, 0);
    private static final Lsn TWO = new Lsn(2, 0);

    private final SafePosition safe = new SafePosition();

    @Test
    void knowsNothingBeforeTheSecondGroup() {
        safe.advance(ONE, ONE);
        safe.advance(ONE, ONE);

        assertThat(safe.lastWhole()).isEmpty();
    }

    @Test
    void isTheGroupBeforeTheOneThatBegan() {
        safe.advance(ONE, ONE);
        safe.advance(ONE, TWO);
        assertThat(safe.lastWhole()).contains(new Position(ONE, ONE));

        safe.advance(TWO, TWO);
        safe.advance(TWO, TWO);
        assertThat(safe.lastWhole()).contains(new Position(ONE, TWO));
    }
}
