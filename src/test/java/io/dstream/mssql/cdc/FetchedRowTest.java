package io.dstream.mssql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dstream.mssql.failure.PermanentFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The two images of an update come side by side, or not at all.
final class FetchedRowTest {

    private static final TableName TABLE = new TableName("dbo", "orders");
    private static final RowQuery BY_SEQVAL = new RowQuery(false, true);
    private static final RowQuery BY_COMMAND = new RowQuery(true, true);

    /// The key of one row.
    private record Key(int commitLsn, int commandId, int seqval, int operation) {}

    @Test
    void takesUpdatesWithBothImages() throws PermanentFailure {
        List<Key> rows = List.of(
                new Key(1, 1, 1, 2),
                new Key(1, 2, 2, 3),
                new Key(1, 2, 2, 4),
                new Key(2, -1, 1, 3),
                new Key(2, -1, 1, 4),
                new Key(2, 1, 2, 1),
                new Key(2, 1, 2, 2));

        for (RowQuery query : List.of(BY_SEQVAL, BY_COMMAND)) {
            assertThat(readAll(query, rows)).isEqualTo("+ + - + - + -");
        }
    }

    @Test
    void refusesAnImageAfterWithoutTheOneBefore() {
        requireOrphan(BY_SEQVAL, List.of(new Key(1, 1, 7, 4)), "no image before (operation 3)");
        requireOrphan(BY_SEQVAL, List.of(new Key(1, 1, 6, 2), new Key(1, 1, 7, 4)), "no image before (operation 3)");
        requireOrphan(
                BY_SEQVAL,
                List.of(new Key(1, 1, 6, 3), new Key(1, 1, 6, 4), new Key(1, 1, 7, 4)),
                "no image before (operation 3)");
    }

    @Test
    void refusesAnImageBeforeWithoutTheOneAfter() {
        requireOrphan(BY_SEQVAL, List.of(new Key(1, 1, 7, 3)), "no image after (operation 4)");
        requireOrphan(BY_SEQVAL, List.of(new Key(1, 1, 7, 3), new Key(1, 1, 7, 2)), "no image after (operation 4)");
        requireOrphan(BY_SEQVAL, List.of(new Key(1, 1, 7, 3), new Key(1, 1, 8, 4)), "no image after (operation 4)");
        requireOrphan(BY_SEQVAL, List.of(new Key(1, 1, 7, 3), new Key(2, 1, 7, 4)), "no image after (operation 4)");
        requireOrphan(BY_SEQVAL, List.of(new Key(1, 1, 7, 3), new Key(1, 1, 7, 3)), "no image after (operation 4)");
        requireOrphan(BY_COMMAND, List.of(new Key(1, 1, 7, 3), new Key(1, 2, 7, 4)), "no image after (operation 4)");
    }

    @Test
    void refusesImagesBeforeThatNobodyAskedFor() {
        RowQuery without = new RowQuery(true, false);

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> readAll(without, List.of(new Key(1, 1, 7, 3))))
                .withMessageContainingAll("dbo.orders", "not asked for");
    }

    @Test
    void knowsEveryBitOfASeqval() throws PermanentFailure {
        List<Lsn> seqvals =
                List.of(new Lsn(-1L, 0xFFFF), new Lsn(-1L, 0xFFFE), new Lsn(-2L, 0xFFFE), new Lsn(-2L, 0xFFFE));
        FetchedRow row = new FetchedRow(TABLE, BY_SEQVAL, new CommitTimes(List.of()));
        RowBatch batch = RowBatch.large(0);
        StringBuilder groups = new StringBuilder();
        for (Lsn seqval : seqvals) {
            batch.add(lsn(1), seqval, Operation.INSERT.number(), -1, new byte[0]);
            row.goTo(batch, batch.size() - 1);
            assertThat(row.seqval()).isEqualTo(seqval);
            groups.append(row.beginsGroup() ? '+' : '-');
        }
        assertThat(groups).hasToString("+++-");
    }

    private static void requireOrphan(RowQuery query, List<Key> rows, String what) {
        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> readAll(query, rows))
                .withMessageContainingAll("dbo.orders", "lsn=" + lsn(1), "seq=" + lsn(7), what);
    }

    /// `+` for a row that begins a group, `-` for one that does not.
    private static String readAll(RowQuery query, List<Key> rows) throws PermanentFailure {
        FetchedRow row = new FetchedRow(TABLE, query, new CommitTimes(List.of()));
        RowBatch batch = RowBatch.large(0);
        StringBuilder groups = new StringBuilder();
        for (Key key : rows) {
            batch.add(lsn(key.commitLsn()), lsn(key.seqval()), key.operation(), key.commandId(), new byte[0]);
            row.goTo(batch, batch.size() - 1);
            groups.append(row.beginsGroup() ? " +" : " -");
        }
        row.requireWhole();
        return groups.toString().strip();
    }

    private static Lsn lsn(int number) {
        return new Lsn(number, 0);
    }
}
