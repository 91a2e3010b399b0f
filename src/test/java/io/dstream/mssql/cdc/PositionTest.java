package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.OptionalInt;
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

    @Test
    void ordersByCommandAndThenSeqval() {
        List<Position> inOrder = List.of(
                Position.before(TEN),
                byCommand(Position.NULL_COMMAND_ID, 1),
                byCommand(Position.NULL_COMMAND_ID, 9),
                byCommand(0, 2),
                byCommand(1, 8),
                byCommand(2, 1),
                byCommand(2, 3),
                byCommand(Integer.MAX_VALUE, 1),
                Position.after(TEN),
                Position.before(ELEVEN));

        assertThat(inOrder).isSorted();
        for (Position position : inOrder) {
            assertThat(position.isComparableTo(byCommand(2, 1))).isTrue();
        }
    }

    @Test
    void saysNothingOfATransactionThatTheOtherModeSplit() {
        Position bySeqval = new Position(TEN, new Lsn(10, 3));

        assertThat(bySeqval.isComparableTo(byCommand(1, 3))).isFalse();
        assertThat(byCommand(1, 3).isComparableTo(bySeqval)).isFalse();
        assertThat(bySeqval.isComparableTo(Position.before(TEN))).isTrue();
        assertThat(byCommand(1, 3).isComparableTo(Position.after(TEN))).isTrue();
        assertThat(byCommand(1, 3).isComparableTo(new Position(ELEVEN, new Lsn(11, 3))))
                .isTrue();
        assertThat(byCommand(1, 3).covers(TEN)).isFalse();
    }

    @Test
    void beforeAndAfterATransactionThereIsNoCommand() {
        assertThat(new Position(TEN, OptionalInt.of(7), Lsn.ZERO)).isEqualTo(Position.before(TEN));
        assertThat(new Position(TEN, OptionalInt.of(7), Lsn.MAX)).isEqualTo(Position.after(TEN));
        assertThatIllegalArgumentException().isThrownBy(() -> byCommand(-2, 1));
    }

    private static Position byCommand(int commandId, int seqval) {
        return new Position(TEN, OptionalInt.of(commandId), new Lsn(10, seqval));
    }
}
