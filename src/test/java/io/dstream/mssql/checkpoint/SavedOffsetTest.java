package io.dstream.mssql.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.LeaseLost;
import io.dstream.mssql.failure.TransientFailure;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// The promises of the contract too, over rows in a map.
final class SavedOffsetTest extends CheckpointStoreContract {

    private static final TableName ORDERS = new TableName("dbo", "orders");
    private static final Position FIRST = position(1, 1);
    private static final Position SECOND = position(1, 2);
    private static final Position THIRD = position(2, 1);

    private final Rows rows = new Rows();

    @Override
    CheckpointStore instance() {
        return new CheckpointStore() {
            @Override
            public void prepare() {
                // A map needs nothing.
            }

            @Override
            public TableCheckpoint open(TableName table) throws Failure, InterruptedException {
                return SavedOffset.read(rows, table);
            }
        };
    }

    @Test
    void aSaveWhoseAnswerWasLostIsSettledByTheSameSave() throws Failure, InterruptedException {
        SavedOffset checkpoint = saved(FIRST);
        rows.answer = Answer.LOST;
        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> checkpoint.save(SECOND));
        rows.answer = Answer.GIVEN;

        checkpoint.save(SECOND);

        assertThat(checkpoint.position()).contains(SECOND);
        assertThat(rows.byKey).containsEntry("dbo.orders", Offset.of(SECOND));
    }

    @Test
    void aSaveWhoseAnswerWasLostIsSettledByALaterSave() throws Failure, InterruptedException {
        SavedOffset checkpoint = saved(FIRST);
        rows.answer = Answer.LOST;
        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> checkpoint.save(SECOND));
        rows.answer = Answer.GIVEN;

        checkpoint.save(THIRD);

        assertThat(rows.byKey).containsEntry("dbo.orders", Offset.of(THIRD));
    }

    @Test
    void anEarlierPositionDoesNotUndoASaveWhoseAnswerWasLost() throws Failure, InterruptedException {
        SavedOffset checkpoint = saved(FIRST);
        rows.answer = Answer.LOST;
        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> checkpoint.save(THIRD));
        rows.answer = Answer.GIVEN;

        checkpoint.save(SECOND);

        assertThat(checkpoint.position()).contains(THIRD);
        assertThat(rows.byKey).containsEntry("dbo.orders", Offset.of(THIRD));
    }

    @Test
    void aSaveThatWasNotDoneIsDoneBySavingAgain() throws Failure, InterruptedException {
        SavedOffset checkpoint = saved(FIRST);
        rows.answer = Answer.REFUSED;
        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> checkpoint.save(SECOND));
        assertThat(checkpoint.position()).contains(FIRST);
        rows.answer = Answer.GIVEN;

        checkpoint.save(SECOND);

        assertThat(rows.byKey).containsEntry("dbo.orders", Offset.of(SECOND));
    }

    @Test
    void aFirstSaveWhoseAnswerWasLostIsSettledToo() throws Failure, InterruptedException {
        SavedOffset checkpoint = SavedOffset.read(rows, ORDERS);
        rows.answer = Answer.LOST;
        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> checkpoint.save(FIRST));
        rows.answer = Answer.GIVEN;

        checkpoint.save(SECOND);

        assertThat(rows.byKey).containsEntry("dbo.orders", Offset.of(SECOND));
    }

    @Test
    void afterALostAnswerAnotherInstancesSaveIsStillFound() throws Failure, InterruptedException {
        SavedOffset checkpoint = saved(FIRST);
        rows.answer = Answer.REFUSED;
        assertThatExceptionOfType(TransientFailure.class).isThrownBy(() -> checkpoint.save(SECOND));
        rows.answer = Answer.GIVEN;
        rows.byKey.put("dbo.orders", Offset.of(position(7, 7)));

        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> checkpoint.save(SECOND));
    }

    @Test
    void whoSavedInstead() throws Failure, InterruptedException {
        SavedOffset checkpoint = saved(SECOND);

        rows.byKey.put("dbo.orders", Offset.of(FIRST));
        assertThatExceptionOfType(LeaseLost.class)
                .isThrownBy(() -> checkpoint.save(THIRD))
                .withMessageContaining("so it was put back, or the database was restored");
        rows.byKey.put("dbo.orders", Offset.of(position(7, 7)));
        assertThatExceptionOfType(LeaseLost.class)
                .isThrownBy(() -> checkpoint.save(THIRD))
                .withMessageContaining("so another instance saved");
    }

    @Test
    void aDeletedRowIsALostLease() throws Failure, InterruptedException {
        SavedOffset checkpoint = saved(FIRST);
        rows.byKey.clear();

        assertThatExceptionOfType(LeaseLost.class)
                .isThrownBy(() -> checkpoint.save(SECOND))
                .withMessageContaining("no row");
    }

    @Test
    void startsWhereTheOriginalProgramStoodAndLeavesItsRow() throws Failure, InterruptedException {
        rows.byKey.put("orders", Offset.of(FIRST));

        SavedOffset checkpoint = SavedOffset.read(rows, ORDERS);
        assertThat(checkpoint.position()).contains(FIRST);
        checkpoint.save(SECOND);

        assertThat(rows.byKey).containsEntry("orders", Offset.of(FIRST)).containsEntry("dbo.orders", Offset.of(SECOND));
    }

    @Test
    void ourOwnRowGoesBeforeTheOriginalProgramsOne() throws Failure, InterruptedException {
        rows.byKey.put("orders", Offset.of(THIRD));
        rows.byKey.put("dbo.orders", Offset.of(FIRST));

        assertThat(SavedOffset.read(rows, ORDERS).position()).contains(FIRST);
    }

    @Test
    void aTableOfAnotherSchemaInheritsNothing() throws Failure, InterruptedException {
        rows.byKey.put("orders", Offset.of(FIRST));

        assertThat(SavedOffset.read(rows, new TableName("sales", "orders")).position())
                .isEmpty();
    }

    @Test
    void withoutASeqvalTheTransactionIsReadAgain() throws Failure, InterruptedException {
        rows.byKey.put("dbo.orders", new Offset(new Lsn(5, 0), OptionalInt.empty(), Optional.empty()));

        SavedOffset checkpoint = SavedOffset.read(rows, ORDERS);
        assertThat(checkpoint.position()).contains(Position.before(new Lsn(5, 0)));
        checkpoint.save(position(5, 3));

        assertThat(rows.byKey).containsEntry("dbo.orders", Offset.of(position(5, 3)));
    }

    private SavedOffset saved(Position position) throws Failure, InterruptedException {
        rows.byKey.put("dbo.orders", Offset.of(position));
        return SavedOffset.read(rows, ORDERS);
    }

    private enum Answer {
        GIVEN,
        LOST,
        REFUSED
    }

    private static final class Rows implements Offsets {

        private final Map<String, Offset> byKey = new HashMap<>();
        private Answer answer = Answer.GIVEN;

        @Override
        public Optional<Offset> find(String key) {
            return Optional.ofNullable(byKey.get(key));
        }

        @Override
        public boolean insert(String key, Offset wanted) throws Failure {
            return answered(answer != Answer.REFUSED && byKey.putIfAbsent(key, wanted) == null);
        }

        @Override
        public boolean update(String key, Offset expected, Offset wanted) throws Failure {
            return answered(answer != Answer.REFUSED && byKey.replace(key, expected, wanted));
        }

        private boolean answered(boolean done) throws Failure {
            if (answer != Answer.GIVEN) {
                throw new TransientFailure("save: connection reset");
            }
            return done;
        }
    }
}
