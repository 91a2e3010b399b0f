package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PositionTest {

    private static final Lsn TEN = new Lsn(10, 0);
    private static final Lsn ELEVEN = new Lsn(11, 0);

    @Test
    void afterATransactionReadsOnFromTheNextLsn() {
        assertThat(Position.after(TEN).windowStart()).isEqualTo(TEN.next());
        assertThat(Position.after(TEN).isInsideTransaction()).isFalse();
    }

    @Test
    void insideATransactionReadsThatTransactionAgain() {
        Position inside = new Position(TEN, new Lsn(10, 3));

        assertThat(inside.windowStart()).isEqualTo(TEN);
        assertThat(inside.isInsideTransaction()).isTrue();
    }

    @Test
    void beforeATransactionReadsAllOfIt() {
        assertThat(Position.before(TEN).windowStart()).isEqualTo(TEN);
        assertThat(Position.before(TEN)).isLessThan(new Position(TEN, new Lsn(0, 1)));
    }

    @Test
    void coversOnlyWhatIsWhollyDone() {
        assertThat(Position.after(TEN).covers(TEN)).isTrue();
        assertThat(Position.after(ELEVEN).covers(TEN)).isTrue();
        assertThat(new Position(TEN, new Lsn(10, 3)).covers(TEN)).isFalse();
        assertThat(Position.after(TEN).covers(ELEVEN)).isFalse();
        assertThat(Position.before(ELEVEN).covers(TEN)).isTrue();
    }

    @Test
    void ordersByCommitLsnThenSeqval() {
        assertThat(Position.after(TEN)).isLessThan(Position.before(ELEVEN));
        assertThat(new Position(TEN, new Lsn(10, 3))).isLessThan(new Position(TEN, new Lsn(10, 4)));
    }
}
