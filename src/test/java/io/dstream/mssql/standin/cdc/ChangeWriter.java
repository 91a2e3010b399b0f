package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.TableName;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.h2.value.Value;

/// Turns logged transactions into rows of change tables, shaped as SQL Server shapes them.
///
/// Each statement has its command id. An update that changes the key of its only row becomes a delete and an insert
/// that share the seqval; of many rows, deletes and inserts with seqvals of their own, where only the command id tells
/// that all deletes went first.
final class ChangeWriter {

    private final Function<TableName, List<CapturedInstance>> instances;
    private final ChangeTables tables;

    ChangeWriter(Function<TableName, List<CapturedInstance>> instances, ChangeTables tables) {
        this.instances = instances;
        this.tables = tables;
    }

    /// Writes one transaction, without committing.
    void write(LoggedTransaction transaction) throws SQLException {
        List<Change> changes = transaction.changes();
        Place place = new Place(transaction.commitLsn(), transaction.firstSeqval());
        for (int from = 0; from < changes.size(); ) {
            int to = endOfStatement(changes, from);
            writeStatement(changes.subList(from, to), place);
            place.nextStatement();
            from = to;
        }
    }

    private void writeStatement(List<Change> changes, Place place) throws SQLException {
        Map<SourceShape, Integer> updates = new HashMap<>();
        for (Change change : changes) {
            if (change.isUpdate()) {
                updates.merge(change.shape, 1, Integer::sum);
            }
        }
        for (Change change : changes) {
            boolean onlyRow = updates.getOrDefault(change.shape, 0) == 1;
            for (CapturedInstance instance : instances.apply(change.shape.key())) {
                if (instance.startLsn().compareTo(place.commitLsn) <= 0) {
                    writeChange(instance, change, place, onlyRow);
                }
            }
            place.nextChange();
        }
    }

    private void writeChange(CapturedInstance instance, Change change, Place place, boolean onlyRow)
            throws SQLException {
        int[] indexes = instance.indexes(change.shape);
        Value[] before = change.before;
        Value[] after = change.after;
        if (before != null && after != null) {
            if (change.shape.keyDiffers(before, after)) {
                writeKeyUpdate(instance, indexes, before, after, place, onlyRow);
            } else {
                writeUpdate(instance, indexes, before, after, place);
            }
        } else if (before != null) {
            write(instance, place, ChangeRow.whole(ChangeRow.DELETE, instance, indexes, before));
        } else if (after != null) {
            write(instance, place, ChangeRow.whole(ChangeRow.INSERT, instance, indexes, after));
        }
    }

    private void writeUpdate(CapturedInstance instance, int[] indexes, Value[] before, Value[] after, Place place)
            throws SQLException {
        boolean[] changed = ChangeRow.changed(indexes, before, after);
        if (!ChangeRow.any(changed)) {
            return; // The log reader sees no difference either.
        }
        write(instance, place, ChangeRow.image(ChangeRow.BEFORE, instance, indexes, before, changed));
        write(instance, place, ChangeRow.image(ChangeRow.AFTER, instance, indexes, after, changed));
    }

    private void writeKeyUpdate(
            CapturedInstance instance, int[] indexes, Value[] before, Value[] after, Place place, boolean onlyRow)
            throws SQLException {
        write(instance, place, ChangeRow.whole(ChangeRow.DELETE, instance, indexes, before));
        ChangeRow insert = ChangeRow.whole(ChangeRow.INSERT, instance, indexes, after);
        if (onlyRow) {
            write(instance, place, insert);
        } else {
            place.splitStatement = true;
            tables.insert(instance, place.commitLsn, LsnSequence.after(place.seqval), place.command + 1, insert);
        }
    }

    private void write(CapturedInstance instance, Place place, ChangeRow row) throws SQLException {
        tables.insert(instance, place.commitLsn, place.seqval, place.command, row);
    }

    private static int endOfStatement(List<Change> changes, int from) {
        int statement = changes.get(from).statement;
        int to = from + 1;
        while (to < changes.size() && changes.get(to).statement == statement) {
            to++;
        }
        return to;
    }

    /// Where in the transaction we are.
    private static final class Place {
        private final Lsn commitLsn;
        private Lsn seqval;
        private int command = 1;
        private boolean splitStatement;

        Place(Lsn commitLsn, Lsn firstSeqval) {
            this.commitLsn = commitLsn;
            this.seqval = firstSeqval;
        }

        void nextChange() {
            seqval = LsnSequence.after(LsnSequence.after(seqval));
        }

        void nextStatement() {
            command += splitStatement ? 2 : 1;
            splitStatement = false;
        }
    }
}
