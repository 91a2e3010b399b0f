package io.dstream.mssql.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// What every checkpoint store promises.
abstract class CheckpointStoreContract {

    private static final TableName ORDERS = new TableName("dbo", "orders");
    private static final TableName CUSTOMERS = new TableName("dbo", "customers");

    private static final Position FIRST = position(1, 1);
    private static final Position SECOND = position(1, 2);
    private static final Position THIRD = position(2, 1);

    /// A new instance over the store of this test, prepared.
    abstract CheckpointStore instance() throws Failure, InterruptedException;

    static Position position(long commit, long seqval) {
        return new Position(new Lsn(commit, 0), new Lsn(seqval, 0));
    }

    static Position position(long commit, int commandId, long seqval) {
        return new Position(new Lsn(commit, 0), OptionalInt.of(commandId), new Lsn(seqval, 0));
    }

    @Test
    void aTableThatWasNeverSavedHasNoPosition() throws Failure, InterruptedException {
        assertThat(instance().open(ORDERS).position()).isEmpty();
    }

    @Test
    void whatOneInstanceSavedTheNextOneReads() throws Failure, InterruptedException {
        TableCheckpoint checkpoint = instance().open(ORDERS);

        checkpoint.save(FIRST);

        assertThat(checkpoint.position()).contains(FIRST);
        assertThat(instance().open(ORDERS).position()).contains(FIRST);
    }

    @Test
    void savesAgainAndAgain() throws Failure, InterruptedException {
        TableCheckpoint checkpoint = instance().open(ORDERS);

        checkpoint.save(FIRST);
        checkpoint.save(SECOND);
        checkpoint.save(THIRD);

        assertThat(saved(ORDERS)).contains(THIRD);
    }

    @Test
    void goesOnFromWhatAnEarlierInstanceSaved() throws Failure, InterruptedException {
        instance().open(ORDERS).save(FIRST);

        instance().open(ORDERS).save(SECOND);

        assertThat(saved(ORDERS)).contains(SECOND);
    }

    @Test
    void savingTheSamePositionAgainChangesNothing() throws Failure, InterruptedException {
        TableCheckpoint checkpoint = instance().open(ORDERS);
        checkpoint.save(FIRST);

        checkpoint.save(FIRST);

        assertThat(saved(ORDERS)).contains(FIRST);
    }

    @Test
    void neverGoesBack() throws Failure, InterruptedException {
        TableCheckpoint checkpoint = instance().open(ORDERS);
        checkpoint.save(SECOND);

        assertThatIllegalArgumentException().isThrownBy(() -> checkpoint.save(FIRST));
        assertThat(saved(ORDERS)).contains(SECOND);
    }

    @Test
    void keepsTheCommandIdAndThatItWasNull() throws Failure, InterruptedException {
        TableCheckpoint checkpoint = instance().open(ORDERS);

        for (int commandId : new int[] {Position.NULL_COMMAND_ID, 0, 7, Integer.MAX_VALUE}) {
            checkpoint.save(position(1, commandId, 9));

            assertThat(saved(ORDERS)).contains(position(1, commandId, 9));
        }
        checkpoint.save(Position.after(new Lsn(1, 0)));
        assertThat(saved(ORDERS)).contains(Position.after(new Lsn(1, 0)));
        checkpoint.save(position(2, 3));
        assertThat(saved(ORDERS)).contains(position(2, 3));
    }

    @Test
    void anotherCommandIdIsAnotherInstancesSave() throws Failure, InterruptedException {
        instance().open(ORDERS).save(position(1, 4, 9));
        TableCheckpoint overtaken = instance().open(ORDERS);
        instance().open(ORDERS).save(position(1, 5, 9));

        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> overtaken.save(position(1, 6, 9)));
        assertThat(saved(ORDERS)).contains(position(1, 5, 9));
    }

    @Test
    void refusesAPositionOfTheSameTransactionInTheOtherOrder() throws Failure, InterruptedException {
        TableCheckpoint checkpoint = instance().open(ORDERS);
        checkpoint.save(FIRST);

        assertThatIllegalArgumentException().isThrownBy(() -> checkpoint.save(position(1, 8, 8)));
        assertThat(saved(ORDERS)).contains(FIRST);
    }

    @Test
    void anInstanceThatWasOvertakenSavesNothing() throws Failure, InterruptedException {
        instance().open(ORDERS).save(FIRST);
        TableCheckpoint overtaken = instance().open(ORDERS);
        instance().open(ORDERS).save(SECOND);

        assertThatExceptionOfType(LeaseLost.class)
                .isThrownBy(() -> overtaken.save(THIRD))
                .withMessageContaining("dbo.orders");
        assertThat(saved(ORDERS)).contains(SECOND);
    }

    @Test
    void ofTwoFirstSavesOneWins() throws Failure, InterruptedException {
        TableCheckpoint slow = instance().open(ORDERS);
        TableCheckpoint fast = instance().open(ORDERS);
        fast.save(FIRST);

        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> slow.save(SECOND));
        assertThat(saved(ORDERS)).contains(FIRST);
    }

    @Test
    void tablesDoNotShareAPosition() throws Failure, InterruptedException {
        instance().open(ORDERS).save(FIRST);
        instance().open(CUSTOMERS).save(THIRD);

        assertThat(saved(ORDERS)).contains(FIRST);
        assertThat(saved(CUSTOMERS)).contains(THIRD);
    }

    @Test
    void keepsEveryByte() throws Failure, InterruptedException {
        Position high = new Position(new Lsn(0x80FF_7F00_0102_FE00L, 0x8000), Lsn.MAX);

        instance().open(ORDERS).save(high);

        assertThat(saved(ORDERS)).contains(high);
    }

    @Test
    void mayBePreparedAgain() throws Failure, InterruptedException {
        CheckpointStore store = instance();
        store.open(ORDERS).save(FIRST);

        store.prepare();

        assertThat(saved(ORDERS)).contains(FIRST);
    }

    private Optional<Position> saved(TableName table) throws Failure, InterruptedException {
        return instance().open(table).position();
    }
}
